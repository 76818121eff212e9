"""Deals of a partnership at a stage by when they came to stand so, as they are by when they close."""

from alembic import op

revision = "0113"
down_revision = "0112"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE INDEX ix_deals_stage_happened_at ON deals (partnership_id, stage, happened_at, id)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP INDEX ix_deals_stage_happened_at")
