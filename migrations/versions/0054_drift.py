"""What each completed month lets be said of an exchange, and cases that the record itself opens and closes."""

import walls
from alembic import op

revision = "0054"
down_revision = "0053"

SIDES = "partnership_id, first_organization_id, second_organization_id"
KINDS = (
    "'claim', 'statement', 'question', 'evidence', 'proposal', 'decision', 'submission', 'withdrawal', 'closing'{more}"
)
STEP = """
        CREATE OR REPLACE FUNCTION cases_step_is_legal() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        DECLARE
            party text := CASE ctx_org() WHEN OLD.opener_id THEN {opener} WHEN OLD.first_organization_id THEN 'other'
                          WHEN OLD.second_organization_id THEN 'other' WHEN OLD.submitted_to_id THEN 'moderator' END;
        BEGIN
            IF NEW.status = 'closed' AND EXISTS (
                SELECT FROM partnerships WHERE id = OLD.partnership_id AND status = 'ended'
            ) THEN
                RETURN NEW;
            END IF;
            IF NEW.status <> OLD.status AND (OLD.status, NEW.status, party) NOT IN (
                ('open', 'in_discussion', 'other'), ('open', 'in_discussion', 'moderator'),
                ('open', 'decided', 'opener'), ('open', 'decided', 'other'), ('open', 'decided', 'moderator'),
                ('open', 'withdrawn', 'opener'),
                ('in_discussion', 'decided', 'opener'), ('in_discussion', 'decided', 'other'),
                ('in_discussion', 'decided', 'moderator'), ('in_discussion', 'withdrawn', 'opener'),
                ('decided', 'closed', 'opener'), ('decided', 'closed', 'other')
            ){closes} THEN
                RAISE EXCEPTION 'a case cannot go from % to % by its %', OLD.status, NEW.status, party
                    USING ERRCODE = 'check_violation';
            END IF;
            IF party IS NULL
               OR NEW.version <> OLD.version + 1
               OR (NEW.outcome IS DISTINCT FROM OLD.outcome AND NOT (OLD.outcome IS NULL AND NEW.status = 'decided'))
               OR ((NEW.proposal_id, NEW.proposed_by_id) IS DISTINCT FROM (OLD.proposal_id, OLD.proposed_by_id) AND (
                   OLD.status NOT IN ('open', 'in_discussion') OR NEW.status = 'decided' OR NOT EXISTS (
                       SELECT FROM case_entries e
                       WHERE e.id = NEW.proposal_id AND e.case_id = NEW.id AND e.kind = 'proposal'
                         AND e.author_id = NEW.proposed_by_id AND e.author_id = ctx_org()
                   )))
               OR (NEW.status = 'decided' AND NEW.outcome IS NULL)
               OR (OLD.decided_by IS NOT NULL AND (NEW.decided_by, NEW.decided_at)
                   IS DISTINCT FROM (OLD.decided_by, OLD.decided_at))
               OR (NEW.decided_by = 'both' AND OLD.decided_by IS NULL AND NOT EXISTS (
                   SELECT FROM case_entries e
                   WHERE e.id = OLD.proposal_id AND e.case_id = OLD.id AND e.outcome = NEW.outcome))
               OR (NEW.decided_by = 'both' AND OLD.decided_by IS NULL
                   AND (OLD.proposed_by_id IS NULL OR OLD.proposed_by_id = ctx_org() OR party = 'moderator'))
               OR (NEW.decided_by = 'moderator' AND OLD.decided_by IS NULL AND party <> 'moderator')
            THEN
                RAISE EXCEPTION 'a case is decided by both sides or by its moderator, and each speaks for itself'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
BEFORE = {"opener": "'opener'", "closes": ""}
NOW = {
    "opener": "CASE WHEN OLD.subject IS NOT DISTINCT FROM 'partnerships' THEN 'other' ELSE 'opener' END",
    "closes": """ AND NOT (
                OLD.kind = 'cause_analysis' AND OLD.subject IS NOT DISTINCT FROM 'partnerships' AND party = 'other'
                AND OLD.status IN ('open', 'in_discussion') AND NEW.status = 'closed'
            )""",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _entries(", 'finding'", "kind IN ('evidence', 'finding')")
    op.execute(STEP.format(**NOW))
    op.execute(
        "CREATE UNIQUE INDEX uq_cases_of_the_record ON cases (partnership_id)"
        " WHERE subject = 'partnerships' AND closed_at IS NULL"
    )
    _readings()


def _entries(more: str, titled: str) -> None:
    op.execute(
        "ALTER TABLE case_entries DROP CONSTRAINT ck_case_entries_kind, DROP CONSTRAINT ck_case_entries_evidence,"
        f" ADD CONSTRAINT ck_case_entries_kind CHECK (kind IN ({KINDS.format(more=more)})),"
        f" ADD CONSTRAINT ck_case_entries_evidence CHECK (({titled}) = (title IS NOT NULL))"
    )


def _readings() -> None:
    op.execute(
        f"""
        CREATE TABLE drift_readings (
            partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL,
            month text NOT NULL CONSTRAINT ck_drift_readings_month CHECK (month ~ '^[0-9]{{4}}-[0-9]{{2}}$'),
            share_percent bigint NOT NULL,
            tolerance_points bigint NOT NULL,
            measure text NOT NULL CONSTRAINT ck_drift_readings_measure
                CHECK (measure IN ('offered', 'accepted', 'qualified', 'won')),
            window_months bigint,
            signal text NOT NULL CONSTRAINT ck_drift_readings_signal CHECK (signal IN ('left', 'back', 'unclear')),
            first bigint NOT NULL CONSTRAINT ck_drift_readings_first CHECK (first >= 0),
            second bigint NOT NULL CONSTRAINT ck_drift_readings_second CHECK (second >= 0),
            low_permille bigint,
            high_permille bigint,
            ahead_id uuid CONSTRAINT ck_drift_readings_ahead
                CHECK (ahead_id IN (first_organization_id, second_organization_id)),
            is_outside boolean NOT NULL,
            backs bigint NOT NULL CONSTRAINT ck_drift_readings_backs CHECK (backs BETWEEN 0 AND 1),
            change text CONSTRAINT ck_drift_readings_change CHECK (change IN ('opens', 'closes', 'lapses')),
            case_id uuid,
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT pk_drift_readings PRIMARY KEY (partnership_id, month),
            CONSTRAINT fk_drift_readings_sides FOREIGN KEY ({SIDES})
                REFERENCES partnership_sides (partnership_id, organization_id, other_id),
            CONSTRAINT ck_drift_readings_sides CHECK (first_organization_id < second_organization_id),
            CONSTRAINT fk_drift_readings_case FOREIGN KEY ({SIDES}, case_id) REFERENCES cases ({SIDES}, id),
            CONSTRAINT ck_drift_readings_interval CHECK ((low_permille IS NULL) = (high_permille IS NULL)),
            CONSTRAINT ck_drift_readings_case CHECK (change IS NULL OR case_id IS NOT NULL)
        )
        """
    )
    op.execute("CREATE INDEX ix_drift_readings_case_id ON drift_readings (case_id) WHERE case_id IS NOT NULL")
    op.execute(
        "CREATE TRIGGER recorded_now BEFORE INSERT ON drift_readings FOR EACH ROW EXECUTE FUNCTION recorded_at_now()"
    )
    people = f"{walls.roles().app}, {walls.roles().worker}"
    walls.shared("drift_readings", "first_organization_id", "second_organization_id")
    op.execute(
        f"CREATE POLICY own_adds ON drift_readings AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (first_organization_id = (SELECT ctx_org()))"
    )
    walls.grant("drift_readings", "SELECT, INSERT")
    walls.append_only("drift_readings")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE drift_readings")
    op.execute("DROP INDEX uq_cases_of_the_record")
    op.execute(STEP.format(**BEFORE))
    op.execute("ALTER TABLE case_entries NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE case_entries SET kind = 'evidence' WHERE kind = 'finding'")
    op.execute("ALTER TABLE case_entries FORCE ROW LEVEL SECURITY")
    _entries("", "kind = 'evidence'")
