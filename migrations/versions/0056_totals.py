"""How many leads that were not taken were then pursued, and how many were known before: one rounded total a window.

The receiver's own leads are compared with the marks of what it was offered inside one step, which tells nothing back:
it writes one row for each agreed window that is over, the same for both sides, and never a second.
"""

import walls
from alembic import op

revision = "0056"
down_revision = "0055"

STEP = "step_tell_totals(uuid, text, text, text[], timestamptz[])"
# What counts as qualified: by its receiver, or by a case that found a disqualified lead to be one.
QUALIFIED = """(s.step = 'qualified' OR s.step = 'disqualified' AND EXISTS (
                    SELECT FROM lead_contests k WHERE k.offer_id = s.offer_id AND k.step = 'corrected'))"""
# Told from eight on, in steps of eight, less a few that only the partnership's secret knows, and never so many that
# fewer than eight leads would be left of which it is not said.
TOLD = """nullif(8 * (greatest(0, least({positive}, {leads} - 8) - get_byte(blur, {byte}) % 8) / 8), 0)"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _renamed()
    _totals()
    _step()


def _renamed() -> None:
    """Keep since when a lead is of its company and need: whoever renames one has had it since then."""
    op.execute("ALTER TABLE leads ADD COLUMN renamed_at timestamptz")
    op.execute(
        """
        CREATE FUNCTION lead_is_renamed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            NEW.renamed_at := clock_timestamp();
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER renamed BEFORE UPDATE OF company_name, company_domain, need ON leads FOR EACH ROW
        WHEN ((OLD.company_name, OLD.company_domain, OLD.need)
              IS DISTINCT FROM (NEW.company_name, NEW.company_domain, NEW.need))
        EXECUTE FUNCTION lead_is_renamed()
        """
    )


def _totals() -> None:
    op.execute(
        """
        CREATE TABLE window_totals (
            partnership_id uuid NOT NULL,
            giver_id uuid NOT NULL,
            receiver_id uuid NOT NULL,
            first_month text NOT NULL CONSTRAINT ck_window_totals_first_month CHECK (first_month ~ '^[0-9]{4}-[0-9]{2}$'),
            last_month text NOT NULL CONSTRAINT ck_window_totals_last_month CHECK (last_month >= first_month),
            pursued bigint CONSTRAINT ck_window_totals_pursued CHECK (pursued >= 8 AND pursued % 8 = 0),
            influenced bigint CONSTRAINT ck_window_totals_influenced CHECK (influenced >= 8 AND influenced % 8 = 0),
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT pk_window_totals PRIMARY KEY (partnership_id, giver_id, first_month),
            CONSTRAINT fk_window_totals_sides FOREIGN KEY (partnership_id, giver_id, receiver_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id)
        )
        """
    )
    walls.shared("window_totals", "giver_id", "receiver_id")
    walls.append_only("window_totals")
    walls.grant("window_totals", "SELECT")
    walls.grant_to(walls.roles().steps, "window_totals", "SELECT, INSERT")


def _step() -> None:
    op.execute(
        f"""
        CREATE FUNCTION step_tell_totals(which uuid, first text, last text, keys text[], seen timestamptz[]) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            giver uuid := (SELECT other_id FROM partnership_sides
                           WHERE partnership_id = which AND organization_id = ctx_org());
            secret bytea := (SELECT salt FROM partnership_salts WHERE partnership_id = which);
            begins timestamptz := (first || '-01')::timestamp AT TIME ZONE 'UTC';
            ends timestamptz := ((last || '-01')::timestamp + interval '1 month') AT TIME ZONE 'UTC';
            blur bytea := sha256(secret || convert_to('totals/' || giver || '/' || first, 'UTF8'));
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended('totals/' || which, 0));
            IF giver IS NULL OR secret IS NULL OR ends <= begins OR ends > clock_timestamp() OR EXISTS (
                SELECT FROM window_totals t
                WHERE t.partnership_id = which AND t.giver_id = giver
                  AND t.first_month <= last AND t.last_month >= first
            ) THEN
                RETURN;
            END IF;
            INSERT INTO window_totals (partnership_id, giver_id, receiver_id, first_month, last_month, pursued, influenced)
            WITH mine AS MATERIALIZED (
                SELECT sha256(secret || convert_to(u.key, 'UTF8')) AS mark, min(u.at) AS at
                FROM unnest(keys, seen) AS u (key, at) GROUP BY 1
            ), needs AS MATERIALIZED (
                SELECT DISTINCT ON (m.need_mark) m.need_mark, m.offer_id, s.happened_at AS offered_at
                FROM offer_marks m JOIN lead_steps s ON s.offer_id = m.offer_id AND s.step = 'offered'
                WHERE m.partnership_id = which AND m.giver_id = giver AND s.happened_at < ends
                ORDER BY m.need_mark, s.happened_at, s.recorded_at, m.offer_id
            ), qualified AS MATERIALIZED (
                SELECT m.need_mark, m.offer_id, m.giver_id, s.happened_at
                FROM lead_steps s JOIN offer_marks m ON m.offer_id = s.offer_id
                WHERE s.partnership_id = which AND {QUALIFIED}
            ), not_taken AS (
                SELECT mine.at BETWEEN n.offered_at AND n.offered_at + interval '4320 hours' AS is_positive
                FROM needs n JOIN lead_steps s ON s.offer_id = n.offer_id AND s.step IN ('declined', 'expired', 'returned')
                LEFT JOIN mine ON mine.mark = n.need_mark
                WHERE greatest(s.happened_at, n.offered_at + interval '4320 hours') >= begins
                  AND greatest(s.happened_at, n.offered_at + interval '4320 hours') < ends
                  AND NOT EXISTS (SELECT FROM qualified q WHERE q.need_mark = n.need_mark AND q.giver_id = giver)
            ), taken AS (
                SELECT mine.at < n.offered_at AS is_positive
                FROM needs n JOIN qualified q ON q.offer_id = n.offer_id
                LEFT JOIN mine ON mine.mark = n.need_mark
                WHERE q.happened_at >= begins AND q.happened_at < ends
                  AND NOT EXISTS (SELECT FROM qualified b WHERE b.need_mark = n.need_mark AND b.happened_at < q.happened_at)
            ), counted AS (
                SELECT (SELECT count(*) FROM not_taken) AS not_taken, (SELECT count(*) FROM taken) AS taken,
                       (SELECT count(*) FROM not_taken WHERE is_positive) AS pursued,
                       (SELECT count(*) FROM taken WHERE is_positive) AS known
            )
            SELECT which, giver, ctx_org(), first, last,
                   {TOLD.format(positive="pursued", leads="not_taken", byte=0)},
                   {TOLD.format(positive="known", leads="taken", byte=1)}
            FROM counted;
        END $$
        """
    )
    walls.definer(walls.roles().steps, STEP)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {STEP} FROM {walls.roles().app}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {STEP}")
    op.execute("DROP TABLE window_totals")
    op.execute("DROP TRIGGER renamed ON leads")
    op.execute("DROP FUNCTION lead_is_renamed()")
    op.execute("ALTER TABLE leads DROP COLUMN renamed_at")
