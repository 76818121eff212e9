"""Of a need that both gave each other, the one offered first counts; a company is one by its domain or its name.

What was given later yields when the other is accepted, unless it was qualified before. What a case finds to be no
duplicate counts by itself. Clusters are of companies known by either mark, as needs are.
"""

from importlib import import_module

import walls
from alembic import op

revision = "0090"
down_revision = "0089"

ONCE = import_module("versions.0084_once")
FOLLOWING = import_module("versions.0024_following")
ALIKE, SHARED, MONTH = ONCE.ALIKE, ONCE.SHARED, ONCE.MONTH
SAME_COMPANY = "(o.company_mark IN (m.company_mark, m.company_name_mark) OR o.company_name_mark IN (m.company_mark, m.company_name_mark))"
MAKES_WAY = "('accepted', 'disqualified', CASE WHEN NEW.reason = 'duplicate' THEN 'giver' ELSE '' END),"
LEGAL = """
        CREATE OR REPLACE FUNCTION offers_step_is_legal() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        DECLARE
            side text := CASE ctx_org() WHEN OLD.giver_id THEN 'giver' WHEN OLD.receiver_id THEN 'receiver' END;
        BEGIN
            IF NEW.status <> OLD.status AND (OLD.status, NEW.status, side) NOT IN ({steps}            ) THEN
                RAISE EXCEPTION 'an offer cannot go from % to % by its %', OLD.status, NEW.status, side
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
MARKED = """
    CREATE OR REPLACE FUNCTION offers_are_marked() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM partnership_salts WHERE partnership_id = NEW.partnership_id) THEN
            INSERT INTO partnership_salts (partnership_id, salt)
            SELECT NEW.partnership_id, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
            ON CONFLICT DO NOTHING;
        END IF;
        INSERT INTO offer_marks (offer_id, partnership_id, giver_id, receiver_id,
                                 company_mark, company_name_mark, need_mark, name_mark)
        SELECT NEW.offer_id, NEW.partnership_id, NEW.giver_id, NEW.receiver_id,
               sha256(s.salt || convert_to(split_part(NEW.company_key, '|', 1), 'UTF8')),
               sha256(s.salt || convert_to(split_part(NEW.name_key, '|', 1), 'UTF8')),
               sha256(s.salt || convert_to(NEW.company_key, 'UTF8')),
               sha256(s.salt || convert_to(NEW.name_key, 'UTF8'))
        FROM partnership_salts s WHERE s.partnership_id = NEW.partnership_id;
        RETURN NULL;
    END $$
"""
# A lead stands, once opened, with what was opened before it of the same need, and of the same company.
OPENED = f"""
    CREATE OR REPLACE FUNCTION offers_open() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        UPDATE offer_marks m
        SET opened_as = coalesce((
            SELECT min(o.opened_as) FROM offer_marks o
            WHERE o.partnership_id = m.partnership_id AND o.opened_as IS NOT NULL AND {SHARED.format("o", "m")}
        ), m.need_mark), opened_company = coalesce((
            SELECT min(o.opened_company) FROM offer_marks o
            WHERE o.partnership_id = m.partnership_id AND o.opened_company IS NOT NULL AND {SAME_COMPANY}
        ), m.company_mark)
        WHERE m.offer_id = NEW.offer_id;
        RETURN NULL;
    END $$
"""
MARKED_ANEW = f"""
    CREATE OR REPLACE FUNCTION offers_are_marked_anew() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        UPDATE offer_marks m
        SET company_mark = sha256(s.salt || convert_to(split_part(NEW.company_key, '|', 1), 'UTF8')),
            company_name_mark = sha256(s.salt || convert_to(split_part(NEW.name_key, '|', 1), 'UTF8')),
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
            ), m.need_mark), opened_company = coalesce((
                SELECT min(o.opened_company) FROM offer_marks o
                WHERE o.partnership_id = m.partnership_id AND o.opened_company IS NOT NULL AND o.offer_id <> m.offer_id
                  AND {SAME_COMPANY}
            ), m.company_mark)
            WHERE m.offer_id = NEW.offer_id AND m.opened_as IS NOT NULL;
            DELETE FROM exchange_settlements WHERE partnership_id = NEW.partnership_id;
            DELETE FROM exchange_facts WHERE partnership_id = NEW.partnership_id;
        END IF;
        RETURN NULL;
    END $$
"""
BACKFILLED = """
    UPDATE offer_marks m SET company_name_mark = sha256(s.salt || convert_to(split_part(d.name_key, '|', 1), 'UTF8'))
    FROM offer_details d JOIN partnership_salts s USING (partnership_id) WHERE d.offer_id = m.offer_id;
    UPDATE offer_marks m SET opened_company = m.company_mark WHERE m.opened_as IS NOT NULL
