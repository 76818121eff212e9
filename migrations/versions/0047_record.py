"""What the record of an exchange needs: what a giver expected of an accepted lead, and an offer's product line."""

from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _told(
        "value_minor IS NULL OR (currency IS NOT NULL AND step IN ('accepted', 'won'))",
        "CASE step WHEN 'accepted' THEN (value_band IS NULL) = (currency IS NULL)"
        " ELSE (step = 'won') = (value_band IS NOT NULL) END",
    )
    op.execute("ALTER TABLE offers ADD COLUMN product_line_id uuid")


def _told(money: str, band: str) -> None:
    """Let a value stand on these steps: as an amount, or as its band alone."""
    for name, check in (("money", money), ("won", band)):
        op.execute(f"ALTER TABLE lead_steps DROP CONSTRAINT ck_lead_steps_{name}")
        op.execute(f"ALTER TABLE lead_steps ADD CONSTRAINT ck_lead_steps_{name} CHECK ({check})")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE offers DROP COLUMN product_line_id")
    op.execute("ALTER TABLE lead_steps DISABLE TRIGGER append_only")
    op.execute("ALTER TABLE lead_steps NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE lead_steps SET value_minor = NULL, currency = NULL, value_band = NULL WHERE step = 'accepted'")
    op.execute("ALTER TABLE lead_steps FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE lead_steps ENABLE TRIGGER append_only")
    _told(
        "value_minor IS NULL OR (currency IS NOT NULL AND step = 'won')",
        "(step = 'won') = (value_band IS NOT NULL)",
    )
