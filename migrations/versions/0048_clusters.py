"""Clusters are counted from the rows of one partnership alone, in one pass that fits into memory."""

import walls
from alembic import op

revision = "0048"
down_revision = "0047"

BEFORE = """
            SELECT c.month, c.giver_id, c.step, c.size, count(*) FROM (
                SELECT to_char(timezone('UTC', s.happened_at), 'YYYY-MM') AS month, s.giver_id,
                       CASE s.step WHEN 'disqualified' THEN 'qualified' ELSE s.step END AS step, count(*) AS size
                FROM lead_steps s LEFT JOIN offer_marks m USING (offer_id)
                WHERE s.partnership_id = which AND s.recorded_at <= at
                  AND (SELECT ctx_org()) IN (s.giver_id, s.receiver_id)
                  AND (s.step IN ('accepted', 'qualified', 'won')
                       OR s.step = 'offered' AND NOT EXISTS (
                           SELECT FROM lead_steps w
                           WHERE w.offer_id = s.offer_id AND w.step = 'withdrawn' AND w.recorded_at <= at)
                       OR s.step = 'disqualified' AND EXISTS (
                           SELECT FROM lead_contests k
                           WHERE k.offer_id = s.offer_id AND k.step = 'corrected' AND k.recorded_at <= at))
                GROUP BY 1, 2, 3, coalesce(m.company_mark, uuid_send(s.offer_id))
            ) AS c
            GROUP BY 1, 2, 3, 4
        """
COUNTED = """
            SELECT to_char(c.month, 'YYYY-MM'), c.giver_id, c.step, c.size, count(*) FROM (
                SELECT date_trunc('month', timezone('UTC', s.happened_at)) AS month, s.giver_id,
                       CASE s.step WHEN 'disqualified' THEN 'qualified' ELSE s.step END AS step, count(*) AS size
                FROM lead_steps s LEFT JOIN offer_marks m ON m.offer_id = s.offer_id AND m.partnership_id = which
                WHERE s.partnership_id = which AND s.recorded_at <= at
                  AND (SELECT ctx_org()) IN (s.giver_id, s.receiver_id)
                  AND (s.step IN ('accepted', 'qualified', 'won')
                       OR s.step = 'offered' AND s.offer_id NOT IN (
                           SELECT w.offer_id FROM lead_steps w
                           WHERE w.partnership_id = which AND w.step = 'withdrawn' AND w.recorded_at <= at)
                       OR s.step = 'disqualified' AND s.offer_id IN (
                           SELECT k.offer_id FROM lead_contests k
                           WHERE k.partnership_id = which AND k.step = 'corrected' AND k.recorded_at <= at))
                GROUP BY 1, 2, 3, coalesce(m.company_mark, uuid_send(s.offer_id))
            ) AS c
            GROUP BY c.month, 2, 3, 4
        """


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _count(COUNTED, "SET work_mem = '32MB'")


def _count(body: str, memory: str) -> None:
    op.execute("DROP FUNCTION step_lead_clusters(uuid, timestamptz)")
    op.execute(
        f"""
        CREATE FUNCTION step_lead_clusters(which uuid, at timestamptz)
        RETURNS TABLE (month text, giver_id uuid, step text, size bigint, clusters bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp {memory} AS $${body}$$
        """
    )
    walls.definer(walls.roles().steps, "step_lead_clusters(uuid, timestamptz)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _count(BEFORE, "")
