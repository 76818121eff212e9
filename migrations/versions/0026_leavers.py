"""Accounts close for good; what a leaver holds across the wall passes to a successor of the same side."""

import walls
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE users ADD COLUMN closed_at timestamptz")
    op.execute("ALTER TABLE users ADD CONSTRAINT ck_users_closed CHECK (closed_at IS NULL OR disabled_at IS NOT NULL)")
    steps = walls.roles().steps
    op.execute(f"GRANT UPDATE (giver_member_id, receiver_member_id, version) ON offers TO {steps}")
    op.execute(
        """
        CREATE FUNCTION step_hand_over_offer(which uuid, leaver uuid, successor uuid) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE offers o SET
                giver_member_id = CASE WHEN o.giver_id = ctx_org() THEN successor ELSE o.giver_member_id END,
                receiver_member_id = CASE WHEN o.giver_id = ctx_org() THEN o.receiver_member_id ELSE successor END,
                version = o.version + 1
            WHERE o.id = which AND ctx_org() IN (o.giver_id, o.receiver_id)
              AND EXISTS (
                SELECT 1 FROM partnership_members m
                WHERE m.organization_id = ctx_org() AND m.user_id = leaver
                  AND m.id = CASE WHEN o.giver_id = ctx_org() THEN o.giver_member_id ELSE o.receiver_member_id END
              )
              AND EXISTS (
                SELECT 1 FROM partnership_members m
                WHERE m.organization_id = ctx_org() AND m.id = successor AND m.partnership_id = o.partnership_id
                  AND m.left_at IS NULL
              );
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION step_hand_over_proposals(leaver uuid, successor uuid) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE received_proposals r SET proposed_by_name = u.name
            FROM proposals p, users u
            WHERE r.proposal_id = p.id AND p.organization_id = ctx_org() AND p.proposed_by = leaver
              AND p.status = 'sent' AND u.organization_id = ctx_org() AND u.id = successor;
            UPDATE proposals SET proposed_by = successor
            WHERE organization_id = ctx_org() AND proposed_by = leaver AND status = 'sent';
        END $$
        """
    )
    walls.definer(steps, "step_hand_over_offer(uuid, uuid, uuid)")
    walls.definer(steps, "step_hand_over_proposals(uuid, uuid)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_hand_over_proposals(uuid, uuid)")
    op.execute("DROP FUNCTION step_hand_over_offer(uuid, uuid, uuid)")
    op.execute(f"REVOKE UPDATE (giver_member_id, receiver_member_id) ON offers FROM {walls.roles().steps}")
    op.execute("ALTER TABLE users DROP CONSTRAINT ck_users_closed")
    op.execute("ALTER TABLE users DROP COLUMN closed_at")
