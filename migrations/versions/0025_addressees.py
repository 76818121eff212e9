"""Whom a proposal reached, for the worker alone: so that they can be told, and the proposer learns nothing."""

import walls
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE FUNCTION step_proposal_addressee(which uuid) RETURNS TABLE (organization_id uuid, received_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT r.organization_id, r.id FROM received_proposals r
            WHERE r.proposal_id = which AND r.proposer_id = ctx_org() AND r.organization_id IS NOT NULL
        $$
        """
    )
    walls.definer(walls.roles().steps, "step_proposal_addressee(uuid)")
    op.execute(f"REVOKE EXECUTE ON FUNCTION step_proposal_addressee(uuid) FROM {walls.roles().app}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_proposal_addressee(uuid)")
