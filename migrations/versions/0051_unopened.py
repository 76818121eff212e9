"""Leads whose company the receiver has not read yet are one cluster: what would part them tells which are of one company."""

from alembic import op

revision = "0051"
down_revision = "0050"

COMPANY = "coalesce(m.company_mark, uuid_send(s.offer_id))"
# Opened, as far as was known then: the other side accepted it.
OPENED = f"""CASE WHEN s.step <> 'offered' OR s.offer_id IN (
                             SELECT a.offer_id FROM lead_steps a
                             WHERE a.partnership_id = which AND a.step = 'accepted' AND a.recorded_at <= at)
                         THEN {COMPANY} END"""
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
                GROUP BY 1, 2, 3, {together}
            ) AS c
            GROUP BY c.month, 2, 3, 4
        """


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _count(OPENED)


def _count(together: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION step_lead_clusters(which uuid, at timestamptz)
        RETURNS TABLE (month text, giver_id uuid, step text, size bigint, clusters bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '32MB'
        AS $${COUNTED.format(together=together)}$$
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _count(COMPANY)
