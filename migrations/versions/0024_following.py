"""Leads that are returned, followed up, snoozed and contested; what the clock told whom."""

import walls
from alembic import op

revision = "0024"
down_revision = "0023"

STATUSES = (
    "'offered', 'accepted', 'declined', 'withdrawn', 'expired', 'qualified', 'disqualified', 'converted', 'won', 'lost'"
)
REASONED = "'declined', 'disqualified', 'lost'"
ALARMS = "'answer_due', 'answer_late', 'status_due', 'status_late', 'unattended'"
STEPS = """
                ('offered', 'accepted', 'receiver'), ('offered', 'declined', 'receiver'),
                ('offered', 'withdrawn', 'giver'), ('offered', 'expired', 'giver'),
                ('accepted', 'qualified', 'receiver'), ('accepted', 'disqualified', 'receiver'),
                ('qualified', 'converted', 'receiver'),
                ('converted', 'won', 'receiver'), ('converted', 'lost', 'receiver')
"""
RETURNED = "('accepted', 'returned', 'receiver'),"
MORE_TIME = """
            IF NEW.status = OLD.status AND NEW.status = 'accepted' AND NEW.version = OLD.version + 1
               AND ctx_org() = OLD.receiver_id AND OLD.snoozed_until IS NULL AND NEW.snoozed_until IS NOT NULL
               AND NEW.receiver_member_id IS NOT DISTINCT FROM OLD.receiver_member_id
               AND (NEW.reason, NEW.note, NEW.answered_at) IS NOT DISTINCT FROM (OLD.reason, OLD.note, OLD.answered_at)
            THEN
                RETURN NEW;
            END IF;"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("follow_up_by", "returns_at", "snoozed_until"):
        op.execute(f"ALTER TABLE offers ADD COLUMN {name} timestamptz")
    walls.grant("offers", "UPDATE (follow_up_by, returns_at, snoozed_until)")
    _allow(f"{STATUSES}, 'returned'", f"{REASONED}, 'returned'")
    _legal_steps(RETURNED + STEPS)
    _updates(MORE_TIME)
    _contests()
    _reminders()


def _allow(statuses: str, reasoned: str) -> None:
    """Let offers and their steps stand at these statuses, some of them with a reason."""
    for table, column in (("offers", "status"), ("lead_steps", "step")):
        for name, check in (
            (column, f"{column} IN ({statuses})"),
            ("reason", f"({column} IN ({reasoned})) = (reason IS NOT NULL)"),
        ):
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}")
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({check})")


def _legal_steps(steps: str) -> None:
    op.execute(
        f"""
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
    )


def _updates(also: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION offers_update_is_a_step() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN{also}
            IF NEW.status = OLD.status OR NEW.version <> OLD.version + 1 OR (
                ctx_org() <> OLD.receiver_id AND NEW.receiver_member_id IS DISTINCT FROM OLD.receiver_member_id
            ) THEN
                RAISE EXCEPTION 'an offer changes only by a step, and each side names its own people'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )


def _contests() -> None:
    op.execute(
        """
        CREATE TABLE lead_contests (
            id uuid CONSTRAINT pk_lead_contests PRIMARY KEY,
            partnership_id uuid NOT NULL,
            giver_id uuid NOT NULL,
            receiver_id uuid NOT NULL,
            offer_id uuid NOT NULL,
            case_id uuid NOT NULL,
            step text NOT NULL CONSTRAINT ck_lead_contests_step CHECK (step IN ('contested', 'corrected', 'upheld')),
            happened_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT uq_lead_contests_offer_id_step UNIQUE (offer_id, step),
            CONSTRAINT fk_lead_contests_offer FOREIGN KEY (partnership_id, giver_id, receiver_id, offer_id)
                REFERENCES offers (partnership_id, giver_id, receiver_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_lead_contests_partnership_id ON lead_contests (partnership_id, recorded_at)")
    walls.shared("lead_contests", "giver_id", "receiver_id")
    walls.append_only("lead_contests")
    walls.grant("lead_contests", "SELECT, INSERT")
    op.execute(
        """
        CREATE FUNCTION lead_contests_are_settled() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF NOT EXISTS (
                SELECT FROM cases c JOIN offers o ON o.id = c.subject_id
                WHERE c.id = NEW.case_id AND c.partnership_id = NEW.partnership_id AND c.subject_id = NEW.offer_id
                  AND c.kind = 'lead_disqualified' AND c.opener_id = NEW.giver_id AND o.status = 'disqualified'
                  AND CASE NEW.step WHEN 'contested' THEN ctx_org() = NEW.giver_id
                                    WHEN 'corrected' THEN c.outcome = 'corrected' ELSE c.outcome = 'stands' END
            ) THEN
                RAISE EXCEPTION 'a disqualified lead is contested by its giver, and corrected by what a case came to'
                    USING ERRCODE = 'check_violation';
            END IF;
            NEW.recorded_at := clock_timestamp();
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER settled BEFORE INSERT ON lead_contests FOR EACH ROW EXECUTE FUNCTION lead_contests_are_settled()"
    )


def _reminders() -> None:
    op.execute(
        f"""
        CREATE TABLE reminders (
            organization_id uuid NOT NULL CONSTRAINT fk_reminders_organization_id REFERENCES organizations,
            offer_id uuid NOT NULL,
            alarm text NOT NULL CONSTRAINT ck_reminders_alarm CHECK (alarm IN ({ALARMS})),
            due_at timestamptz NOT NULL,
            partnership_id uuid NOT NULL,
            giver_id uuid NOT NULL,
            fired_at timestamptz NOT NULL,
            CONSTRAINT pk_reminders PRIMARY KEY (organization_id, offer_id, alarm, due_at),
            CONSTRAINT fk_reminders_offer FOREIGN KEY (partnership_id, giver_id, organization_id, offer_id)
                REFERENCES offers (partnership_id, giver_id, receiver_id, id)
        )
        """
    )
    walls.owned("reminders")
    walls.grant("reminders", "SELECT, INSERT")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE reminders")
    op.execute("DROP TABLE lead_contests")
    op.execute("DROP FUNCTION lead_contests_are_settled()")
    _updates("")
    _legal_steps(STEPS)
    _allow(STATUSES, REASONED)
    op.execute("ALTER TABLE offers DROP COLUMN follow_up_by, DROP COLUMN returns_at, DROP COLUMN snoozed_until")
