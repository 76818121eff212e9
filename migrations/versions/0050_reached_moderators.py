"""An invitation to moderate that waits for its addressee's account reaches it with the account, also those open today."""

import walls
from alembic import op

revision = "0050"
down_revision = "0049"

# Whose an address is, of a case `c` between others; one rule, at asking and later.
MODERATOR = """SELECT organization_id, id FROM users
                WHERE email = {address} AND disabled_at IS NULL
                  AND organization_id NOT IN (c.first_organization_id, c.second_organization_id)
                ORDER BY created_at, id LIMIT 1"""
# Asking an address and giving it an account wait for each other, so that neither overlooks the other.
HOLD = "PERFORM pg_advisory_xact_lock(hashtextextended('addressee/' || {address}, 0));"
REACHED = """UPDATE moderations a SET organization_id = u.organization_id, user_id = u.id, received_at = {happened}
            FROM case_moderators n JOIN cases c ON c.id = n.case_id
            CROSS JOIN LATERAL ({moderator}) u
            WHERE n.id = a.naming_id AND n.status = 'invited' AND a.status = 'open' AND a.organization_id IS NULL"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE INDEX ix_case_moderators_address ON case_moderators (address) WHERE status = 'invited'")
    _invite(f"""
            {HOLD.format(address="named.address")}""")
    _reach()
    _of_what_stands_open()


def _invite(hold: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION step_invite_moderator(which uuid, happened timestamptz) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            named case_moderators;
        BEGIN
            UPDATE case_moderators SET status = 'invited'
            WHERE id = which AND status = 'named'
              AND (named_by_id <> ctx_org() OR address = terms_moderator(partnership_id, happened))
              AND ctx_org() IN (first_organization_id, second_organization_id)
            RETURNING * INTO named;
            IF NOT FOUND THEN
                RETURN false;
            END IF;{hold}
            INSERT INTO moderations (
                id, organization_id, user_id, partnership_id, naming_id, case_id, first_name, second_name, kind,
                status, received_at
            )
            SELECT gen_random_uuid(), u.organization_id, u.id, c.partnership_id, which, c.id, c.first_name,
                   c.second_name, c.kind, 'open', happened
            FROM cases c LEFT JOIN LATERAL (
                {MODERATOR.format(address="named.address")}
            ) u ON true
            WHERE c.id = named.case_id;
            UPDATE moderations a SET organization_id = NULL, user_id = NULL
            FROM users u
            WHERE a.naming_id = which AND u.organization_id = a.organization_id AND u.id = a.user_id
              AND u.disabled_at IS NOT NULL;
            RETURN true;
        END $$
        """
    )


def _reach() -> None:
    op.execute(
        f"""
        CREATE FUNCTION step_reach_moderations(who uuid, happened timestamptz) RETURNS SETOF uuid
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            mine text;
        BEGIN
            SELECT email INTO mine FROM users
            WHERE id = who AND organization_id = ctx_org() AND disabled_at IS NULL;
            IF NOT FOUND THEN
                RETURN;
            END IF;
            {HOLD.format(address="mine")}
            RETURN QUERY {REACHED.format(happened="happened", moderator=MODERATOR.format(address="mine"))}
              AND n.address = mine AND u.id = who
            RETURNING a.id;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_reach_moderations(uuid, timestamptz)")


def _of_what_stands_open() -> None:
    """Let what waits today reach who has an account by now; the owner sees rows only while no wall is forced on it."""
    tables = ("case_moderators", "cases", "moderations", "users")
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(REACHED.format(happened="clock_timestamp()", moderator=MODERATOR.format(address="n.address")))
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_reach_moderations(uuid, timestamptz)")
    _invite("")
    op.execute("DROP INDEX ix_case_moderators_address")
