"""Who of both sides works on a deal, and what they write to each other about it: comments and next steps."""

import erasing
import walls
from alembic import op

revision = "0096"
down_revision = "0095"

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
)
BOTH = """partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL"""
OF_DEAL = """FOREIGN KEY (partnership_id, first_organization_id, second_organization_id, deal_id)
                REFERENCES deals (partnership_id, first_organization_id, second_organization_id, id)
                ON DELETE CASCADE"""
OF_MEMBER = "REFERENCES partnership_members (organization_id, id)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _people()
    _entries()
    erasing.grant(erasing.OF_DEAL_ENTRIES)
    walls.grant_to(walls.roles().steps, "deal_entries", "SELECT (id)")
    erasing.define(BEFORE + erasing.OF_DEAL_ENTRIES)


def _people() -> None:
    op.execute(
        f"""
        CREATE TABLE deal_people (
            id uuid CONSTRAINT pk_deal_people PRIMARY KEY,
            {BOTH},
            deal_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            member_id uuid NOT NULL,
            named_at timestamptz NOT NULL,
            CONSTRAINT uq_deal_people_member UNIQUE (partnership_id, deal_id, member_id),
            CONSTRAINT ck_deal_people_side CHECK (organization_id IN (first_organization_id, second_organization_id)),
            CONSTRAINT fk_deal_people_deal {OF_DEAL},
            CONSTRAINT fk_deal_people_member FOREIGN KEY (organization_id, member_id) {OF_MEMBER}
        )
        """
    )
    op.execute("CREATE INDEX ix_deal_people_member_id ON deal_people (organization_id, member_id)")
    op.execute(
        "CREATE INDEX ix_deal_people_deal_id ON deal_people"
        " (partnership_id, first_organization_id, second_organization_id, deal_id)"
    )
    walls.shared("deal_people", "first_organization_id", "second_organization_id")
    walls.only_writer("deal_people", "organization_id")
    walls.grant("deal_people", "SELECT, INSERT, DELETE")


def _entries() -> None:
    op.execute(
        f"""
        CREATE TABLE deal_entries (
            id uuid CONSTRAINT pk_deal_entries PRIMARY KEY,
            {BOTH},
            deal_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            author_id uuid NOT NULL,
            kind text NOT NULL CONSTRAINT ck_deal_entries_kind CHECK (kind IN ('comment', 'next_step')),
            text text NOT NULL CONSTRAINT ck_deal_entries_text CHECK (length(text) BETWEEN 1 AND 2000),
            mentioned uuid[] NOT NULL CONSTRAINT ck_deal_entries_mentioned CHECK (cardinality(mentioned) <= 20),
            due_on date,
            done_at timestamptz,
            added_at timestamptz NOT NULL,
            CONSTRAINT ck_deal_entries_step CHECK (kind = 'next_step' OR num_nonnulls(due_on, done_at) = 0),
            CONSTRAINT ck_deal_entries_side CHECK (organization_id IN (first_organization_id, second_organization_id)),
            CONSTRAINT fk_deal_entries_deal {OF_DEAL},
            CONSTRAINT fk_deal_entries_author FOREIGN KEY (organization_id, author_id) {OF_MEMBER}
        )
        """
    )
    op.execute("CREATE INDEX ix_deal_entries_author_id ON deal_entries (organization_id, author_id)")
    op.execute(
        "CREATE INDEX ix_deal_entries_deal_id ON deal_entries"
        " (partnership_id, first_organization_id, second_organization_id, deal_id)"
    )
    op.execute("CREATE INDEX ix_deal_entries_of ON deal_entries (deal_id, added_at, id)")
    people = f"{walls.roles().app}, {walls.roles().worker}"
    walls.shared("deal_entries", "first_organization_id", "second_organization_id")
    op.execute(
        f"CREATE POLICY own_adds ON deal_entries AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (organization_id = (SELECT ctx_org()))"
    )
    walls.grant("deal_entries", "SELECT, INSERT, UPDATE (done_at)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    for table in ("deal_entries", "deal_people"):
        op.execute(f"DROP TABLE {table}")
