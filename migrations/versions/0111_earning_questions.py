"""What sellers ask about a posting of their statement, with a clock; read by who asks and who pays, in one company."""

import erasing
import walls
from alembic import op

revision = "0111"
down_revision = "0110"

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
    + erasing.OF_PROPOSITIONS
    + erasing.OF_SIGHTINGS
    + erasing.OF_DEAL_BOOKS
    + erasing.OF_DEAL_ENTRIES
    + erasing.OF_REGISTRATION_DRAFTS
    + erasing.OF_DEAL_FILES
)
USER = "REFERENCES users (organization_id, id)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        f"""
        CREATE TABLE earning_questions (
            organization_id uuid NOT NULL CONSTRAINT fk_earning_questions_organization_id REFERENCES organizations,
            id uuid NOT NULL,
            journal_id uuid NOT NULL,
            user_id uuid NOT NULL,
            question text NOT NULL CONSTRAINT ck_earning_questions_question CHECK (length(question) <= 1000),
            asked_at timestamptz NOT NULL,
            due_at timestamptz NOT NULL CONSTRAINT ck_earning_questions_due_at CHECK (due_at > asked_at),
            answer text CONSTRAINT ck_earning_questions_answer CHECK (length(answer) <= 1000),
            answered_by uuid CONSTRAINT ck_earning_questions_by_another CHECK (answered_by <> user_id),
            answered_at timestamptz,
            withdrawn_at timestamptz,
            CONSTRAINT pk_earning_questions PRIMARY KEY (organization_id, id),
            CONSTRAINT ck_earning_questions_answered CHECK (
                num_nulls(answer, answered_by, answered_at) IN (0, 3) AND num_nulls(answered_at, withdrawn_at) > 0),
            CONSTRAINT fk_earning_questions_journal FOREIGN KEY (organization_id, journal_id)
                REFERENCES journals (organization_id, id),
            CONSTRAINT fk_earning_questions_user FOREIGN KEY (organization_id, user_id) {USER},
            CONSTRAINT fk_earning_questions_answered_by FOREIGN KEY (organization_id, answered_by) {USER}
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_earning_questions_open ON earning_questions (organization_id, journal_id, user_id)"
        " WHERE answered_at IS NULL AND withdrawn_at IS NULL"
    )
    for name in ("journal_id", "answered_by"):
        op.execute(f"CREATE INDEX ix_earning_questions_{name} ON earning_questions (organization_id, {name})")
    for name, columns in (("asked_at", "asked_at, id"), ("user_id", "user_id, asked_at, id")):
        op.execute(f"CREATE INDEX ix_earning_questions_{name} ON earning_questions (organization_id, {columns})")
    walls.owned("earning_questions")
    walls.grant("earning_questions", "SELECT, INSERT, UPDATE (answer, answered_by, answered_at, withdrawn_at)")
    erasing.grant(erasing.OF_EARNING_QUESTIONS)
    erasing.define(BEFORE + erasing.OF_EARNING_QUESTIONS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    op.execute("DROP TABLE earning_questions")
