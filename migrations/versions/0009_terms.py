"""The whole of what partners agree, by version: kind, times, trust advance, measure, goals, tiers, lines, regions."""

import walls
from alembic import op

revision = "0009"
down_revision = "0008"

COLUMNS = {
    "kind": "text CHECK (kind IN ('referral', 'co_sell', 'resell', 'technology', 'services', 'strategic'))",
    "follow_up_hours": "bigint NOT NULL DEFAULT 336 CHECK (follow_up_hours BETWEEN 1 AND 2160)",
    "snooze_days": "bigint NOT NULL DEFAULT 14 CHECK (snooze_days BETWEEN 0 AND 90)",
    "trust_advance": "bigint CHECK (trust_advance BETWEEN 1 AND 1000)",
    "measure": "text NOT NULL DEFAULT 'accepted' CHECK (measure IN ('offered', 'accepted', 'qualified', 'won'))",
    "window_months": "bigint CHECK (window_months BETWEEN 1 AND 60)",
    "moderator_email": "text CHECK (moderator_email = lower(moderator_email))",
    "tiers": "jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(tiers) = 'object')",
    "goals": "jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(goals) = 'array')",
    "criteria": "jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(criteria) = 'array')",
    "product_lines": "jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(product_lines) = 'array')",
    "regions": "text[] NOT NULL DEFAULT '{}'",
    "recorded_at": "timestamptz NOT NULL DEFAULT clock_timestamp()",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, kind in COLUMNS.items():
        named = kind.replace("CHECK", f"CONSTRAINT ck_partnership_terms_{name} CHECK")
        op.execute(f"ALTER TABLE partnership_terms ADD COLUMN {name} {named}")
    op.execute(
        "CREATE TRIGGER recorded_now BEFORE INSERT ON partnership_terms FOR EACH ROW EXECUTE FUNCTION recorded_now()"
    )
    walls.append_only("partnership_terms")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER append_only ON partnership_terms")
    op.execute("DROP TRIGGER recorded_now ON partnership_terms")
    dropped = ", ".join(f"DROP COLUMN {name}" for name in COLUMNS)
    op.execute(f"ALTER TABLE partnership_terms {dropped}")
