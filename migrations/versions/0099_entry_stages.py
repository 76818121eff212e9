"""A registration says how far its side had come alone, and whether it lost the deal before; the deal begins there."""

import walls
from alembic import op

revision = "0099"
down_revision = "0098"

CLOSED = "'closed_won', 'closed_lost'"
STAGES = f"'prospect', 'qualified', 'technical_validation', 'business_validation', 'committed', {CLOSED}"
ENTRY = "(SELECT r.entry_stage FROM registrations r WHERE r.id = registration_id)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        f"""
        ALTER TABLE registrations
            ADD COLUMN entry_stage text NOT NULL DEFAULT 'prospect'
                CONSTRAINT ck_registrations_entry_stage CHECK (entry_stage IN ({STAGES}))
                CONSTRAINT ck_registrations_entry_open CHECK (entry_stage NOT IN ({CLOSED})),
            ADD COLUMN lost_before boolean NOT NULL DEFAULT false
        """
    )
    for name in ("entry_stage", "lost_before"):
        op.execute(f"ALTER TABLE registrations ALTER COLUMN {name} DROP DEFAULT")
    _begins(ENTRY)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _begins("'prospect'")
    for name in ("entry_stage", "lost_before"):
        op.execute(f"ALTER TABLE registrations DROP COLUMN {name}")


def _begins(stage: str) -> None:
    people = f"{walls.roles().app}, {walls.roles().worker}"
    op.execute("DROP POLICY begins ON deals")
    op.execute(
        f"CREATE POLICY begins ON deals AS RESTRICTIVE FOR INSERT TO {people}"
        f" WITH CHECK (act = 'opened' AND stage = {stage} AND version = 1)"
    )
