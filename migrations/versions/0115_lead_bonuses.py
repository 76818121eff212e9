"""The bonus of each lead that was given and qualified: decided once, whatever it comes to."""

import walls
from alembic import op

revision = "0115"
down_revision = "0114"

BEFORE = "'accrual', 'clawback', 'release', 'pay_out', 'correction', 'fee', 'import'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds(f"{BEFORE}, 'bonus'")
    op.execute(
        """
        CREATE TABLE lead_bonuses (
            organization_id uuid NOT NULL CONSTRAINT fk_lead_bonuses_organization_id REFERENCES organizations,
            offer_id uuid NOT NULL,
            user_id uuid NOT NULL,
            plan_id uuid NOT NULL,
            plan_version bigint NOT NULL,
            quota_from date NOT NULL,
            qualified_on date NOT NULL,
            minor bigint NOT NULL CONSTRAINT ck_lead_bonuses_minor CHECK (minor >= 0),
            currency text NOT NULL CONSTRAINT ck_lead_bonuses_currency CHECK (currency ~ '^[A-Z]{3}$'),
            journal_id uuid,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT pk_lead_bonuses PRIMARY KEY (organization_id, offer_id),
            CONSTRAINT ck_lead_bonuses_posted CHECK ((minor > 0) = (journal_id IS NOT NULL)),
            CONSTRAINT fk_lead_bonuses_user FOREIGN KEY (organization_id, user_id)
                REFERENCES users (organization_id, id),
            CONSTRAINT fk_lead_bonuses_journal FOREIGN KEY (organization_id, journal_id)
                REFERENCES journals (organization_id, id),
            CONSTRAINT fk_lead_bonuses_plan FOREIGN KEY (organization_id, plan_id, plan_version)
                REFERENCES compensation_versions (organization_id, plan_id, version)
        )
        """
    )
    op.execute("CREATE INDEX ix_lead_bonuses_user_id ON lead_bonuses (organization_id, user_id, plan_id, quota_from)")
    op.execute("CREATE INDEX ix_lead_bonuses_journal_id ON lead_bonuses (organization_id, journal_id)")
    op.execute("CREATE INDEX ix_lead_bonuses_plan ON lead_bonuses (organization_id, plan_id, plan_version)")
    op.execute(
        "CREATE TRIGGER recorded_now BEFORE INSERT ON lead_bonuses FOR EACH ROW EXECUTE FUNCTION recorded_at_now()"
    )
    walls.owned("lead_bonuses")
    walls.append_only("lead_bonuses")
    walls.grant("lead_bonuses", "SELECT, INSERT")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE lead_bonuses")
    _kinds(BEFORE)


def _kinds(known: str) -> None:
    op.execute("ALTER TABLE journals DROP CONSTRAINT ck_journals_kind")
    op.execute(f"ALTER TABLE journals ADD CONSTRAINT ck_journals_kind CHECK (kind IN ({known}))")
