"""Erase a person from mappings and columns' names of imports, and end imports that failed and wait to be gone on with."""

import erasing
import walls
from alembic import op

revision = "0036"
down_revision = "0035"

BEFORE = erasing.FIRST + erasing.OF_CONTACTS + erasing.OF_OWN_WORDS


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    steps = walls.roles().steps
    erasing.grant(erasing.OF_IMPORTS)
    op.execute(f"CREATE POLICY for_erasure ON import_mappings TO {steps} USING (true) WITH CHECK (true)")
    erasing.define(BEFORE + erasing.OF_IMPORTS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    steps = walls.roles().steps
    erasing.define(BEFORE)
    op.execute("DROP POLICY for_erasure ON import_mappings")
    erasing.revoke(erasing.OF_IMPORTS)
    # What the step reads of imports beside these columns stays.
    op.execute(f"GRANT SELECT (organization_id) ON lead_imports TO {steps}")
