"""The roll-up under the reports: facts of an exchange by month, recounted where anything was recorded since.

A month's facts follow from the steps of the offers that have a step in it, from those of their companies' needs that
may earn their credit, and from what was contested in it. So the months of every offer of which something was recorded
between two moments are all that can differ between the two: they are recounted, the others are read as they stand.
Whether facts are kept or recounted, the same function counts them.
"""

import walls
from alembic import op

revision = "0058"
down_revision = "0057"

MONTH = "date_trunc('month', timezone('UTC', {}))::date"
TABLES = """
    CREATE TABLE exchange_facts (
        partnership_id uuid NOT NULL,
        giver_id uuid NOT NULL,
        receiver_id uuid NOT NULL,
        month date NOT NULL CONSTRAINT ck_exchange_facts_month CHECK (extract(day FROM month) = 1),
        kind text NOT NULL
            CONSTRAINT ck_exchange_facts_kind CHECK (kind IN ('step', 'answer', 'cluster', 'contest')),
        name text NOT NULL,
        reason text NOT NULL,
        currency text NOT NULL,
        size bigint NOT NULL,
        leads bigint NOT NULL CONSTRAINT ck_exchange_facts_leads CHECK (leads > 0),
        among bigint NOT NULL CONSTRAINT ck_exchange_facts_among CHECK (among BETWEEN 0 AND leads),
        still_open bigint NOT NULL CONSTRAINT ck_exchange_facts_still_open CHECK (still_open BETWEEN 0 AND leads),
        repeated bigint NOT NULL CONSTRAINT ck_exchange_facts_repeated CHECK (repeated BETWEEN 0 AND leads),
        minor numeric NOT NULL,
        seconds bigint[] CONSTRAINT ck_exchange_facts_seconds CHECK ((seconds IS NOT NULL) = (kind = 'answer')),
        CONSTRAINT pk_exchange_facts
            PRIMARY KEY (partnership_id, month, giver_id, kind, name, reason, currency, size),
        CONSTRAINT fk_exchange_facts_sides FOREIGN KEY (partnership_id, giver_id, receiver_id)
            REFERENCES partnership_sides (partnership_id, organization_id, other_id)
    );
    CREATE TABLE exchange_settlements (
        partnership_id uuid CONSTRAINT pk_exchange_settlements PRIMARY KEY
            CONSTRAINT fk_exchange_settlements_partnership_id REFERENCES partnerships,
        settled_at timestamptz NOT NULL
    );
    CREATE INDEX ix_lead_steps_partnership_id_recorded_at ON lead_steps (partnership_id, recorded_at)
"""
# A need is credited when it is first qualified, and again 90 days after each credit, whoever gave it.
REPEATED = f"""
    CREATE FUNCTION leads_repeated(which uuid, at timestamptz, months date[]) RETURNS TABLE (lead_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
    DECLARE
        one record;
        need bytea;
        credited_at timestamptz;
    BEGIN
        FOR one IN
            SELECT m.need_mark, s.offer_id, s.happened_at
            FROM offer_marks m
            JOIN lead_steps s ON s.offer_id = m.offer_id AND s.step IN ('qualified', 'disqualified')
            WHERE m.partnership_id = which AND s.partnership_id = which AND s.recorded_at <= at
              AND m.need_mark IN (
                  SELECT n.need_mark FROM offer_marks n
                  WHERE n.partnership_id = which AND (months IS NULL OR n.need_mark IN (
                      SELECT o.need_mark FROM lead_steps q JOIN offer_marks o ON o.offer_id = q.offer_id
                      WHERE q.partnership_id = which AND q.step IN ('qualified', 'disqualified')
                        AND q.happened_at >= months[1]::timestamp AT TIME ZONE 'UTC'
                        AND {MONTH.format("q.happened_at")} = ANY (months)))
                  GROUP BY n.need_mark HAVING count(*) > 1)
              AND (s.step = 'qualified' OR s.offer_id IN (
                  SELECT k.offer_id FROM lead_contests k
                  WHERE k.partnership_id = which AND k.step = 'corrected' AND k.recorded_at <= at))
            ORDER BY m.need_mark, s.happened_at, s.recorded_at, s.offer_id
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
    CREATE FUNCTION facts_counted(which uuid, at timestamptz, months date[]) RETURNS SETOF exchange_facts
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan SET work_mem = '32MB' AS $$
    BEGIN
        RETURN QUERY
        WITH taken AS MATERIALIZED (
            SELECT s.*, {MONTH.format("s.happened_at")} AS month
            FROM lead_steps s
            WHERE s.partnership_id = which AND s.recorded_at <= at AND (months IS NULL OR s.offer_id IN (
                SELECT d.offer_id FROM lead_steps d
                WHERE d.partnership_id = which AND d.happened_at >= months[1]::timestamp AT TIME ZONE 'UTC'
                  AND {MONTH.format("d.happened_at")} = ANY (months)))
        ), became AS MATERIALIZED (
            SELECT t.offer_id, min(t.happened_at) FILTER (WHERE t.step = 'offered') AS offered_at,
                   bool_or(t.step = 'accepted') AS opened, bool_or(t.step = 'withdrawn') AS withdrawn,
                   bool_or(t.step NOT IN ('offered', 'accepted', 'qualified', 'converted')) AS ended
            FROM taken t GROUP BY t.offer_id
        ), marked AS MATERIALIZED (
            SELECT b.*, CASE WHEN b.opened THEN coalesce(m.company_mark, uuid_send(b.offer_id)) END AS company
            FROM became b LEFT JOIN offer_marks m ON m.offer_id = b.offer_id AND m.partnership_id = which
        ), corrected AS MATERIALIZED (
            SELECT k.offer_id FROM lead_contests k
            WHERE k.partnership_id = which AND k.step = 'corrected' AND k.recorded_at <= at
        ), counted AS MATERIALIZED (
            SELECT t.offer_id, t.giver_id, t.receiver_id, t.month, t.value_minor, t.happened_at,
                   coalesce(t.currency, '') AS currency, b.offered_at, b.company, b.ended,
                   r.lead_id IS NOT NULL AS repeated,
                   CASE WHEN c.offer_id IS NULL THEN t.step ELSE 'qualified' END AS step,
                   CASE WHEN c.offer_id IS NULL THEN coalesce(t.reason, '') ELSE '' END AS reason
            FROM taken t JOIN marked b ON b.offer_id = t.offer_id
            LEFT JOIN corrected c ON c.offer_id = t.offer_id AND t.step = 'disqualified'
            LEFT JOIN leads_repeated(which, at, months) r ON r.lead_id = t.offer_id
                AND t.step IN ('qualified', 'disqualified')
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
            SELECT c.giver_id, c.receiver_id, c.month, c.step, count(*) AS size FROM counted c
            WHERE c.step IN ('offered', 'accepted', 'qualified', 'won') AND NOT c.repeated
            GROUP BY c.giver_id, c.receiver_id, c.month, c.step, c.company
        ) AS g GROUP BY g.giver_id, g.receiver_id, g.month, g.step, g.size
        UNION ALL
        SELECT which, k.giver_id, k.receiver_id, {MONTH.format("k.happened_at")}, 'contest', k.step, '', '', 0,
               count(*), 0, 0, 0, 0, NULL
        FROM lead_contests k
        WHERE k.partnership_id = which AND k.recorded_at <= at
          AND (months IS NULL OR {MONTH.format("k.happened_at")} = ANY (months))
        GROUP BY k.giver_id, k.receiver_id, 4, k.step;
    END $$
"""
MOVED = f"""
    CREATE FUNCTION months_moved(which uuid, one timestamptz, other timestamptz) RETURNS date[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        WITH fresh AS (
            SELECT s.offer_id FROM lead_steps s
            WHERE s.partnership_id = which AND s.recorded_at > one AND s.recorded_at <= other
            UNION
            SELECT k.offer_id FROM lead_contests k
            WHERE k.partnership_id = which AND k.recorded_at > one AND k.recorded_at <= other
        ), concerned AS (
            SELECT f.offer_id FROM fresh f
            UNION
            SELECT same.offer_id FROM fresh f JOIN offer_marks m ON m.offer_id = f.offer_id
            JOIN offer_marks same ON same.partnership_id = which AND same.need_mark = m.need_mark
        )
        SELECT array_agg(DISTINCT {MONTH.format("moved.happened_at")}) FROM (
            SELECT s.happened_at FROM concerned JOIN lead_steps s USING (offer_id)
            UNION ALL
            SELECT k.happened_at FROM concerned JOIN lead_contests k USING (offer_id)
        ) AS moved
    $$
"""
TOLD = """
    CREATE FUNCTION step_exchange_facts(which uuid, at timestamptz) RETURNS SETOF exchange_facts
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        settled timestamptz := (SELECT e.settled_at FROM exchange_settlements e WHERE e.partnership_id = which);
        months date[];
    BEGIN
        IF NOT EXISTS (
            SELECT FROM partnerships p
            WHERE p.id = which AND p.status <> 'ended' AND (SELECT ctx_org()) IN (p.proposer_id, p.addressee_id)
        ) THEN
            RETURN;
        END IF;
        IF settled IS NULL THEN
            RETURN QUERY SELECT * FROM facts_counted(which, at, NULL);
            RETURN;
        END IF;
        months := months_moved(which, least(at, settled), greatest(at, settled));
        RETURN QUERY SELECT * FROM exchange_facts f
                     WHERE f.partnership_id = which AND (months IS NULL OR f.month <> ALL (months));
        IF months IS NOT NULL THEN
            RETURN QUERY SELECT * FROM facts_counted(which, at, months);
        END IF;
    END $$
"""
# Whoever writes a step holds the lock that is waited for here: what was recorded before the moment is there.
ROLLED_UP = """
    CREATE FUNCTION step_roll_up(which uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        steps bigint := hashtextextended('steps/' || which, 0);
        since timestamptz;
        until timestamptz;
        months date[];
    BEGIN
        INSERT INTO exchange_settlements (partnership_id, settled_at)
            SELECT p.id, '-infinity' FROM partnerships p
            WHERE p.id = which AND (SELECT ctx_org()) IN (p.proposer_id, p.addressee_id)
            ON CONFLICT DO NOTHING;
        SELECT e.settled_at INTO since FROM exchange_settlements e JOIN partnerships p ON p.id = e.partnership_id
            WHERE p.id = which AND (SELECT ctx_org()) IN (p.proposer_id, p.addressee_id) FOR UPDATE OF e;
        IF since IS NULL THEN
            RETURN;
        END IF;
        PERFORM pg_advisory_lock(steps);
        until := clock_timestamp() - interval '1 microsecond';
        PERFORM pg_advisory_unlock(steps);
        months := CASE WHEN since > '-infinity' THEN months_moved(which, since, until) END;
        IF since = '-infinity' OR months IS NOT NULL THEN
            DELETE FROM exchange_facts f WHERE f.partnership_id = which AND (months IS NULL OR f.month = ANY (months));
            INSERT INTO exchange_facts SELECT * FROM facts_counted(which, until, months);
        END IF;
        UPDATE exchange_settlements SET settled_at = until WHERE partnership_id = which;
    END $$
"""
VERIFIED = """
    CREATE FUNCTION step_verify_facts(which uuid) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        settled timestamptz := (
            SELECT e.settled_at FROM exchange_settlements e JOIN partnerships p ON p.id = e.partnership_id
            WHERE p.id = which AND (SELECT ctx_org()) IN (p.proposer_id, p.addressee_id) FOR UPDATE OF e);
        flaws bigint;
    BEGIN
        WITH kept AS (SELECT * FROM exchange_facts f WHERE f.partnership_id = which),
             counted AS MATERIALIZED (SELECT * FROM facts_counted(which, settled, NULL))
        SELECT count(*) INTO flaws FROM (
            (SELECT * FROM kept EXCEPT SELECT * FROM counted) UNION ALL
            (SELECT * FROM counted EXCEPT SELECT * FROM kept)
        ) AS differing;
        IF flaws > 0 THEN
            DELETE FROM exchange_facts f WHERE f.partnership_id = which;
            INSERT INTO exchange_facts SELECT * FROM facts_counted(which, settled, NULL);
        END IF;
        RETURN flaws;
    END $$
"""
SWEPT = """
    CREATE FUNCTION sweep_unsettled(settled boolean) RETURNS TABLE (organization_id uuid, partnership_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT least(p.proposer_id, p.addressee_id), p.id
        FROM partnerships p LEFT JOIN exchange_settlements e ON e.partnership_id = p.id
        WHERE CASE WHEN settled THEN e.settled_at IS NOT NULL ELSE
            EXISTS (SELECT FROM lead_steps s WHERE s.partnership_id = p.id
                    AND s.recorded_at > coalesce(e.settled_at, '-infinity'))
            OR EXISTS (SELECT FROM lead_contests k WHERE k.partnership_id = p.id
                       AND k.recorded_at > coalesce(e.settled_at, '-infinity')) END
        ORDER BY 1, 2
    $$
"""
NOW = """
    CREATE OR REPLACE FUNCTION step_leads_repeated(which uuid, at timestamptz) RETURNS TABLE (lead_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        RETURN QUERY SELECT r.lead_id FROM leads_repeated(which, at, NULL) r WHERE EXISTS (
            SELECT FROM partnerships p WHERE p.id = which AND (SELECT ctx_org()) IN (p.proposer_id, p.addressee_id));
    END $$
"""
INWARD = (
    "leads_repeated(uuid, timestamptz, date[])",
    "facts_counted(uuid, timestamptz, date[])",
    "months_moved(uuid, timestamptz, timestamptz)",
)
THE_WORKERS = ("step_roll_up(uuid)", "step_verify_facts(uuid)", "sweep_unsettled(boolean)")
# What stood before.
QUALIFIED = """
                (s.step = 'qualified' OR s.step = 'disqualified' AND s.offer_id IN (
                    SELECT k.offer_id FROM lead_contests k
                    WHERE k.partnership_id = which AND k.step = 'corrected' AND k.recorded_at <= at))"""
