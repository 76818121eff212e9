"""Leads (owned), offers with their copied details and append-only steps (shared), reveal and end across the wall."""

import walls
from alembic import op

revision = "0006"
down_revision = "0005"

STATUSES = (
    "'offered', 'accepted', 'declined', 'withdrawn', 'expired', 'qualified', 'disqualified', 'converted', 'won', 'lost'"
)
SIZES = "'1-9', '10-49', '50-249', '250-999', '1000+'"
BANDS = "'under_10k', '10k_50k', '50k_250k', '250k_1m', 'over_1m'"
REASONED = "'declined', 'disqualified', 'lost'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _leads()
    _offers()
    _steps()
    _walls()
    _legal_steps()
    _across()


def _leads() -> None:
    op.execute(
        f"""
        CREATE TABLE leads (
            id uuid CONSTRAINT pk_leads PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_leads_organization_id REFERENCES organizations,
            owner_id uuid NOT NULL,
            connector text CONSTRAINT ck_leads_connector CHECK (length(connector) BETWEEN 1 AND 60),
            external_id text CONSTRAINT ck_leads_external_id CHECK (length(external_id) BETWEEN 1 AND 200),
            company_name text NOT NULL CONSTRAINT ck_leads_company CHECK (length(company_name) BETWEEN 1 AND 200),
            company_domain text,
            country text CONSTRAINT ck_leads_country CHECK (country ~ '^[A-Z]{{2}}$'),
            industry text,
            size_band text CONSTRAINT ck_leads_size_band CHECK (size_band IN ({SIZES})),
            need text NOT NULL CONSTRAINT ck_leads_need CHECK (length(need) BETWEEN 1 AND 200),
            contact_name text,
            contact_role text,
            contact_email text,
            contact_basis text CONSTRAINT ck_leads_contact_basis
                CHECK (contact_basis IN ('consent', 'contract', 'legitimate_interest')),
            value_minor bigint CONSTRAINT ck_leads_value CHECK (value_minor >= 0),
            currency text CONSTRAINT ck_leads_currency CHECK (currency ~ '^[A-Z]{{3}}$'),
            notes text NOT NULL DEFAULT '',
            version bigint NOT NULL DEFAULT 1,
            created_at timestamptz NOT NULL,
            CONSTRAINT uq_leads_organization_id_id UNIQUE (organization_id, id),
            CONSTRAINT uq_leads_organization_id_connector_external_id
                UNIQUE (organization_id, connector, external_id),
            CONSTRAINT fk_leads_organization_id_owner_id
                FOREIGN KEY (organization_id, owner_id) REFERENCES users (organization_id, id),
            CONSTRAINT ck_leads_external CHECK ((connector IS NULL) = (external_id IS NULL)),
            CONSTRAINT ck_leads_money CHECK ((value_minor IS NULL) = (currency IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX ix_leads_organization_id_created_at ON leads (organization_id, created_at, id)")
    op.execute("CREATE INDEX ix_leads_organization_id_owner_id ON leads (organization_id, owner_id, created_at, id)")


def _offers() -> None:
    op.execute(
        f"""
        CREATE TABLE offers (
            id uuid CONSTRAINT pk_offers PRIMARY KEY,
            partnership_id uuid NOT NULL,
            giver_id uuid NOT NULL,
            receiver_id uuid NOT NULL,
            giver_member_id uuid NOT NULL,
            receiver_member_id uuid,
            status text NOT NULL CONSTRAINT ck_offers_status CHECK (status IN ({STATUSES})),
            reason text,
            note text,
            company_name text,
            country text,
            industry text,
            size_band text CONSTRAINT ck_offers_size_band CHECK (size_band IN ({SIZES})),
            need text NOT NULL,
            contact_role text,
            value_band text CONSTRAINT ck_offers_value_band CHECK (value_band IN ({BANDS})),
            value_currency text,
            offered_at timestamptz NOT NULL,
            respond_by timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            answered_at timestamptz,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT uq_offers_giver_id_id UNIQUE (giver_id, id),
            CONSTRAINT uq_offers_whole UNIQUE (partnership_id, giver_id, receiver_id, id),
            CONSTRAINT fk_offers_sides FOREIGN KEY (partnership_id, giver_id, receiver_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id),
            CONSTRAINT fk_offers_giver_member FOREIGN KEY (giver_id, giver_member_id)
                REFERENCES partnership_members (organization_id, id),
            CONSTRAINT fk_offers_receiver_member FOREIGN KEY (receiver_id, receiver_member_id)
                REFERENCES partnership_members (organization_id, id),
            CONSTRAINT ck_offers_reason CHECK ((status IN ({REASONED})) = (reason IS NOT NULL)),
            CONSTRAINT ck_offers_times CHECK (respond_by > offered_at AND expires_at > offered_at)
        )
        """
    )
    for leading in ("partnership_id", "giver_id", "receiver_id"):
        op.execute(f"CREATE INDEX ix_offers_{leading}_offered_at ON offers ({leading}, offered_at, id)")
    op.execute("CREATE INDEX ix_offers_receiver_id_status ON offers (receiver_id, status, respond_by, id)")
    op.execute(
        """
        CREATE TABLE offer_details (
            offer_id uuid CONSTRAINT pk_offer_details PRIMARY KEY,
            partnership_id uuid NOT NULL,
            giver_id uuid NOT NULL,
            receiver_id uuid NOT NULL,
            company_name text NOT NULL,
            company_domain text,
            company_key text NOT NULL,
            contact_name text,
            contact_email text,
            value_minor bigint,
            currency text,
            message text NOT NULL,
            revealed_at timestamptz,
            CONSTRAINT fk_offer_details_offer FOREIGN KEY (partnership_id, giver_id, receiver_id, offer_id)
                REFERENCES offers (partnership_id, giver_id, receiver_id, id),
            CONSTRAINT ck_offer_details_money CHECK ((value_minor IS NULL) = (currency IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX ix_offer_details_company_key ON offer_details (partnership_id, company_key)")
    op.execute(
        """
        CREATE TABLE offered_leads (
            offer_id uuid CONSTRAINT pk_offered_leads PRIMARY KEY,
            organization_id uuid NOT NULL,
            lead_id uuid NOT NULL,
            is_current boolean NOT NULL,
            CONSTRAINT fk_offered_leads_organization_id_lead_id
                FOREIGN KEY (organization_id, lead_id) REFERENCES leads (organization_id, id),
            CONSTRAINT fk_offered_leads_organization_id_offer_id
                FOREIGN KEY (organization_id, offer_id) REFERENCES offers (giver_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_offered_leads_organization_id_lead_id ON offered_leads (organization_id, lead_id)")
    op.execute(
        "CREATE UNIQUE INDEX uq_offered_leads_current ON offered_leads (organization_id, lead_id) WHERE is_current"
    )


def _steps() -> None:
    op.execute(
        f"""
        CREATE TABLE lead_steps (
            id uuid CONSTRAINT pk_lead_steps PRIMARY KEY,
            partnership_id uuid NOT NULL,
            giver_id uuid NOT NULL,
            receiver_id uuid NOT NULL,
            offer_id uuid NOT NULL,
            step text NOT NULL CONSTRAINT ck_lead_steps_step CHECK (step IN ({STATUSES})),
            reason text,
            value_minor bigint CONSTRAINT ck_lead_steps_value CHECK (value_minor >= 0),
            currency text,
            value_band text CONSTRAINT ck_lead_steps_value_band CHECK (value_band IN ({BANDS})),
            happened_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT uq_lead_steps_offer_id_step UNIQUE (offer_id, step),
            CONSTRAINT fk_lead_steps_offer FOREIGN KEY (partnership_id, giver_id, receiver_id, offer_id)
                REFERENCES offers (partnership_id, giver_id, receiver_id, id),
            CONSTRAINT ck_lead_steps_reason CHECK ((step IN ({REASONED})) = (reason IS NOT NULL)),
            CONSTRAINT ck_lead_steps_money CHECK (
                value_minor IS NULL OR (currency IS NOT NULL AND step = 'won')
            ),
            CONSTRAINT ck_lead_steps_won CHECK ((step = 'won') = (value_band IS NOT NULL))
        )
        """
    )
    op.execute("CREATE INDEX ix_lead_steps_partnership_id ON lead_steps (partnership_id, happened_at)")
    walls.append_only("lead_steps")


def _walls() -> None:
    walls.owned("leads")
    walls.owned("offered_leads")
    walls.shared("offers", "giver_id", "receiver_id")
    walls.shared("lead_steps", "giver_id", "receiver_id")
    walls.wall(
        "offer_details",
        "giver_id = (SELECT ctx_org()) OR (receiver_id = (SELECT ctx_org()) AND revealed_at IS NOT NULL)",
    )
    walls.only_writer("offer_details", "giver_id")
    people = f"{walls.roles().app}, {walls.roles().worker}"
    op.execute(
        f"CREATE POLICY giver_adds ON offers AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (giver_id = (SELECT ctx_org()) AND status = 'offered')"
    )
    walls.grant("leads", "SELECT, INSERT, UPDATE, DELETE")
    walls.grant("offered_leads", "SELECT, INSERT, UPDATE (is_current)")
    walls.grant("offers", "SELECT, INSERT, UPDATE (status, reason, note, receiver_member_id, answered_at, version)")
    walls.grant("offer_details", "SELECT, INSERT")
    walls.grant("lead_steps", "SELECT, INSERT")


def _legal_steps() -> None:
    op.execute(
        """
        CREATE FUNCTION offers_step_is_legal() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        DECLARE
            side text := CASE ctx_org() WHEN OLD.giver_id THEN 'giver' WHEN OLD.receiver_id THEN 'receiver' END;
        BEGIN
            IF NEW.status <> OLD.status AND (OLD.status, NEW.status, side) NOT IN (
                ('offered', 'accepted', 'receiver'), ('offered', 'declined', 'receiver'),
                ('offered', 'withdrawn', 'giver'), ('offered', 'expired', 'giver'),
                ('accepted', 'qualified', 'receiver'), ('accepted', 'disqualified', 'receiver'),
                ('qualified', 'converted', 'receiver'),
                ('converted', 'won', 'receiver'), ('converted', 'lost', 'receiver')
            ) THEN
                RAISE EXCEPTION 'an offer cannot go from % to % by its %', OLD.status, NEW.status, side
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER legal_step BEFORE UPDATE OF status ON offers FOR EACH ROW"
        " EXECUTE FUNCTION offers_step_is_legal()"
    )


def _across() -> None:
    steps = walls.roles().steps
    walls.grant_to(steps, "offers", "SELECT")
    walls.grant_to(steps, "offer_details", "SELECT, UPDATE, DELETE")
    op.execute(f"GRANT UPDATE ON partnership_members TO {steps}")
    op.execute(
        """
        CREATE FUNCTION step_reveal_offer(which uuid, happened timestamptz) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            UPDATE offer_details d SET revealed_at = happened
            FROM offers o
            WHERE d.offer_id = which AND o.id = which AND o.receiver_id = ctx_org()
              AND o.status = 'accepted' AND d.revealed_at IS NULL
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION step_end_partnership(which uuid, happened timestamptz) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE partnerships SET status = 'ended', ended_at = happened, version = version + 1
            WHERE id = which AND status <> 'ended' AND ctx_org() IN (proposer_id, addressee_id);
            IF FOUND THEN
                DELETE FROM offer_details WHERE partnership_id = which;
                UPDATE partnership_members SET left_at = happened WHERE partnership_id = which AND left_at IS NULL;
            END IF;
        END $$
        """
    )
    walls.definer(steps, "step_reveal_offer(uuid, timestamptz)")
    walls.definer(steps, "step_end_partnership(uuid, timestamptz)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_end_partnership(uuid, timestamptz)")
    op.execute("DROP FUNCTION step_reveal_offer(uuid, timestamptz)")
    op.execute(f"REVOKE UPDATE ON partnership_members FROM {walls.roles().steps}")
    for table in ("lead_steps", "offered_leads", "offer_details", "offers", "leads"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION offers_step_is_legal()")
