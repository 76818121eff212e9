"""The co-sell deal as both sides read it, and every state it has been in; approved registrations have theirs."""

import walls
from alembic import op

revision = "0093"
down_revision = "0092"

OPEN = ("prospect", "qualified", "technical_validation", "business_validation", "committed")
MOVES = (
    *((before, after) for before in OPEN for after in OPEN if after != before),
    ("committed", "closed_won"),
    *((before, "closed_lost") for before in OPEN),
)
BOTH = """partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL"""
# What both sides read of a deal at a time, and what each state of it keeps.
FACTS = (
    *("registration_id", "origin_id", "involvement", "stage", "reason", "value_band", "value_minor", "currency"),
    *("close_on", "act", "happened_at", "version"),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "ALTER TABLE registrations ADD CONSTRAINT uq_registrations_origin UNIQUE (partnership_id, organization_id, id)"
    )
    _deals()
    _versions()
    _kept()
    _legal()
    _backfill()
    _walls()


def _facts(table: str) -> str:
    return f"""registration_id uuid NOT NULL,
            origin_id uuid NOT NULL,
            involvement text NOT NULL CONSTRAINT ck_{table}_involvement
                CHECK (involvement IN ('co_sell', 'visibility_only')),
            stage text NOT NULL CONSTRAINT ck_{table}_stage
                CHECK (stage IN ({", ".join(f"'{one}'" for one in OPEN)}, 'closed_won', 'closed_lost')),
            reason text CONSTRAINT ck_{table}_reason CHECK (
                reason IN ('price', 'competitor', 'no_budget', 'no_decision', 'not_suitable', 'other')),
            value_band text NOT NULL CONSTRAINT ck_{table}_value_band
                CHECK (value_band IN ('under_10k', '10k_50k', '50k_250k', '250k_1m', 'over_1m')),
            value_minor bigint CONSTRAINT ck_{table}_value_minor CHECK (value_minor >= 0),
            currency text NOT NULL CONSTRAINT ck_{table}_currency CHECK (currency ~ '^[A-Z]{{3}}$'),
            close_on date NOT NULL,
            act text NOT NULL CONSTRAINT ck_{table}_act
                CHECK (act IN ('opened', 'moved', 'changed', 'undone', 'passed_on')),
            happened_at timestamptz NOT NULL,
            version bigint NOT NULL CONSTRAINT ck_{table}_version CHECK (version > 0),
            CONSTRAINT ck_{table}_lost CHECK ((stage = 'closed_lost') = (reason IS NOT NULL))"""


