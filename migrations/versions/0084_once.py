"""What is given again counts once: of a company's need one acceptance, and one credit, in 90 days; who never answered."""

from importlib import import_module

import walls
from alembic import op

revision = "0084"
down_revision = "0083"

MONTH = "date_trunc('month', timezone('UTC', {}))::date"
# A need is known by two marks: of its domain, or else its name, and of its name alone. Once a lead is opened, it stands
# with those opened before that share one of them; both sides have read all of these, so nothing hidden joins them.
ALIKE = "coalesce({0}.opened_as, {0}.need_mark)"
SHARED = "({0}.need_mark IN ({1}.need_mark, {1}.name_mark) OR {0}.name_mark IN ({1}.need_mark, {1}.name_mark))"
MARKED = """
    CREATE OR REPLACE FUNCTION offers_are_marked() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM partnership_salts WHERE partnership_id = NEW.partnership_id) THEN
            INSERT INTO partnership_salts (partnership_id, salt)
            SELECT NEW.partnership_id, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
            ON CONFLICT DO NOTHING;
        END IF;
        INSERT INTO offer_marks (offer_id, partnership_id, giver_id, receiver_id, company_mark, need_mark, name_mark)
        SELECT NEW.offer_id, NEW.partnership_id, NEW.giver_id, NEW.receiver_id,
               sha256(s.salt || convert_to(split_part(NEW.company_key, '|', 1), 'UTF8')),
               sha256(s.salt || convert_to(NEW.company_key, 'UTF8')),
               sha256(s.salt || convert_to(NEW.name_key, 'UTF8'))
        FROM partnership_salts s WHERE s.partnership_id = NEW.partnership_id;
        RETURN NULL;
    END $$
"""
OPENED = f"""
    CREATE FUNCTION offers_open() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        UPDATE offer_marks m
        SET opened_as = coalesce((
            SELECT min(o.opened_as) FROM offer_marks o
            WHERE o.partnership_id = m.partnership_id AND o.opened_as IS NOT NULL AND {SHARED.format("o", "m")}
        ), m.need_mark)
        WHERE m.offer_id = NEW.offer_id;
        RETURN NULL;
    END $$
"""
# Keys made anew are marked anew, and stand with what shares them now.
MARKED_ANEW = f"""
    CREATE OR REPLACE FUNCTION offers_are_marked_anew() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        UPDATE offer_marks m
        SET company_mark = sha256(s.salt || convert_to(split_part(NEW.company_key, '|', 1), 'UTF8')),
            need_mark = sha256(s.salt || convert_to(NEW.company_key, 'UTF8')),
            name_mark = sha256(s.salt || convert_to(NEW.name_key, 'UTF8'))
        FROM partnership_salts s
        WHERE m.offer_id = NEW.offer_id AND s.partnership_id = NEW.partnership_id;
        IF FOUND THEN
            UPDATE offer_marks m
            SET opened_as = coalesce((
                SELECT min(o.opened_as) FROM offer_marks o
                WHERE o.partnership_id = m.partnership_id AND o.opened_as IS NOT NULL AND o.offer_id <> m.offer_id
                  AND {SHARED.format("o", "m")}
            ), m.need_mark)
            WHERE m.offer_id = NEW.offer_id AND m.opened_as IS NOT NULL;
            DELETE FROM exchange_settlements WHERE partnership_id = NEW.partnership_id;
            DELETE FROM exchange_facts WHERE partnership_id = NEW.partnership_id;
        END IF;
        RETURN NULL;
    END $$
"""
ANEW = """
    DROP TRIGGER offers_are_marked_anew ON offer_details;
    CREATE TRIGGER offers_are_marked_anew AFTER UPDATE OF {columns} ON offer_details FOR EACH ROW
    WHEN ({changed}) EXECUTE FUNCTION offers_are_marked_anew()
"""
# What was marked before, and opened, whatever became of its details.
BACKFILLED = """
    UPDATE offer_marks m SET name_mark = sha256(s.salt || convert_to(d.name_key, 'UTF8'))
    FROM offer_details d JOIN partnership_salts s USING (partnership_id) WHERE d.offer_id = m.offer_id;
    UPDATE offer_marks m SET opened_as = m.need_mark
    WHERE EXISTS (SELECT FROM lead_steps t WHERE t.offer_id = m.offer_id AND t.step = 'accepted')
"""
MOVED = f"""
    CREATE OR REPLACE FUNCTION months_moved(which uuid, one timestamptz, other timestamptz) RETURNS date[]
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
            JOIN offer_marks same ON same.partnership_id = which AND {ALIKE.format("same")} = {ALIKE.format("m")}
        )
        SELECT array_agg(DISTINCT {MONTH.format("moved.happened_at")}) FROM (
            SELECT s.happened_at FROM concerned JOIN lead_steps s USING (offer_id)
            UNION ALL
            SELECT k.happened_at FROM concerned JOIN lead_contests k USING (offer_id)
        ) AS moved
    $$
"""
# What a step of a lead counts as, where the same need counts once.
COUNTS_AS = "CASE WHEN {0} IN ('qualified', 'disqualified') THEN 'qualified' ELSE {0} END"
# A need counts as accepted when it is first, as qualified when it is first qualified or restored; and again 90 days
# after each time it counted, whoever gave it.
REPEATED = f"""
    CREATE FUNCTION leads_repeated(which uuid, at timestamptz, months date[])
    RETURNS TABLE (lead_id uuid, measure text) LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
    DECLARE
        one record;
        need bytea;
        counted_at timestamptz;
    BEGIN
        FOR one IN
            WITH needs AS MATERIALIZED (
                SELECT {ALIKE.format("n")} AS need_mark FROM offer_marks n
                WHERE n.partnership_id = which AND (months IS NULL OR {ALIKE.format("n")} IN (
                    SELECT {ALIKE.format("o")} FROM lead_steps q JOIN offer_marks o ON o.offer_id = q.offer_id
                    WHERE q.partnership_id = which AND q.step IN ('accepted', 'qualified', 'disqualified')
                      AND q.happened_at >= months[1]::timestamp AT TIME ZONE 'UTC'
                      AND {MONTH.format("q.happened_at")} = ANY (months)
                    UNION ALL
                    SELECT {ALIKE.format("o")} FROM lead_contests k JOIN offer_marks o ON o.offer_id = k.offer_id
                    WHERE k.partnership_id = which AND k.step = 'restored' AND {MONTH.format("k.happened_at")} = ANY (months)))
                GROUP BY 1 HAVING count(*) > 1
            )
            SELECT {COUNTS_AS.format("s.step")} AS counts_as, {ALIKE.format("m")} AS need_mark,
                   s.offer_id, s.happened_at, s.recorded_at
            FROM offer_marks m
            JOIN lead_steps s ON s.offer_id = m.offer_id AND s.step IN ('accepted', 'qualified', 'disqualified')
            WHERE m.partnership_id = which AND s.partnership_id = which AND s.recorded_at <= at
              AND {ALIKE.format("m")} IN (SELECT n.need_mark FROM needs n)
              AND (s.step <> 'disqualified' OR s.offer_id IN (
                  SELECT k.offer_id FROM lead_contests k
                  WHERE k.partnership_id = which AND k.step = 'corrected' AND k.recorded_at <= at))
            UNION ALL
            SELECT 'qualified', {ALIKE.format("m")}, k.offer_id, k.happened_at, k.recorded_at
            FROM lead_contests k JOIN offer_marks m ON m.offer_id = k.offer_id AND m.partnership_id = which
            WHERE k.partnership_id = which AND k.step = 'restored' AND k.recorded_at <= at
              AND {ALIKE.format("m")} IN (SELECT n.need_mark FROM needs n)
            ORDER BY 1, 2, 4, 5, 3
        LOOP
            IF (measure, need) IS DISTINCT FROM (one.counts_as, one.need_mark)
               OR one.happened_at - counted_at >= interval '90 days' THEN
                measure := one.counts_as;
                need := one.need_mark;
                counted_at := one.happened_at;
            ELSE
                lead_id := one.offer_id;
                RETURN NEXT;
            END IF;
        END LOOP;
    END $$
"""
TOLD = """
    CREATE FUNCTION step_leads_repeated(which uuid, at timestamptz) RETURNS TABLE (lead_id uuid, measure text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        RETURN QUERY SELECT r.lead_id, r.measure FROM leads_repeated(which, at, NULL) r WHERE EXISTS (
            SELECT FROM partnerships p WHERE p.id = which AND (SELECT ctx_org()) IN (p.proposer_id, p.addressee_id));
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
                   bool_or(t.step IN ('accepted', 'disqualified')) AS opened,
                   bool_or(t.step = 'accepted') AS accepted, bool_or(t.step = 'withdrawn') AS withdrawn,
                   bool_and(t.step = 'offered') AS waits,
                   bool_or(t.step NOT IN ('offered', 'accepted', 'qualified', 'converted')) AS ended
            FROM taken t GROUP BY t.offer_id
        ), marked AS MATERIALIZED (
            SELECT b.*, CASE WHEN b.opened THEN coalesce(m.company_mark, uuid_send(b.offer_id)) END AS company
            FROM became b LEFT JOIN offer_marks m ON m.offer_id = b.offer_id AND m.partnership_id = which
        ), again AS MATERIALIZED (
            SELECT r.lead_id, r.measure FROM leads_repeated(which, at, months) r
        ), counted AS MATERIALIZED (
            SELECT t.offer_id, t.giver_id, t.receiver_id, t.month, t.value_minor, t.happened_at,
                   coalesce(t.currency, '') AS currency, b.offered_at, b.company, b.ended,
                   t.step = 'offered' AND b.waits AS waits,
                   t.step IN ('accepted', 'declined') OR t.step = 'disqualified' AND NOT b.accepted AS answers,
                   r.lead_id IS NOT NULL AS repeated,
                   CASE WHEN c.offer_id IS NULL THEN t.step ELSE 'qualified' END AS step,
                   CASE WHEN c.offer_id IS NULL THEN coalesce(t.reason, '') ELSE '' END AS reason
            FROM taken t JOIN marked b ON b.offer_id = t.offer_id
            LEFT JOIN contested c ON c.offer_id = t.offer_id AND c.step = 'corrected' AND t.step = 'disqualified'
            LEFT JOIN again r ON r.lead_id = t.offer_id AND r.measure = {COUNTS_AS.format("t.step")}
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
        WHERE c.answers GROUP BY c.giver_id, c.receiver_id, c.month
        UNION ALL
        SELECT which, c.giver_id, c.receiver_id, c.month, 'answer', 'waits', '', '', 0, count(*), 0, 0, 0, 0,
               array_agg(floor(extract(epoch FROM o.respond_by))::bigint ORDER BY o.respond_by)
        FROM counted c JOIN offers o ON o.id = c.offer_id AND o.partnership_id = which
        WHERE c.waits GROUP BY c.giver_id, c.receiver_id, c.month
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
                  AND k.offer_id NOT IN (SELECT r.lead_id FROM again r WHERE r.measure = 'qualified')
            ) AS e GROUP BY e.giver_id, e.receiver_id, e.month, e.step, e.company
        ) AS g GROUP BY g.giver_id, g.receiver_id, g.month, g.step, g.size
        UNION ALL
        SELECT which, k.giver_id, k.receiver_id, k.month, 'contest', k.step, '', '', 0, count(*), 0, 0,
               count(*) FILTER (WHERE k.step = 'restored' AND k.offer_id IN (
                   SELECT r.lead_id FROM again r WHERE r.measure = 'qualified')), 0, NULL
        FROM contested k WHERE months IS NULL OR k.month = ANY (months)
        GROUP BY k.giver_id, k.receiver_id, k.month, k.step;
    END $$
"""
# What was opened before of the same need, either way: what who opens a lead has read, or gave itself.
SAME_NEED = f"""
    CREATE FUNCTION step_same_need(which uuid) RETURNS TABLE (lead_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT s.offer_id FROM offers o
        JOIN offer_marks m ON m.offer_id = o.id
        JOIN offer_marks s ON s.partnership_id = o.partnership_id AND s.offer_id <> o.id AND s.opened_as IS NOT NULL
                          AND {SHARED.format("s", "m")}
        WHERE o.id = which AND o.receiver_id = (SELECT ctx_org()) AND o.status = 'accepted'
    $$
"""
# A step is told by who takes it, when it is taken. What a case corrects that ended as a duplicate when it was answered
# was accepted then: that either side tells, with what the case came to.
OWN = """
    CREATE OR REPLACE FUNCTION lead_steps_are_own() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
    DECLARE
        mine boolean := CASE WHEN NEW.step IN ('offered', 'withdrawn', 'expired')
                             THEN NEW.giver_id = ctx_org() ELSE NEW.receiver_id = ctx_org() END;
        corrects boolean := NEW.step = 'accepted' AND EXISTS (
            SELECT FROM lead_contests k JOIN offers o ON o.id = k.offer_id
            WHERE k.offer_id = NEW.offer_id AND k.step = 'corrected'
              AND o.status = 'disqualified' AND o.answered_at = NEW.happened_at);
    BEGIN
        IF NOT corrects AND (NOT mine OR NEW.step <> (SELECT status FROM offers WHERE id = NEW.offer_id)) THEN
            RAISE EXCEPTION 'a step is told by who takes it, when it is taken'
                USING ERRCODE = 'check_violation';
        END IF;
        NEW.recorded_at := clock_timestamp();
        RETURN NEW;
    END $$
"""
BEFORE_OWN = """
        CREATE OR REPLACE FUNCTION lead_steps_are_own() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        DECLARE
            mine boolean := CASE WHEN NEW.step IN ('offered', 'withdrawn', 'expired')
                                 THEN NEW.giver_id = ctx_org() ELSE NEW.receiver_id = ctx_org() END;
        BEGIN
            IF NOT mine OR NEW.step <> (SELECT status FROM offers WHERE id = NEW.offer_id) THEN
                RAISE EXCEPTION 'a step is told by who takes it, when it is taken'
                    USING ERRCODE = 'check_violation';
            END IF;
            NEW.recorded_at := clock_timestamp();
            RETURN NEW;
        END $$
        """
