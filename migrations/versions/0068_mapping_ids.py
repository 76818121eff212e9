"""The step that erases a person reads which mappings stored answers are about."""

import walls
from alembic import op

revision = "0068"
down_revision = "0067"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"GRANT SELECT (id) ON mappings TO {walls.roles().steps}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"REVOKE SELECT (id) ON mappings FROM {walls.roles().steps}")