def _deals() -> None:
    op.execute(
        f"""
        CREATE TABLE deals (
            id uuid CONSTRAINT pk_deals PRIMARY KEY,
            {BOTH},
            joint_account_id uuid NOT NULL,
            product_line_id uuid,
            opened_at timestamptz NOT NULL,
            {_facts("deals")},
            CONSTRAINT uq_deals_sides UNIQUE (partnership_id, first_organization_id, second_organization_id, id),
            CONSTRAINT uq_deals_partnership_id_id UNIQUE (partnership_id, id),
            CONSTRAINT ck_deals_origin CHECK (origin_id IN (first_organization_id, second_organization_id)),
            CONSTRAINT fk_deals_sides FOREIGN KEY (partnership_id, first_organization_id, second_organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id),
            CONSTRAINT fk_deals_registration FOREIGN KEY (partnership_id, origin_id, registration_id)
                REFERENCES registrations (partnership_id, organization_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_deals_joint_account FOREIGN KEY (partnership_id, joint_account_id)
                REFERENCES joint_accounts (partnership_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_deals_open ON deals (partnership_id, joint_account_id, product_line_id)"
        " NULLS NOT DISTINCT WHERE stage NOT IN ('closed_won', 'closed_lost')"
    )
    op.execute("CREATE INDEX ix_deals_registration_id ON deals (partnership_id, origin_id, registration_id)")
    op.execute("CREATE INDEX ix_deals_joint_account_id ON deals (partnership_id, joint_account_id, opened_at)")
    op.execute("CREATE INDEX ix_deals_stage ON deals (partnership_id, stage, close_on, id)")
    for name in ("first_organization_id", "second_organization_id"):
        for order in ("close_on", "happened_at"):
            op.execute(f"CREATE INDEX ix_deals_{name}_{order} ON deals ({name}, {order}, id)")


def _versions() -> None:
    op.execute(
        f"""
        CREATE TABLE deal_versions (
            deal_id uuid NOT NULL,
            {BOTH},
            acting_id uuid NOT NULL,
            recorded_at timestamptz NOT NULL,
            {_facts("deal_versions")},
            CONSTRAINT pk_deal_versions PRIMARY KEY (deal_id, version),
            CONSTRAINT ck_deal_versions_acting CHECK (acting_id IN (first_organization_id, second_organization_id)),
            CONSTRAINT fk_deal_versions_deal
                FOREIGN KEY (partnership_id, first_organization_id, second_organization_id, deal_id)
                REFERENCES deals (partnership_id, first_organization_id, second_organization_id, id)
                ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_deal_versions_deal_id ON deal_versions"
        " (partnership_id, first_organization_id, second_organization_id, deal_id)"
    )
    op.execute(
        "CREATE TRIGGER recorded_now BEFORE INSERT ON deal_versions FOR EACH ROW EXECUTE FUNCTION recorded_at_now()"
    )


def _kept() -> None:
    """Keep every state of a deal; nobody changes one without that."""
    names = ", ".join(FACTS)
    op.execute(
        f"""
        CREATE FUNCTION deals_keep_version() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            INSERT INTO deal_versions (deal_id, partnership_id, first_organization_id, second_organization_id,
                                       acting_id, {names})
            VALUES (NEW.id, NEW.partnership_id, NEW.first_organization_id, NEW.second_organization_id,
                    coalesce(ctx_org(), NEW.origin_id), {", ".join(f"NEW.{name}" for name in FACTS)});
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keeps_version AFTER INSERT OR UPDATE ON deals FOR EACH ROW"
        " EXECUTE FUNCTION deals_keep_version()"
    )


def _legal() -> None:
    op.execute(
        f"""
        CREATE FUNCTION deals_move_is_legal() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            IF NEW.version <> OLD.version + 1 OR NEW.happened_at < OLD.happened_at THEN
                RAISE EXCEPTION 'each state of a deal follows the one before' USING ERRCODE = 'check_violation';
            END IF;
            IF OLD.stage LIKE 'closed%' OR (NEW.stage <> OLD.stage AND (OLD.stage, NEW.stage) NOT IN (
                {", ".join(str(move) for move in MOVES)})) THEN
                RAISE EXCEPTION 'a deal cannot go from % to %', OLD.stage, NEW.stage USING ERRCODE = 'check_violation';
            END IF;
            IF NEW.act = 'passed_on' THEN
                IF (NEW.stage, NEW.value_band, NEW.value_minor, NEW.currency, NEW.close_on)
                   IS DISTINCT FROM (OLD.stage, OLD.value_band, OLD.value_minor, OLD.currency, OLD.close_on)
                   OR NOT EXISTS (SELECT FROM registrations r WHERE r.id = NEW.registration_id
                                  AND r.other_id = ctx_org() AND r.status = 'approved'
                                  AND r.involvement = NEW.involvement) THEN
                    RAISE EXCEPTION 'a deal passes on with an approved registration, as it stands'
                        USING ERRCODE = 'check_violation';
                END IF;
            ELSIF (NEW.registration_id, NEW.origin_id) <> (OLD.registration_id, OLD.origin_id)
                  OR (ctx_org() <> OLD.origin_id AND (OLD.involvement = 'visibility_only'
                                                      OR NEW.involvement <> OLD.involvement)) THEN
                RAISE EXCEPTION 'this is the side''s that registered the deal' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute("CREATE TRIGGER legal_move BEFORE UPDATE ON deals FOR EACH ROW EXECUTE FUNCTION deals_move_is_legal()")


def _backfill() -> None:
    """Open the deals of what is approved now; the owner sees the rows only while the wall is not forced on it."""
    op.execute("ALTER TABLE registrations NO FORCE ROW LEVEL SECURITY")
    op.execute(
        """
        INSERT INTO deals (id, partnership_id, first_organization_id, second_organization_id, joint_account_id,
            product_line_id, opened_at, registration_id, origin_id, involvement, stage, value_band, value_minor,
            currency, close_on, act, happened_at, version)
        SELECT gen_random_uuid(), partnership_id, least(organization_id, other_id), greatest(organization_id, other_id),
            joint_account_id, product_line_id, approved_at, id, organization_id, involvement, 'prospect', value_band,
            value_minor, currency, close_on, 'opened', approved_at, 1
        FROM registrations WHERE status IN ('approved', 'extended')
        """
    )
    op.execute("ALTER TABLE registrations FORCE ROW LEVEL SECURITY")


def _walls() -> None:
    people = f"{walls.roles().app}, {walls.roles().worker}"
    walls.shared("deals", "first_organization_id", "second_organization_id")
    op.execute(
        f"CREATE POLICY begins ON deals AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (act = 'opened' AND stage = 'prospect' AND version = 1)"
    )
    walls.grant("deals", f"SELECT, INSERT, UPDATE ({', '.join(FACTS)})")
    walls.shared("deal_versions", "first_organization_id", "second_organization_id")
    # Only what happens to a deal adds a state of it.
    op.execute(
        f"CREATE POLICY kept ON deal_versions AS RESTRICTIVE FOR INSERT TO {people} WITH CHECK (pg_trigger_depth() > 0)"
    )
    walls.grant("deal_versions", "SELECT, INSERT")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("deal_versions", "deals"):
        op.execute(f"DROP TABLE {table}")
    for function in ("deals_move_is_legal", "deals_keep_version"):
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("ALTER TABLE registrations DROP CONSTRAINT uq_registrations_origin")
