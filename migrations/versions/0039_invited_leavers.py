"""Whose account closes while they are asked to moderate is not asked; nobody reads that from the answer."""

from alembic import op

revision = "0039"
down_revision = "0038"

# The foreign key has waited for whoever closes the account; a statement of its own then reads what they did.
LOOK_AGAIN = """
            UPDATE moderations a SET organization_id = NULL, user_id = NULL
            FROM users u
            WHERE a.naming_id = which AND u.organization_id = a.organization_id AND u.id = a.user_id
              AND u.disabled_at IS NOT NULL;"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _invite(LOOK_AGAIN)


def _invite(look_again: str) -> None:
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
            END IF;
            INSERT INTO moderations (
                id, organization_id, user_id, partnership_id, naming_id, case_id, first_name, second_name, kind,
                status, received_at
            )
            SELECT gen_random_uuid(), u.organization_id, u.id, c.partnership_id, which, c.id, c.first_name,
                   c.second_name, c.kind, 'open', happened
            FROM cases c LEFT JOIN LATERAL (
                SELECT organization_id, id FROM users
                WHERE email = named.address AND disabled_at IS NULL
                  AND organization_id NOT IN (c.first_organization_id, c.second_organization_id)
                ORDER BY created_at, id LIMIT 1
            ) u ON true
            WHERE c.id = named.case_id;{look_again}
            RETURN true;
        END $$
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _invite("")
