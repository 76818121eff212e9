"""How two sides share a deal: proposed by one, agreed by both, by version; nobody changes a version."""

import walls
from alembic import op

revision = "0102"
down_revision = "0101"

# What is shared, in millionths; of the fees a rate and who pays it to the other.
SHARED = {
    "origin_id": "uuid NOT NULL CHECK (origin_id IN {sides})",
    "role": "text NOT NULL CHECK (role IN ('referral', 'co_sell', 'technical', 'delivery', 'resale'))",
    "stage": (
        "text NOT NULL CHECK (stage IN"
        " ('prospect', 'qualified', 'technical_validation', 'business_validation', 'committed'))"
    ),
    "template_id": "uuid",
    "first_split": "bigint NOT NULL CHECK (first_split BETWEEN 0 AND 1000000)",
    "second_split": "bigint NOT NULL CHECK (first_split + second_split = 1000000)",
    "first_overlay": "bigint NOT NULL CHECK (first_overlay BETWEEN 0 AND 1000000)",
    "second_overlay": "bigint NOT NULL CHECK (second_overlay BETWEEN 0 AND 1000000)",
    "referral_fee": "bigint CHECK (referral_fee BETWEEN 1 AND 1000000)",
    "referral_payer_id": "uuid CHECK ((referral_payer_id IS NULL) = (referral_fee IS NULL))",
    "revenue_share": "bigint CHECK (revenue_share BETWEEN 1 AND 1000000)",
    "revenue_payer_id": "uuid CHECK ((revenue_payer_id IS NULL) = (revenue_share IS NULL))",
}
BOTH = """partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL,
            deal_id uuid NOT NULL"""
OF_DEAL = """FOREIGN KEY (partnership_id, first_organization_id, second_organization_id, deal_id)
                REFERENCES deals (partnership_id, first_organization_id, second_organization_id, id)
                ON DELETE CASCADE"""
PAYERS = "referral_payer_id IN {0} AND revenue_payer_id IN {0}"
SIDES = "(first_organization_id, second_organization_id)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _proposals()
    _agreements()
    _agree()


def _columns(table: str) -> str:
    named = {
        name: kind.format(sides=SIDES).replace("CHECK", f"CONSTRAINT ck_{table}_{name} CHECK")
        for name, kind in SHARED.items()
    }
    return ", ".join(f"{name} {kind}" for name, kind in named.items())


def _proposals() -> None:
    op.execute(
        f"""
        CREATE TABLE split_proposals (
            id uuid CONSTRAINT pk_split_proposals PRIMARY KEY,
            {BOTH},
            organization_id uuid NOT NULL,
            other_id uuid NOT NULL,
            based_on bigint NOT NULL CONSTRAINT ck_split_proposals_based_on CHECK (based_on >= 0),
            effective_on date,
            {_columns("split_proposals")},
            status text NOT NULL
                CONSTRAINT ck_split_proposals_status CHECK (status IN ('open', 'accepted', 'declined', 'withdrawn')),
            agreed_version bigint,
            proposed_at timestamptz NOT NULL,
            answered_at timestamptz,
            CONSTRAINT uq_split_proposals_deal UNIQUE (partnership_id, deal_id, id),
            CONSTRAINT ck_split_proposals_sides CHECK (
                least(organization_id, other_id) = first_organization_id
                AND greatest(organization_id, other_id) = second_organization_id),
            CONSTRAINT ck_split_proposals_payers CHECK ({PAYERS.format(SIDES)}),
            CONSTRAINT ck_split_proposals_agreed CHECK ((status = 'accepted') = (agreed_version IS NOT NULL)),
            CONSTRAINT ck_split_proposals_answered CHECK ((status = 'open') = (answered_at IS NULL)),
            CONSTRAINT fk_split_proposals_deal {OF_DEAL}
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_split_proposals_open ON split_proposals (partnership_id, deal_id) WHERE status = 'open'"
    )
    op.execute(
        "CREATE INDEX ix_split_proposals_deal_id ON split_proposals"
        " (partnership_id, first_organization_id, second_organization_id, deal_id)"
    )
    for name in ("first_organization_id", "second_organization_id"):
        op.execute(f"CREATE INDEX ix_split_proposals_{name} ON split_proposals ({name}, proposed_at, id)")
    people = f"{walls.roles().app}, {walls.roles().worker}"
    walls.shared("split_proposals", "first_organization_id", "second_organization_id")
    op.execute(
        f"CREATE POLICY own_adds ON split_proposals AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (organization_id = (SELECT ctx_org()) AND status = 'open')"
    )
    walls.grant("split_proposals", "SELECT, INSERT, UPDATE (status, answered_at)")
    walls.grant_to(walls.roles().steps, "split_proposals", "SELECT, UPDATE")
    op.execute(
        """
        CREATE FUNCTION split_is_answered() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            IF OLD.status <> 'open' OR ctx_org() IS DISTINCT FROM (
                CASE NEW.status WHEN 'withdrawn' THEN NEW.organization_id
                                WHEN 'open' THEN NULL ELSE NEW.other_id END
            ) THEN
                RAISE EXCEPTION 'how one side would share a deal the other answers, once'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER mutual BEFORE UPDATE ON split_proposals FOR EACH ROW EXECUTE FUNCTION split_is_answered()"
    )


