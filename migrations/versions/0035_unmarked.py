"""What a side said of an exit criterion can be taken back by that side; the record keeps that it was said."""

import walls
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    walls.grant("criterion_marks", "DELETE")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"REVOKE DELETE ON criterion_marks FROM {walls.roles().app}, {walls.roles().worker}")
