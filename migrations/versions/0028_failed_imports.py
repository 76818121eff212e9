"""Imports whose tries are used up: a state that says so, from which they are gone on with or cancelled."""

from alembic import op

revision = "0028"
down_revision = "0027"

STATES = "'ready', 'checking', 'checked', 'applying', 'applied', 'cancelled', 'undoing', 'undone'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _allow(f"{STATES}, 'failed'")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE lead_imports NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE lead_imports SET state = 'ready' WHERE state = 'failed'")
    op.execute("ALTER TABLE lead_imports FORCE ROW LEVEL SECURITY")
    _allow(STATES)


def _allow(states: str) -> None:
    op.execute("ALTER TABLE lead_imports DROP CONSTRAINT ck_lead_imports_state")
    op.execute(f"ALTER TABLE lead_imports ADD CONSTRAINT ck_lead_imports_state CHECK (state IN ({states}))")
