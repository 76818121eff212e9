"""Value propositions both sides agree on, who checked what they know of one, coverage by months, and the pulse."""

import erasing
import walls
from alembic import op

revision = "0083"
down_revision = "0082"

BEFORE = (
    erasing.FIRST
    + erasing.OF_CONTACTS
    + erasing.OF_OWN_WORDS
    + erasing.OF_IMPORTS
    + erasing.OF_REQUESTS
    + erasing.OF_ROUNDS
    + erasing.OF_ACCOUNTS
    + erasing.OF_ACCOUNT_FILES
    + erasing.OF_POPULATIONS
    + erasing.OF_MAPPINGS
    + erasing.OF_JOINT_ACCOUNTS
    + erasing.OF_YESES
    + erasing.OF_ENABLEMENT
    + erasing.OF_JOINT_PLANS
    + erasing.OF_REGISTRATIONS
)
SIDE = """
    partnership_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    other_id uuid NOT NULL,
    CONSTRAINT fk_{table}_side FOREIGN KEY (partnership_id, organization_id, other_id)
        REFERENCES partnership_sides (partnership_id, organization_id, other_id)
"""
OWN = """
    organization_id uuid NOT NULL,
    partnership_id uuid NOT NULL,
    CONSTRAINT fk_{table}_side FOREIGN KEY (partnership_id, organization_id)
        REFERENCES partnership_sides (partnership_id, organization_id)
"""
USER = "FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)"
MONTH = "CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$')"
TENTHS = "CHECK (percent BETWEEN 10 AND 90 AND percent % 10 = 0)"
OWNED = ("proposition_checks", "coverage_groups", "pulse_rounds", "pulse_givers")
TABLES = (
    "pulse_givers",
    "pulse_rounds",
    "coverage_groups",
    "coverage_months",
    "proposition_checks",
    "value_propositions",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _propositions()
    _consented()
    _coverage()
    _pulse()
    for table in OWNED:
        walls.owned(table)
    for table in ("value_propositions", "coverage_months"):
        walls.shared(table, "organization_id", "other_id")
    _rights()
    _ends()
    erasing.grant(erasing.OF_PROPOSITIONS)
    erasing.define(BEFORE + erasing.OF_PROPOSITIONS)


def _propositions() -> None:
    op.execute(
        f"""
        CREATE TABLE value_propositions (
            id uuid CONSTRAINT pk_value_propositions PRIMARY KEY,
            {SIDE.format(table="value_propositions")},
            locale text NOT NULL CONSTRAINT ck_value_propositions_locale CHECK (locale ~ '^[a-z][a-z]$'),
            industry text NOT NULL CONSTRAINT ck_value_propositions_industry CHECK (length(industry) <= 100),
            sentences text[] NOT NULL CONSTRAINT ck_value_propositions_sentences CHECK (cardinality(sentences) = 3),
            question text NOT NULL CONSTRAINT ck_value_propositions_question CHECK (length(question) BETWEEN 1 AND 500),
            answers text[] NOT NULL CONSTRAINT ck_value_propositions_answers CHECK (cardinality(answers) BETWEEN 2 AND 8),
            right_answer bigint NOT NULL,
            status text NOT NULL CONSTRAINT ck_value_propositions_status
                CHECK (status IN ('proposed', 'agreed', 'declined', 'withdrawn')),
            version bigint,
            proposed_at timestamptz NOT NULL,
            answered_at timestamptz,
            CONSTRAINT uq_value_propositions_partnership_id_id UNIQUE (partnership_id, id),
            CONSTRAINT ck_value_propositions_right CHECK (right_answer BETWEEN 0 AND cardinality(answers) - 1),
            CONSTRAINT ck_value_propositions_version CHECK ((status = 'agreed') = (version IS NOT NULL)),
            CONSTRAINT ck_value_propositions_answered CHECK ((status = 'proposed') = (answered_at IS NULL))
        )
        """
    )
    key = "value_propositions (partnership_id, locale, lower(industry)"
    op.execute(f"CREATE UNIQUE INDEX uq_value_propositions_open ON {key}) WHERE status = 'proposed'")
    op.execute(f"CREATE UNIQUE INDEX uq_value_propositions_version ON {key}, version) WHERE version IS NOT NULL")
    op.execute("CREATE INDEX ix_value_propositions_proposed_at ON value_propositions (partnership_id, proposed_at, id)")
    op.execute(
        f"""
        CREATE TABLE proposition_checks (
            id uuid CONSTRAINT pk_proposition_checks PRIMARY KEY,
            organization_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            proposition_id uuid NOT NULL,
            user_id uuid NOT NULL,
            is_right boolean NOT NULL,
            answered_at timestamptz NOT NULL,
            CONSTRAINT fk_proposition_checks_proposition FOREIGN KEY (partnership_id, proposition_id)
                REFERENCES value_propositions (partnership_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_proposition_checks_user {USER}
        )
        """
    )
    op.execute("CREATE INDEX ix_proposition_checks_user_id ON proposition_checks (organization_id, user_id)")
    op.execute(
        "CREATE INDEX ix_proposition_checks_proposition_id ON proposition_checks (partnership_id, proposition_id)"
    )


def _consented() -> None:
    """Let only the other side agree or decline, only the proposer withdraw, and nobody change what was said."""
    op.execute(
        """
        CREATE FUNCTION propositions_are_consented() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF OLD.status = 'proposed' AND (
                NEW.status IN ('agreed', 'declined') AND ctx_org() = OLD.other_id
                OR NEW.status = 'withdrawn' AND ctx_org() = OLD.organization_id)
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'a value proposition cannot go from % to % by this side', OLD.status, NEW.status
                USING ERRCODE = 'check_violation';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER consented BEFORE UPDATE ON value_propositions FOR EACH ROW WHEN (NOT erasing())"
        " EXECUTE FUNCTION propositions_are_consented()"
    )


def _coverage() -> None:
    op.execute(
        f"""
        CREATE TABLE coverage_months (
            {SIDE.format(table="coverage_months")},
            month text NOT NULL CONSTRAINT ck_coverage_months_month {MONTH},
            percent bigint CONSTRAINT ck_coverage_months_percent {TENTHS},
            CONSTRAINT pk_coverage_months PRIMARY KEY (partnership_id, organization_id, month)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE coverage_groups (
            {OWN.format(table="coverage_groups")},
            month text NOT NULL CONSTRAINT ck_coverage_groups_month {MONTH},
            dimension text NOT NULL CONSTRAINT ck_coverage_groups_dimension CHECK (dimension IN ('team', 'region')),
            place bigint NOT NULL,
            team_ids uuid[] NOT NULL,
            countries text[] NOT NULL,
            with_others boolean NOT NULL,
            people bigint NOT NULL CONSTRAINT ck_coverage_groups_people CHECK (people >= 8),
            percent bigint NOT NULL CONSTRAINT ck_coverage_groups_percent {TENTHS},
            CONSTRAINT pk_coverage_groups PRIMARY KEY (organization_id, partnership_id, month, dimension, place)
        )
        """
    )


def _pulse() -> None:
    """Keep tallies in one row of a round, so that nothing in a row says whose answer changed it last."""
    op.execute(
        f"""
        CREATE TABLE pulse_rounds (
            id uuid CONSTRAINT pk_pulse_rounds PRIMARY KEY,
            {OWN.format(table="pulse_rounds")},
            opened_at timestamptz NOT NULL,
            closes_at timestamptz NOT NULL,
            answers bigint NOT NULL DEFAULT 0,
            trusting bigint NOT NULL DEFAULT 0,
            CONSTRAINT uq_pulse_rounds_organization_id_id UNIQUE (organization_id, id),
            CONSTRAINT ck_pulse_rounds_closes CHECK (closes_at > opened_at),
            CONSTRAINT ck_pulse_rounds_trusting CHECK (trusting BETWEEN 0 AND answers)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_pulse_rounds_partnership_id ON pulse_rounds (organization_id, partnership_id, opened_at)"
    )
    op.execute(
        f"""
        CREATE TABLE pulse_givers (
            organization_id uuid NOT NULL,
            round_id uuid NOT NULL,
            user_id uuid NOT NULL,
            CONSTRAINT pk_pulse_givers PRIMARY KEY (organization_id, round_id, user_id),
            CONSTRAINT fk_pulse_givers_round FOREIGN KEY (organization_id, round_id)
                REFERENCES pulse_rounds (organization_id, id),
            CONSTRAINT fk_pulse_givers_user {USER}
        )
        """
    )
    op.execute("CREATE INDEX ix_pulse_givers_user_id ON pulse_givers (organization_id, user_id)")


def _rights() -> None:
    people = f"{walls.roles().app}, {walls.roles().worker}"
    op.execute(
        f"CREATE POLICY own_adds ON value_propositions AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (organization_id = (SELECT ctx_org()) AND status = 'proposed')"
    )
    walls.grant("value_propositions", "SELECT, INSERT, UPDATE (status, version, answered_at)")
    walls.grant("proposition_checks", "SELECT, INSERT")
    walls.only_writer("coverage_months", "organization_id")
    walls.grant("coverage_months", "SELECT, INSERT")
    walls.grant("coverage_groups", "SELECT, INSERT")
    walls.grant("pulse_rounds", "SELECT, INSERT, UPDATE (answers, trusting)")
    walls.grant("pulse_givers", "SELECT, INSERT")


def _ends() -> None:
    steps = walls.roles().steps
    for table in ("value_propositions", "coverage_months"):
        walls.grant_to(steps, table, "SELECT, DELETE")
    op.execute(
        """
        CREATE FUNCTION propositions_end() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM value_propositions WHERE partnership_id = NEW.id;
            DELETE FROM coverage_months WHERE partnership_id = NEW.id;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER propositions_end AFTER UPDATE OF status ON partnerships FOR EACH ROW"
        " WHEN (NEW.status = 'ended' AND OLD.status <> 'ended') EXECUTE FUNCTION propositions_end()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    op.execute("DROP TRIGGER propositions_end ON partnerships")
    op.execute("DROP FUNCTION propositions_end()")
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION propositions_are_consented()")
