"""Which qualified leads are of one company's need: told by numbers that mean nothing, for the rule of one credit."""

import walls
from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE FUNCTION step_needs_qualified_again(which uuid, at timestamptz)
        RETURNS TABLE (need bigint, giver_id uuid, happened_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT dense_rank() OVER (ORDER BY q.need_mark), q.giver_id, q.happened_at FROM (
                SELECT m.need_mark, s.giver_id, s.happened_at, s.recorded_at, s.offer_id,
                       count(*) OVER (PARTITION BY m.need_mark) AS times
                FROM lead_steps s JOIN offer_marks m USING (offer_id)
                WHERE s.partnership_id = which AND s.recorded_at <= at
                  AND (SELECT ctx_org()) IN (s.giver_id, s.receiver_id)
                  AND (s.step = 'qualified' OR s.step = 'disqualified' AND EXISTS (
                      SELECT FROM lead_contests k
                      WHERE k.offer_id = s.offer_id AND k.step = 'corrected' AND k.recorded_at <= at))
            ) AS q
            WHERE q.times > 1
            ORDER BY 1, q.happened_at, q.recorded_at, q.offer_id
        $$
        """
    )
    walls.definer(walls.roles().steps, "step_needs_qualified_again(uuid, timestamptz)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_needs_qualified_again(uuid, timestamptz)")
