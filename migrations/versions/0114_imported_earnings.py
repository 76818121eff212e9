"""Earnings that were computed elsewhere, each under its own key: what a key comes to, revision by revision."""

import walls
from alembic import op

revision = "0114"
down_revision = "0113"

BEFORE = "'accrual', 'clawback', 'release', 'pay_out', 'correction', 'fee'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds(f"{BEFORE}, 'import'")
    op.execute(
        """
        CREATE TABLE imported_earnings (
            organization_id uuid NOT NULL CONSTRAINT fk_imported_earnings_organization_id REFERENCES organizations,
            connector text NOT NULL CONSTRAINT ck_imported_earnings_connector CHECK (length(connector) BETWEEN 1 AND 60),
            external_id text NOT NULL
                CONSTRAINT ck_imported_earnings_external_id CHECK (length(external_id) BETWEEN 1 AND 100),
            revision bigint NOT NULL CONSTRAINT ck_imported_earnings_revision CHECK (revision >= 1),
            user_id uuid NOT NULL,
            minor bigint NOT NULL,
            currency text NOT NULL CONSTRAINT ck_imported_earnings_currency CHECK (currency ~ '^[A-Z]{3}$'),
            earned_on date NOT NULL,
            journal_id uuid NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT pk_imported_earnings PRIMARY KEY (organization_id, connector, external_id, revision),
            CONSTRAINT fk_imported_earnings_user FOREIGN KEY (organization_id, user_id)
                REFERENCES users (organization_id, id),
            CONSTRAINT fk_imported_earnings_journal FOREIGN KEY (organization_id, journal_id)
                REFERENCES journals (organization_id, id)
        )
        """
    )
    for name in ("user_id", "journal_id"):
        op.execute(f"CREATE INDEX ix_imported_earnings_{name} ON imported_earnings (organization_id, {name})")
    op.execute(
        "CREATE TRIGGER recorded_now BEFORE INSERT ON imported_earnings FOR EACH ROW EXECUTE FUNCTION recorded_at_now()"
    )
    walls.owned("imported_earnings")
    walls.append_only("imported_earnings")
    walls.grant("imported_earnings", "SELECT, INSERT")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE imported_earnings")
    _kinds(BEFORE)


def _kinds(known: str) -> None:
    op.execute("ALTER TABLE journals DROP CONSTRAINT ck_journals_kind")
    op.execute(f"ALTER TABLE journals ADD CONSTRAINT ck_journals_kind CHECK (kind IN ({known}))")
