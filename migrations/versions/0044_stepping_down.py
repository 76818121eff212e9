"""A member of one's own side may come to do something else in a partnership: who manages it no more stays in it."""

import walls
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    walls.grant("partnership_members", "UPDATE (role)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"REVOKE UPDATE (role) ON partnership_members FROM {walls.roles().app}, {walls.roles().worker}")
