"""What both sides plan for a joint account and who works on it (shared), and what each notes for itself (owned)."""

import erasing
import walls
from alembic import op

revision = "0075"
down_revision = "0074"

BOTH = """
    partnership_id uuid NOT NULL,
    first_organization_id uuid NOT NULL,
    second_organization_id uuid NOT NULL
"""
OF_JOINT = """FOREIGN KEY (partnership_id, first_organization_id, second_organization_id, joint_account_id)
    REFERENCES joint_accounts (partnership_id, first_organization_id, second_organization_id, id) ON DELETE CASCADE"""
ERASED = (
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
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        ALTER TABLE joint_accounts
            ADD COLUMN goal text CONSTRAINT ck_joint_accounts_goal CHECK (length(goal) BETWEEN 1 AND 2000),
            ADD COLUMN proposition text
                CONSTRAINT ck_joint_accounts_proposition CHECK (length(proposition) BETWEEN 1 AND 2000)
        """
    )
    op.execute(
        "ALTER TABLE joint_account_sides ADD COLUMN notes text"
        " CONSTRAINT ck_joint_account_sides_notes CHECK (length(notes) BETWEEN 1 AND 10000)"
    )
    walls.grant("joint_accounts", "UPDATE (goal, proposition)")
    walls.grant("joint_account_sides", "UPDATE (notes)")
    _team()
    _items()
    _erasing()


def _team() -> None:
    op.execute(
        f"""
        CREATE TABLE joint_account_people (
            id uuid CONSTRAINT pk_joint_account_people PRIMARY KEY,
            {BOTH},
            joint_account_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            member_id uuid NOT NULL,
            named_at timestamptz NOT NULL,
            CONSTRAINT uq_joint_account_people_member UNIQUE (partnership_id, joint_account_id, member_id),
            CONSTRAINT ck_joint_account_people_side
                CHECK (organization_id IN (first_organization_id, second_organization_id)),
            CONSTRAINT fk_joint_account_people_joint_account {OF_JOINT},
            CONSTRAINT fk_joint_account_people_member FOREIGN KEY (organization_id, member_id)
                REFERENCES partnership_members (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_joint_account_people_member_id ON joint_account_people (organization_id, member_id)")
    walls.shared("joint_account_people", "first_organization_id", "second_organization_id")
    walls.only_writer("joint_account_people", "organization_id")
    walls.grant("joint_account_people", "SELECT, INSERT, DELETE")


def _items() -> None:
    op.execute(
        f"""
        CREATE TABLE joint_plan_items (
            id uuid CONSTRAINT pk_joint_plan_items PRIMARY KEY,
            {BOTH},
            joint_account_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            kind text NOT NULL CONSTRAINT ck_joint_plan_items_kind CHECK (kind IN ('stakeholder', 'play', 'next_step')),
            text text NOT NULL CONSTRAINT ck_joint_plan_items_text CHECK (length(text) BETWEEN 1 AND 500),
            stance text CONSTRAINT ck_joint_plan_items_stance
                CHECK (stance IN ('supports', 'neutral', 'against', 'unknown')),
            owner_organization_id uuid,
            owner_member_id uuid,
            due_on date,
            done_at timestamptz,
            added_at timestamptz NOT NULL,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT uq_joint_plan_items_partnership_id_id UNIQUE (partnership_id, id),
            CONSTRAINT ck_joint_plan_items_side
                CHECK (organization_id IN (first_organization_id, second_organization_id)),
            CONSTRAINT ck_joint_plan_items_stakeholder CHECK ((kind = 'stakeholder') = (stance IS NOT NULL)),
            CONSTRAINT ck_joint_plan_items_next_step
                CHECK (kind = 'next_step' OR num_nonnulls(owner_member_id, due_on, done_at) = 0),
            CONSTRAINT ck_joint_plan_items_owner CHECK (
                num_nonnulls(owner_organization_id, owner_member_id) IN (0, 2)
                AND (done_at IS NULL OR owner_member_id IS NULL)
                AND owner_organization_id IN (first_organization_id, second_organization_id)),
            CONSTRAINT fk_joint_plan_items_joint_account {OF_JOINT},
            CONSTRAINT fk_joint_plan_items_owner FOREIGN KEY (owner_organization_id, owner_member_id)
                REFERENCES partnership_members (organization_id, id)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_joint_plan_items_joint_account_id"
        " ON joint_plan_items (partnership_id, joint_account_id, kind, added_at, id)"
    )
    op.execute("CREATE INDEX ix_joint_plan_items_owner ON joint_plan_items (owner_organization_id, owner_member_id)")
    walls.shared("joint_plan_items", "first_organization_id", "second_organization_id")
    people = f"{walls.roles().app}, {walls.roles().worker}"
    mine = "organization_id = (SELECT ctx_org())"
    op.execute(f"CREATE POLICY own_adds ON joint_plan_items AS RESTRICTIVE FOR INSERT TO {people} WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY own_removes ON joint_plan_items AS RESTRICTIVE FOR DELETE TO {people} USING ({mine})")
    changed = "text, stance, owner_organization_id, owner_member_id, due_on, done_at, version"
    walls.grant("joint_plan_items", f"SELECT, INSERT, UPDATE ({changed}), DELETE")
    for table in ("joint_plan_items", "joint_account_sides"):
        steps = walls.roles().steps
        op.execute(f"CREATE POLICY for_{steps} ON {table} TO {steps} USING (true) WITH CHECK (true)")


def _erasing() -> None:
    op.execute(f"GRANT SELECT (id) ON joint_plan_items TO {walls.roles().steps}")
    erasing.grant(erasing.OF_JOINT_PLANS)
    erasing.define(ERASED + erasing.OF_JOINT_PLANS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(ERASED)
    erasing.revoke(erasing.OF_JOINT_PLANS)
    erasing.grant(erasing.OF_JOINT_ACCOUNTS)
    op.execute(f"DROP POLICY for_{walls.roles().steps} ON joint_account_sides")
    for table in ("joint_plan_items", "joint_account_people"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE joint_account_sides DROP COLUMN notes")
    op.execute("ALTER TABLE joint_accounts DROP COLUMN goal, DROP COLUMN proposition")