BEFORE = f"""
        CREATE OR REPLACE FUNCTION step_leads_repeated(which uuid, at timestamptz) RETURNS TABLE (lead_id uuid)
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
        CREATE FUNCTION step_lead_clusters(which uuid, at timestamptz)
        RETURNS TABLE (month text, giver_id uuid, step text, size bigint, clusters bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '32MB'
        AS $$
            SELECT to_char(c.month, 'YYYY-MM'), c.giver_id, c.step, c.size, count(*) FROM (
                SELECT date_trunc('month', timezone('UTC', s.happened_at)) AS month, s.giver_id,
                       CASE s.step WHEN 'disqualified' THEN 'qualified' ELSE s.step END AS step, count(*) AS size
                FROM lead_steps s LEFT JOIN offer_marks m ON m.offer_id = s.offer_id AND m.partnership_id = which
                WHERE s.partnership_id = which AND s.recorded_at <= at
                  AND (SELECT ctx_org()) IN (s.giver_id, s.receiver_id)
                  AND NOT (s.step IN ('qualified', 'disqualified')
                           AND s.offer_id IN (SELECT step_leads_repeated(which, at)))
                  AND (s.step IN ('accepted', 'qualified', 'won')
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


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(TABLES)
    roles = walls.roles()
    for table in ("exchange_facts", "exchange_settlements"):
        walls.wall(table, "false")
        walls.grant_to(roles.steps, table, "SELECT, INSERT, DELETE")
    op.execute(f"GRANT UPDATE (settled_at) ON exchange_settlements TO {roles.steps}")
    for function in (REPEATED, COUNTED, MOVED, TOLD, ROLLED_UP, VERIFIED, SWEPT, NOW):
        op.execute(function)
    for signature in (*INWARD, "step_exchange_facts(uuid, timestamptz)", *THE_WORKERS):
        walls.definer(roles.steps, signature)
    for signature in (*INWARD, *THE_WORKERS):
        op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM {roles.app}")
    for signature in INWARD:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM {roles.worker}")
    op.execute("DROP FUNCTION step_lead_clusters(uuid, timestamptz)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(BEFORE)
    op.execute(CLUSTERS)
    walls.definer(walls.roles().steps, "step_lead_clusters(uuid, timestamptz)")
    for signature in (*THE_WORKERS, "step_exchange_facts(uuid, timestamptz)", *reversed(INWARD)):
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("DROP INDEX ix_lead_steps_partnership_id_recorded_at")
    op.execute("DROP TABLE exchange_settlements")
    op.execute("DROP TABLE exchange_facts")