BEFORE = import_module("versions.0060_restored")
BEFORE_FACTS = import_module("versions.0058_facts")
BEFORE_MARKED = """
        CREATE OR REPLACE FUNCTION offers_are_marked() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            {body}
            RETURN NULL;
        END $$
        """
BEFORE_ANEW = """
        CREATE OR REPLACE FUNCTION offers_are_marked_anew() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE offer_marks m
            SET company_mark = sha256(s.salt || convert_to(split_part(NEW.company_key, '|', 1), 'UTF8')),
                need_mark = sha256(s.salt || convert_to(NEW.company_key, 'UTF8'))
            FROM partnership_salts s
            WHERE m.offer_id = NEW.offer_id AND s.partnership_id = NEW.partnership_id;
            IF FOUND THEN
                DELETE FROM exchange_settlements WHERE partnership_id = NEW.partnership_id;
                DELETE FROM exchange_facts WHERE partnership_id = NEW.partnership_id;
            END IF;
            RETURN NULL;
        END $$
        """
SAME_NEED_, OPENED_ = "step_same_need(uuid)", "offers_open()"
REPEATED_, TOLD_ = "leads_repeated(uuid, timestamptz, date[])", "step_leads_repeated(uuid, timestamptz)"
WALLED = ("offer_details", "partnership_salts", "offer_marks", "lead_steps")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE offer_marks ADD COLUMN name_mark bytea, ADD COLUMN opened_as bytea")
    _backfill()
    op.execute("CREATE INDEX ix_offer_marks_partnership_id_name_mark ON offer_marks (partnership_id, name_mark)")
    op.execute(f"CREATE INDEX ix_offer_marks_alike ON offer_marks (partnership_id, ({ALIKE.format('offer_marks')}))")
    steps = walls.roles().steps
    op.execute(f"GRANT UPDATE (name_mark, opened_as) ON offer_marks TO {steps}")
    _count(REPEATED, TOLD, COUNTED, OWN, MARKED, MARKED_ANEW, MOVED)
    changed = "(NEW.company_key, NEW.name_key) IS DISTINCT FROM (OLD.company_key, OLD.name_key)"
    op.execute(ANEW.format(columns="company_key, name_key", changed=changed))
    op.execute(SAME_NEED)
    walls.definer(steps, SAME_NEED_)
    op.execute(OPENED)
    walls.definer(steps, OPENED_)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {OPENED_} FROM {walls.roles().app}, {walls.roles().worker}")
    op.execute(
        "CREATE TRIGGER offers_open AFTER INSERT ON lead_steps FOR EACH ROW WHEN (NEW.step = 'accepted')"
        f" EXECUTE FUNCTION {OPENED_}"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER offers_open ON lead_steps")
    for signature in (OPENED_, SAME_NEED_):
        op.execute(f"DROP FUNCTION {signature}")
    moved = BEFORE_FACTS.MOVED.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    _count(BEFORE.REPEATED, BEFORE_FACTS.NOW, BEFORE.COUNTED, BEFORE_OWN, _marked_before(), BEFORE_ANEW, moved)
    op.execute(ANEW.format(columns="company_key", changed="NEW.company_key IS DISTINCT FROM OLD.company_key"))
    op.execute(f"REVOKE UPDATE (name_mark, opened_as) ON offer_marks FROM {walls.roles().steps}")
    op.execute("DROP INDEX ix_offer_marks_alike")
    op.execute("ALTER TABLE offer_marks DROP COLUMN name_mark, DROP COLUMN opened_as")


def _backfill() -> None:
    """Mark what stands already; the owner sees the rows only while the walls are not forced on it."""
    for table in WALLED:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(BACKFILLED)
    for table in WALLED:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _marked_before() -> str:
    marks = import_module("versions.0041_marks")
    salted = marks.SALTED.format(which="NEW.partnership_id")
    body = f"""
            IF NOT EXISTS (SELECT FROM partnership_salts WHERE partnership_id = NEW.partnership_id) THEN
                {salted} ON CONFLICT DO NOTHING;
            END IF;
            {marks.MARKED} WHERE d.offer_id = NEW.offer_id;
        """
    return BEFORE_MARKED.format(body=body)


def _count(*functions: str) -> None:
    """Count so from now on; what is kept was counted otherwise, and the worker's next round keeps all anew."""
    roles = walls.roles()
    for signature in (TOLD_, REPEATED_):
        op.execute(f"DROP FUNCTION {signature}")
    for function in functions:
        op.execute(function)
    for signature in (REPEATED_, TOLD_):
        walls.definer(roles.steps, signature)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {REPEATED_} FROM {roles.app}, {roles.worker}")
    op.execute("TRUNCATE exchange_facts, exchange_settlements")
