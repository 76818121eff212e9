"""When a deal from a lead is expected to close: the giver's own, and what imports bring in of it."""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE leads ADD COLUMN expected_close_on date")
    op.execute("ALTER TABLE lead_import_rows ADD COLUMN expected_close_on date")
    # The order of the list: what has no day comes last.
    op.execute(
        "CREATE INDEX ix_leads_organization_id_expected_close_on ON leads"
        " (organization_id, coalesce(expected_close_on, date '9999-12-31'), id)"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP INDEX ix_leads_organization_id_expected_close_on")
    op.execute("ALTER TABLE lead_import_rows DROP COLUMN expected_close_on")
    op.execute("ALTER TABLE leads DROP COLUMN expected_close_on")
