"""What counts as qualified is credited: which leads are not, said once, and their clusters without them."""

import walls
from alembic import op

revision = "0053"
down_revision = "0052"

QUALIFIED = """
                (s.step = 'qualified' OR s.step = 'disqualified' AND s.offer_id IN (
                    SELECT k.offer_id FROM lead_contests k
                    WHERE k.partnership_id = which AND k.step = 'corrected' AND k.recorded_at <= at))"""
AGAIN = """
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
# A need is credited when it is first qualified, and again 90 days after each credit, whoever gave it.
REPEATED = f"""
        CREATE FUNCTION step_leads_repeated(which uuid, at timestamptz) RETURNS TABLE (lead_id uuid)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            one record;
            need bytea;
            credited_at timestamptz;
        BEGIN
            FOR one IN SELECT q.* FROM (
                SELECT m.need_mark, s.offer_id, s.happened_at, s.recorded_at,
                       count(*) OVER (PARTITION BY m.need_mark) AS times
                FROM lead_steps s JOIN offer_marks m ON m.offer_id = s.offer_id AND m.partnership_id = which
                WHERE s.partnership_id = which AND s.recorded_at <= at
                  AND (SELECT ctx_org()) IN (s.giver_id, s.receiver_id) AND {QUALIFIED}
            ) AS q WHERE q.times > 1 ORDER BY q.need_mark, q.happened_at, q.recorded_at, q.offer_id
            LOOP
                IF need IS DISTINCT FROM one.need_mark OR one.happened_at - credited_at >= interval '90 days' THEN
                    need := one.need_mark;
                    credited_at := one.happened_at;
                ELSE
                    lead_id := one.offer_id;
                    RETURN NEXT;
                END IF;
            END LOOP;
        END $$
"""
CLUSTERS = """
        CREATE OR REPLACE FUNCTION step_lead_clusters(which uuid, at timestamptz)
        RETURNS TABLE (month text, giver_id uuid, step text, size bigint, clusters bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '32MB'
        AS $$
            SELECT to_char(c.month, 'YYYY-MM'), c.giver_id, c.step, c.size, count(*) FROM (
                SELECT date_trunc('month', timezone('UTC', s.happened_at)) AS month, s.giver_id,
                       CASE s.step WHEN 'disqualified' THEN 'qualified' ELSE s.step END AS step, count(*) AS size
                FROM lead_steps s LEFT JOIN offer_marks m ON m.offer_id = s.offer_id AND m.partnership_id = which
                WHERE s.partnership_id = which AND s.recorded_at <= at
                  AND (SELECT ctx_org()) IN (s.giver_id, s.receiver_id)
                  {credited}AND (s.step IN ('accepted', 'qualified', 'won')
                       OR s.step = 'offered' AND s.offer_id NOT IN (
                           SELECT w.offer_id FROM lead_steps w
                           WHERE w.partnership_id = which AND w.step = 'withdrawn' AND w.recorded_at <= at)
                       OR s.step = 'disqualified' AND s.offer_id IN (
                           SELECT k.offer_id FROM lead_contests k
                           WHERE k.partnership_id = which AND k.step = 'corrected' AND k.recorded_at <= at))
                GROUP BY 1, 2, 3, CASE WHEN s.step <> 'offered' OR s.offer_id IN (
                             SELECT a.offer_id FROM lead_steps a
                             WHERE a.partnership_id = which AND a.step = 'accepted' AND a.recorded_at <= at)
                         THEN coalesce(m.company_mark, uuid_send(s.offer_id)) END
            ) AS c
            GROUP BY c.month, 2, 3, 4
        $$
"""
CREDITED = """AND NOT (s.step IN ('qualified', 'disqualified')
                           AND s.offer_id IN (SELECT step_leads_repeated(which, at)))
                  """


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_needs_qualified_again(uuid, timestamptz)")
    op.execute(REPEATED)
    walls.definer(walls.roles().steps, "step_leads_repeated(uuid, timestamptz)")
    op.execute(CLUSTERS.format(credited=CREDITED))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(CLUSTERS.format(credited=""))
    op.execute("DROP FUNCTION step_leads_repeated(uuid, timestamptz)")
    op.execute(AGAIN)
    walls.definer(walls.roles().steps, "step_needs_qualified_again(uuid, timestamptz)")
