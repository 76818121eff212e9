"""A lead that a case credits counts where credited leads do: in clusters, and once for a need in 90 days."""

from importlib import import_module

from alembic import op

revision = "0060"
down_revision = "0059"

MONTH = "date_trunc('month', timezone('UTC', {}))::date"
# A need is credited when it is first qualified or restored, and again 90 days after each credit, whoever gave it.
REPEATED = f"""
    CREATE OR REPLACE FUNCTION leads_repeated(which uuid, at timestamptz, months date[]) RETURNS TABLE (lead_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
    DECLARE
        one record;
        need bytea;
        credited_at timestamptz;
    BEGIN
        FOR one IN
            WITH needs AS MATERIALIZED (
                SELECT n.need_mark FROM offer_marks n
                WHERE n.partnership_id = which AND (months IS NULL OR n.need_mark IN (
                    SELECT o.need_mark FROM lead_steps q JOIN offer_marks o ON o.offer_id = q.offer_id
                    WHERE q.partnership_id = which AND q.step IN ('qualified', 'disqualified')
                      AND q.happened_at >= months[1]::timestamp AT TIME ZONE 'UTC'
                      AND {MONTH.format("q.happened_at")} = ANY (months)
                    UNION ALL
                    SELECT o.need_mark FROM lead_contests k JOIN offer_marks o ON o.offer_id = k.offer_id
                    WHERE k.partnership_id = which AND k.step = 'restored' AND {MONTH.format("k.happened_at")} = ANY (months)))
                GROUP BY n.need_mark HAVING count(*) > 1
            )
            SELECT m.need_mark, s.offer_id, s.happened_at, s.recorded_at
            FROM offer_marks m
            JOIN lead_steps s ON s.offer_id = m.offer_id AND s.step IN ('qualified', 'disqualified')
            WHERE m.partnership_id = which AND s.partnership_id = which AND s.recorded_at <= at
              AND m.need_mark IN (SELECT n.need_mark FROM needs n)
              AND (s.step = 'qualified' OR s.offer_id IN (
                  SELECT k.offer_id FROM lead_contests k
                  WHERE k.partnership_id = which AND k.step = 'corrected' AND k.recorded_at <= at))
            UNION ALL
            SELECT m.need_mark, k.offer_id, k.happened_at, k.recorded_at
            FROM lead_contests k JOIN offer_marks m ON m.offer_id = k.offer_id AND m.partnership_id = which
            WHERE k.partnership_id = which AND k.step = 'restored' AND k.recorded_at <= at
              AND m.need_mark IN (SELECT n.need_mark FROM needs n)
            ORDER BY 1, 3, 4, 2
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
# Without months all of them; else months in their order. Leads that nobody opened are one cluster.
COUNTED = f"""
    CREATE OR REPLACE FUNCTION facts_counted(which uuid, at timestamptz, months date[]) RETURNS SETOF exchange_facts
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan SET work_mem = '32MB' AS $$
    BEGIN
        RETURN QUERY
        WITH contested AS MATERIALIZED (
            SELECT k.*, {MONTH.format("k.happened_at")} AS month FROM lead_contests k
            WHERE k.partnership_id = which AND k.recorded_at <= at
        ), taken AS MATERIALIZED (
            SELECT s.*, {MONTH.format("s.happened_at")} AS month
            FROM lead_steps s
            WHERE s.partnership_id = which AND s.recorded_at <= at AND (months IS NULL OR s.offer_id IN (
                SELECT d.offer_id FROM lead_steps d
                WHERE d.partnership_id = which AND d.happened_at >= months[1]::timestamp AT TIME ZONE 'UTC'
                  AND {MONTH.format("d.happened_at")} = ANY (months)
                UNION ALL
                SELECT k.offer_id FROM contested k WHERE k.step = 'restored' AND k.month = ANY (months)))
        ), became AS MATERIALIZED (
            SELECT t.offer_id, min(t.happened_at) FILTER (WHERE t.step = 'offered') AS offered_at,
                   bool_or(t.step = 'accepted') AS opened, bool_or(t.step = 'withdrawn') AS withdrawn,
                   bool_or(t.step NOT IN ('offered', 'accepted', 'qualified', 'converted')) AS ended
            FROM taken t GROUP BY t.offer_id
        ), marked AS MATERIALIZED (
            SELECT b.*, CASE WHEN b.opened THEN coalesce(m.company_mark, uuid_send(b.offer_id)) END AS company
            FROM became b LEFT JOIN offer_marks m ON m.offer_id = b.offer_id AND m.partnership_id = which
        ), again AS MATERIALIZED (
            SELECT r.lead_id FROM leads_repeated(which, at, months) r
        ), counted AS MATERIALIZED (
            SELECT t.offer_id, t.giver_id, t.receiver_id, t.month, t.value_minor, t.happened_at,
                   coalesce(t.currency, '') AS currency, b.offered_at, b.company, b.ended,
                   r.lead_id IS NOT NULL AS repeated,
                   CASE WHEN c.offer_id IS NULL THEN t.step ELSE 'qualified' END AS step,
                   CASE WHEN c.offer_id IS NULL THEN coalesce(t.reason, '') ELSE '' END AS reason
            FROM taken t JOIN marked b ON b.offer_id = t.offer_id
            LEFT JOIN contested c ON c.offer_id = t.offer_id AND c.step = 'corrected' AND t.step = 'disqualified'
            LEFT JOIN again r ON r.lead_id = t.offer_id AND t.step IN ('qualified', 'disqualified')
            WHERE NOT (t.step = 'offered' AND b.withdrawn) AND (months IS NULL OR t.month = ANY (months))
        )
        SELECT which, c.giver_id, c.receiver_id, c.month, 'step', c.step, c.reason, c.currency, 0::bigint,
               count(*), count(c.value_minor), count(*) FILTER (WHERE c.step = 'offered' AND NOT c.ended),
               count(*) FILTER (WHERE c.repeated), coalesce(sum(c.value_minor), 0), NULL::bigint[]
        FROM counted c GROUP BY c.giver_id, c.receiver_id, c.month, c.step, c.reason, c.currency
        UNION ALL
        SELECT which, c.giver_id, c.receiver_id, c.month, 'answer', '', '', '', 0,
               count(*), count(*) FILTER (WHERE c.happened_at <= o.respond_by), 0, 0, 0,
               array_agg(floor(extract(epoch FROM c.happened_at - c.offered_at))::bigint
                         ORDER BY c.happened_at - c.offered_at)
        FROM counted c JOIN offers o ON o.id = c.offer_id AND o.partnership_id = which
        WHERE c.step IN ('accepted', 'declined') GROUP BY c.giver_id, c.receiver_id, c.month
        UNION ALL
        SELECT which, g.giver_id, g.receiver_id, g.month, 'cluster', g.step, '', '', g.size, count(*), 0, 0, 0, 0, NULL
        FROM (
            SELECT e.giver_id, e.receiver_id, e.month, e.step, count(*) AS size FROM (
                SELECT c.giver_id, c.receiver_id, c.month, c.step, c.company FROM counted c
                WHERE c.step IN ('offered', 'accepted', 'qualified', 'won') AND NOT c.repeated
                UNION ALL
                SELECT k.giver_id, k.receiver_id, k.month, 'qualified', b.company
                FROM contested k JOIN marked b ON b.offer_id = k.offer_id
                WHERE k.step = 'restored' AND (months IS NULL OR k.month = ANY (months))
                  AND k.offer_id NOT IN (SELECT r.lead_id FROM again r)
            ) AS e GROUP BY e.giver_id, e.receiver_id, e.month, e.step, e.company
        ) AS g GROUP BY g.giver_id, g.receiver_id, g.month, g.step, g.size
        UNION ALL
        SELECT which, k.giver_id, k.receiver_id, k.month, 'contest', k.step, '', '', 0, count(*), 0, 0,
               count(*) FILTER (WHERE k.step = 'restored' AND k.offer_id IN (SELECT r.lead_id FROM again r)), 0, NULL
        FROM contested k WHERE months IS NULL OR k.month = ANY (months)
        GROUP BY k.giver_id, k.receiver_id, k.month, k.step;
    END $$
"""
BEFORE = import_module("versions.0058_facts")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _count(REPEATED, COUNTED)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _count(
        *(text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") for text in (BEFORE.REPEATED, BEFORE.COUNTED))
    )


def _count(*functions: str) -> None:
    """Count so from now on; what is kept was counted otherwise, and the worker's next round keeps all anew."""
    for function in functions:
        op.execute(function)
    op.execute("TRUNCATE exchange_facts, exchange_settlements")
