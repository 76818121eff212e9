"""Whether what one side's books say of a fee is what the other's say of it, told to both sides alike."""

import walls
from alembic import op

revision = "0110"
down_revision = "0109"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("entries", "accrual_states"):
        walls.grant_to(walls.roles().steps, table, "SELECT")
    # Only of events that both sides' books follow alike by now; a job of either may be a moment behind.
    op.execute(
        """
        CREATE FUNCTION step_unmirrored(which uuid)
        RETURNS TABLE (deal_id uuid, revenue_id uuid, portion text, currency text, minor bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT e.deal_id, e.revenue_id, e.portion, e.currency, sum(e.minor)::bigint
            FROM partnership_sides own JOIN entries e ON e.partnership_id = own.partnership_id AND e.account = 'partner'
            WHERE own.partnership_id = which AND own.organization_id = ctx_org()
              AND EXISTS (
                  SELECT FROM accrual_states one JOIN accrual_states other
                    ON other.partnership_id = one.partnership_id AND other.deal_id = one.deal_id
                   AND other.revenue_id = one.revenue_id AND other.organization_id = own.other_id
                   AND other.agreement_version = one.agreement_version AND other.refunded_minor = one.refunded_minor
                  WHERE one.organization_id = own.organization_id AND one.revenue_id = e.revenue_id)
            GROUP BY e.deal_id, e.revenue_id, e.portion, e.currency
            HAVING sum(e.minor) <> 0
            ORDER BY e.revenue_id, e.portion, e.currency
        $$
        """
    )
    walls.definer(walls.roles().steps, "step_unmirrored(uuid)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_unmirrored(uuid)")
    for table in ("entries", "accrual_states"):
        op.execute(f"DROP POLICY for_{walls.roles().steps} ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM {walls.roles().steps}")