def _agreements() -> None:
    op.execute(
        f"""
        CREATE TABLE split_agreements (
            version bigint NOT NULL CONSTRAINT ck_split_agreements_version CHECK (version >= 1),
            {BOTH},
            proposal_id uuid NOT NULL,
            effective_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            {_columns("split_agreements")},
            CONSTRAINT pk_split_agreements PRIMARY KEY (deal_id, version),
            CONSTRAINT ck_split_agreements_payers CHECK ({PAYERS.format(SIDES)}),
            CONSTRAINT fk_split_agreements_deal {OF_DEAL},
            CONSTRAINT fk_split_agreements_proposal FOREIGN KEY (partnership_id, deal_id, proposal_id)
                REFERENCES split_proposals (partnership_id, deal_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_split_agreements_deal_id ON split_agreements"
        " (partnership_id, first_organization_id, second_organization_id, deal_id)"
    )
    op.execute(
        "CREATE INDEX ix_split_agreements_proposal_id ON split_agreements (partnership_id, deal_id, proposal_id)"
    )
    op.execute(
        "CREATE TRIGGER recorded_now BEFORE INSERT ON split_agreements FOR EACH ROW EXECUTE FUNCTION recorded_at_now()"
    )
    walls.shared("split_agreements", "first_organization_id", "second_organization_id")
    # What both agreed is written by the step by which both have, and changed by nobody.
    walls.grant("split_agreements", "SELECT")
    walls.grant_to(walls.roles().steps, "split_agreements", "SELECT, INSERT")


def _agree() -> None:
    names = ", ".join(SHARED)
    op.execute(
        f"""
        CREATE FUNCTION step_agree_split(which uuid, happened timestamptz) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            agreed split_proposals;
        BEGIN
            UPDATE split_proposals c SET status = 'accepted', answered_at = happened, agreed_version = c.based_on + 1
            FROM partnerships p
            WHERE c.id = which AND c.other_id = ctx_org() AND c.status = 'open'
              AND p.id = c.partnership_id AND p.status <> 'ended'
            RETURNING c.* INTO agreed;
            IF NOT FOUND THEN
                RETURN NULL;
            END IF;
            INSERT INTO split_agreements (
                deal_id, version, partnership_id, first_organization_id, second_organization_id, proposal_id,
                effective_at, {names}
            )
            SELECT c.deal_id, c.agreed_version, c.partnership_id, c.first_organization_id, c.second_organization_id,
                   c.id, greatest(happened, c.effective_on::timestamp AT TIME ZONE 'UTC'), {names}
            FROM split_proposals c WHERE c.id = agreed.id;
            RETURN agreed.agreed_version;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_agree_split(uuid, timestamptz)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_agree_split(uuid, timestamptz)")
    for table in ("split_agreements", "split_proposals"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION split_is_answered()")
