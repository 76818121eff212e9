"""Mutual yes: of what one person would talk, that person's own alone, and the openings that two of them come to."""

import erasing
import walls
from alembic import op

revision = "0071"
down_revision = "0070"

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
)
HEARD = "matcher_hear_yes(uuid, uuid, timestamptz)"
FROZEN = """EXISTS (SELECT FROM mapping_freezes f WHERE f.partnership_id = said.partnership_id
                          AND (SELECT count(*) FROM mapping_lifts l WHERE l.freeze_id = f.id) < 2)"""
PRESENT = """JOIN partnership_members {name} ON {name}.organization_id = {yes}.organization_id
             AND {name}.id = {yes}.member_id AND {name}.left_at IS NULL"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _yeses()
    _openings()
    _walls()
    _hear()
    _ends()
    erasing.grant(erasing.OF_YESES)
    erasing.define(BEFORE + erasing.OF_YESES)


def _yeses() -> None:
    op.execute(
        """
        CREATE TABLE account_yeses (
            id uuid CONSTRAINT pk_account_yeses PRIMARY KEY,
            organization_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            account_id uuid NOT NULL,
            user_id uuid NOT NULL,
            member_id uuid NOT NULL,
            reach text NOT NULL CONSTRAINT ck_account_yeses_reach CHECK (length(reach) <= 200),
            said_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT uq_account_yeses_organization_id_id UNIQUE (organization_id, id),
            CONSTRAINT uq_account_yeses_once UNIQUE (organization_id, partnership_id, account_id, member_id),
            CONSTRAINT ck_account_yeses_expires CHECK (expires_at > said_at),
            CONSTRAINT fk_account_yeses_side FOREIGN KEY (partnership_id, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id),
            CONSTRAINT fk_account_yeses_account FOREIGN KEY (organization_id, account_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_account_yeses_user FOREIGN KEY (organization_id, user_id)
                REFERENCES users (organization_id, id),
            CONSTRAINT fk_account_yeses_member FOREIGN KEY (organization_id, member_id)
                REFERENCES partnership_members (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_account_yeses_user_id ON account_yeses (organization_id, user_id, said_at, id)")
    op.execute("CREATE INDEX ix_account_yeses_account_id ON account_yeses (organization_id, account_id)")
    op.execute("CREATE INDEX ix_account_yeses_member_id ON account_yeses (organization_id, member_id)")
    op.execute("CREATE INDEX ix_account_yeses_partnership_id ON account_yeses (partnership_id, organization_id)")


def _openings() -> None:
    """Copy what two yeses open; an opening goes with either of them."""
    sides = "".join(
        f"""
            {side}_organization_id uuid NOT NULL,
            {side}_yes_id uuid NOT NULL,
            {side}_member_id uuid NOT NULL,
            {side}_account text NOT NULL,
            {side}_reach text NOT NULL,
            CONSTRAINT uq_openings_{side}_yes UNIQUE ({side}_organization_id, {side}_yes_id),
            CONSTRAINT fk_openings_{side}_yes FOREIGN KEY ({side}_organization_id, {side}_yes_id)
                REFERENCES account_yeses (organization_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_openings_{side}_member FOREIGN KEY ({side}_organization_id, {side}_member_id)
                REFERENCES partnership_members (organization_id, id),"""
        for side in ("first", "second")
    )
    op.execute(
        f"""
        CREATE TABLE openings (
            id uuid CONSTRAINT pk_openings PRIMARY KEY,
            partnership_id uuid NOT NULL,
            mapping_id uuid NOT NULL,{sides}
            made_at timestamptz NOT NULL,
            CONSTRAINT ck_openings_sides CHECK (first_organization_id < second_organization_id),
            CONSTRAINT fk_openings_mapping FOREIGN KEY (partnership_id, mapping_id)
                REFERENCES mappings (partnership_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_openings_mapping_id ON openings (partnership_id, mapping_id)")
    for side in ("first", "second"):
        op.execute(f"CREATE INDEX ix_openings_{side}_member_id ON openings ({side}_organization_id, {side}_member_id)")


def _walls() -> None:
    walls.owned("account_yeses")
    walls.grant("account_yeses", "SELECT, INSERT, DELETE, UPDATE (reach, said_at, expires_at)")
    walls.shared("openings", "first_organization_id", "second_organization_id")
    walls.grant("openings", "SELECT")
    walls.grant_to(walls.roles().matcher, "account_yeses", "SELECT, DELETE")
    walls.grant_to(walls.roles().matcher, "openings", "SELECT, INSERT, DELETE")
    for table in ("account_yeses", "openings"):
        op.execute(f"CREATE POLICY for_{walls.roles().steps} ON {table} TO {walls.roles().steps} USING (true)")


def _hear() -> None:
    """Pair a yes of the caller's side with the oldest that answers it; nothing comes back, whether or not one does.

    The step looks at the companies the yes is about and at nothing else, so that it takes as long whatever else is said.
    """
    op.execute(
        f"""
        CREATE FUNCTION matcher_hear_yes(which uuid, opened uuid, at timestamptz) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            said account_yeses;
            about uuid[];
            cluster uuid;
        BEGIN
            SELECT * INTO said FROM account_yeses WHERE id = which AND organization_id = ctx_org();
            about := ARRAY(SELECT c.cluster_id FROM cluster_members c
                           WHERE c.organization_id = said.organization_id AND c.account_id = said.account_id
                             AND c.partnership_id = said.partnership_id ORDER BY c.cluster_id);
            -- Whoever says the other yes at this moment waits here, and then finds this one.
            FOREACH cluster IN ARRAY about LOOP
                PERFORM pg_advisory_xact_lock(hashtextextended('yes/' || cluster, 0));
            END LOOP;
            INSERT INTO openings (id, partnership_id, mapping_id, made_at,
                first_organization_id, first_yes_id, first_member_id, first_account, first_reach,
                second_organization_id, second_yes_id, second_member_id, second_account, second_reach)
            SELECT opened, j.partnership_id, j.mapping_id, at,
                one.organization_id, one.id, one.member_id, a.name, one.reach,
                other.organization_id, other.id, other.member_id, b.name, other.reach
            FROM joint_clusters j
            JOIN cluster_members c ON c.cluster_id = j.id AND c.organization_id = j.first_organization_id
            JOIN cluster_members d ON d.cluster_id = j.id AND d.organization_id = j.second_organization_id
            JOIN account_yeses one ON one.organization_id = c.organization_id AND one.account_id = c.account_id
             AND one.partnership_id = j.partnership_id AND one.expires_at > at
            JOIN account_yeses other ON other.organization_id = d.organization_id AND other.account_id = d.account_id
             AND other.partnership_id = j.partnership_id AND other.expires_at > at
            {PRESENT.format(name="m", yes="one")}
            {PRESENT.format(name="n", yes="other")}
            JOIN accounts a ON a.organization_id = one.organization_id AND a.id = one.account_id
            JOIN accounts b ON b.organization_id = other.organization_id AND b.id = other.account_id
            WHERE j.id = ANY (about) AND said.id IN (one.id, other.id)
              AND EXISTS (SELECT FROM partnerships p WHERE p.id = j.partnership_id
                          AND p.status NOT IN ('paused', 'ended'))
              AND NOT {FROZEN}
              AND NOT EXISTS (SELECT FROM openings o WHERE (o.first_organization_id, o.first_yes_id)
                                                         = (one.organization_id, one.id))
              AND NOT EXISTS (SELECT FROM openings o WHERE (o.second_organization_id, o.second_yes_id)
                                                         = (other.organization_id, other.id))
            ORDER BY greatest(one.said_at, other.said_at), least(one.said_at, other.said_at), one.id, other.id
            LIMIT 1;
        END $$
        """
    )
    walls.definer(walls.roles().matcher, HEARD)


def _ends() -> None:
    """Take openings away with the mapping they rest on, and yeses with their partnership."""
    for name, table, ended, gone in (
        (
            "openings_end",
            "mappings",
            "stopped",
            "openings WHERE partnership_id = NEW.partnership_id AND mapping_id = NEW.id",
        ),
        ("yeses_end", "partnerships", "ended", "account_yeses WHERE partnership_id = NEW.id"),
    ):
        op.execute(
            f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path = public, pg_temp AS $$
            BEGIN
                DELETE FROM {gone};
                RETURN NULL;
            END $$
            """
        )
        walls.definer(walls.roles().matcher, f"{name}()")
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name}() FROM {walls.roles().app}, {walls.roles().worker}")
        op.execute(
            f"CREATE TRIGGER {name} AFTER UPDATE OF status ON {table} FOR EACH ROW"
            f" WHEN (NEW.status = '{ended}' AND OLD.status <> '{ended}') EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    op.execute("DROP TRIGGER yeses_end ON partnerships")
    op.execute("DROP TRIGGER openings_end ON mappings")
    for name in ("yeses_end()", "openings_end()", HEARD):
        op.execute(f"DROP FUNCTION {name}")
    for table in ("openings", "account_yeses"):
        op.execute(f"DROP TABLE {table}")