"""
# What yielded to a lead of the other side that was offered before it, and opened, was accepted for nothing. What a case
# found to be no duplicate is of a need of its own.
ENDED_TWICE = f"""
            WITH settled AS MATERIALIZED (
                SELECT k.offer_id FROM lead_contests k
                WHERE k.partnership_id = which AND k.step = 'corrected' AND k.recorded_at <= at
            ), twice AS MATERIALIZED (
                SELECT d.offer_id, d.offer_id IN (SELECT s.offer_id FROM settled s) AS settled
                FROM lead_steps d
                JOIN offers o ON o.id = d.offer_id
                JOIN offer_marks m ON m.offer_id = d.offer_id
                WHERE d.partnership_id = which AND d.step = 'disqualified' AND d.reason = 'duplicate' AND d.recorded_at <= at
                  AND (d.offer_id IN (SELECT s.offer_id FROM settled s) OR EXISTS (
                      SELECT FROM offer_marks t
                      JOIN offers f ON f.id = t.offer_id AND f.giver_id <> o.giver_id
                       AND (f.offered_at, f.id) < (o.offered_at, o.id)
                      JOIN lead_steps a ON a.offer_id = t.offer_id AND a.step = 'accepted' AND a.recorded_at <= at
                      WHERE t.partnership_id = which AND {ALIKE.format("t")} = {ALIKE.format("m")}))
            ), needs"""


def _replaced(text: str, *pairs: tuple[str, str]) -> str:
    """Return a function's text with each of these in the place of what stood there once."""
    for before, after in pairs:
        [head, tail] = text.split(before)
        text = f"{head}{after}{tail}"
    return text


REPEATED = _replaced(
    ONCE.REPEATED,
    ("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
    ("            WITH needs", ENDED_TWICE.removeprefix("\n")),
    (
        "s.offer_id, s.happened_at, s.recorded_at\n",
        "s.offer_id, s.happened_at, s.recorded_at, w.offer_id IS NOT NULL AS is_void\n",
    ),
    (
        "AND s.step IN ('accepted', 'qualified', 'disqualified')\n            WHERE m.partnership_id",
        """AND s.step IN ('accepted', 'qualified', 'disqualified')
            LEFT JOIN twice w ON w.offer_id = s.offer_id
            WHERE m.partnership_id""",
    ),
    (
        """(s.step <> 'disqualified' OR s.offer_id IN (
                  SELECT k.offer_id FROM lead_contests k
                  WHERE k.partnership_id = which AND k.step = 'corrected' AND k.recorded_at <= at))""",
        """w.settled IS NOT TRUE
              AND (s.step <> 'disqualified' OR s.offer_id IN (SELECT k.offer_id FROM settled k))""",
    ),
    ("k.offer_id, k.happened_at, k.recorded_at\n", "k.offer_id, k.happened_at, k.recorded_at, false\n"),
    (
        "IF (measure, need) IS DISTINCT FROM (one.counts_as, one.need_mark)",
        """measure := one.counts_as;
            IF one.is_void THEN
                lead_id := one.offer_id;
                RETURN NEXT;
            ELSIF (counting, need) IS DISTINCT FROM (one.counts_as, one.need_mark)""",
    ),
    ("THEN\n                measure := one.counts_as;", "THEN\n                counting := one.counts_as;"),
    ("need bytea;", "need bytea;\n        counting text;"),
)
COUNTED = _replaced(
    ONCE.COUNTED,
    (
        "coalesce(m.company_mark, uuid_send(b.offer_id))",
        "coalesce(m.opened_company, m.company_mark, uuid_send(b.offer_id))",
    ),
)
OWN = _replaced(
    ONCE.OWN,
    (
        "ELSE NEW.receiver_id = ctx_org() END",
        "ELSE NEW.receiver_id = ctx_org() END\n                        OR NEW.giver_id = ctx_org() AND (NEW.step, NEW.reason) = ('disqualified', 'duplicate')",
    ),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE offer_marks ADD COLUMN company_name_mark bytea, ADD COLUMN opened_company bytea")
    _backfill()
    op.execute("CREATE INDEX ix_offer_marks_company_name_mark ON offer_marks (partnership_id, company_name_mark)")
    op.execute(f"GRANT UPDATE (company_name_mark, opened_company) ON offer_marks TO {walls.roles().steps}")
    op.execute(LEGAL.format(steps=MAKES_WAY + FOLLOWING.RETURNED + FOLLOWING.STEPS))
    _count(MARKED, OPENED, MARKED_ANEW, REPEATED, COUNTED, OWN)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    opened, repeated = (
        text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") for text in (ONCE.OPENED, ONCE.REPEATED)
    )
    _count(ONCE.MARKED, opened, ONCE.MARKED_ANEW, repeated, ONCE.COUNTED, ONCE.OWN)
    op.execute(LEGAL.format(steps=FOLLOWING.RETURNED + FOLLOWING.STEPS))
    op.execute(f"REVOKE UPDATE (company_name_mark, opened_company) ON offer_marks FROM {walls.roles().steps}")
    op.execute("DROP INDEX ix_offer_marks_company_name_mark")
    op.execute("ALTER TABLE offer_marks DROP COLUMN company_name_mark, DROP COLUMN opened_company")


def _count(*functions: str) -> None:
    """Count so from now on; what is kept was counted otherwise, and the worker's next round keeps all anew."""
    for function in functions:
        op.execute(function)
    op.execute("TRUNCATE exchange_facts, exchange_settlements")


def _backfill() -> None:
    """Mark what stands already; the owner sees the rows only while the walls are not forced on it."""
    for table in ONCE.WALLED:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(BACKFILLED)
    for table in ONCE.WALLED:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
