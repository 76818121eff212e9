"""Erase one's own words in shared rows, words about a lead that went back, and answers kept of shared things."""

import erasing
import walls
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    steps = walls.roles().steps
    op.execute(f"GRANT SELECT (organization_id, lead_id, offer_id) ON offered_leads TO {steps}")
    op.execute(f"GRANT SELECT (id) ON leads TO {steps}")
    op.execute(f"CREATE POLICY for_erasure ON offered_leads TO {steps} USING (true) WITH CHECK (true)")
    erasing.define(erasing.FIRST + erasing.OF_CONTACTS + erasing.OF_OWN_WORDS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    steps = walls.roles().steps
    erasing.define(erasing.FIRST + erasing.OF_CONTACTS)
    op.execute("DROP POLICY for_erasure ON offered_leads")
    op.execute(f"REVOKE SELECT (id) ON leads FROM {steps}")
    op.execute(f"REVOKE SELECT (organization_id, lead_id, offer_id) ON offered_leads FROM {steps}")
