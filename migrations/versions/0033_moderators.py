"""Moderators are asked by whom the terms name, told of what waits for them, and followed by a successor."""

import walls
from alembic import op

revision = "0033"
down_revision = "0032"

ANSWER = "step_answer_moderation(uuid, uuid, boolean, text, timestamptz)"
INVITE = """
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
            WHERE c.id = named.case_id;
            RETURN true;
        END """
INVITE_BEFORE = """
        DECLARE
            named case_moderators;
        BEGIN
            UPDATE case_moderators SET status = 'invited'
            WHERE id = which AND status = 'named' AND named_by_id <> ctx_org()
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
            WHERE c.id = named.case_id;
            RETURN true;
        END """
ANSWERED = """
        DECLARE
            asked moderations;
            sides uuid[];
        BEGIN
            SELECT * INTO asked FROM moderations
            WHERE id = which AND organization_id = ctx_org() AND user_id = whom;
            UPDATE case_moderators m
            SET status = CASE WHEN accepts THEN 'accepted' ELSE 'declined' END, answered_at = happened,
                moderator_id = CASE WHEN accepts THEN o.id END, moderator_name = CASE WHEN accepts THEN o.name END,
                declares = says, address = CASE WHEN accepts THEN u.email ELSE m.address END
            FROM organizations o JOIN users u ON u.organization_id = o.id
            WHERE m.id = asked.naming_id AND m.status = 'invited' AND o.id = ctx_org() AND u.id = whom
            RETURNING ARRAY[m.first_organization_id, m.second_organization_id] INTO sides;
            IF NOT FOUND THEN
                RETURN NULL;
            END IF;
            IF accepts THEN
                UPDATE moderations SET status = 'accepted', declares = says WHERE id = which;
            ELSE
                DELETE FROM moderations WHERE id = which;
            END IF;
            RETURN sides;
        END """
ANSWERED_BEFORE = """
        DECLARE
            asked moderations;
        BEGIN
            SELECT * INTO asked FROM moderations
            WHERE id = which AND organization_id = ctx_org() AND user_id = whom;
            UPDATE case_moderators m
            SET status = CASE WHEN accepts THEN 'accepted' ELSE 'declined' END, answered_at = happened,
                moderator_id = CASE WHEN accepts THEN o.id END, moderator_name = CASE WHEN accepts THEN o.name END,
                declares = says
            FROM organizations o
            WHERE m.id = asked.naming_id AND m.status = 'invited' AND o.id = ctx_org();
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            IF accepts THEN
                UPDATE moderations SET status = 'accepted', declares = says WHERE id = which;
            ELSE
                DELETE FROM moderations WHERE id = which;
            END IF;
            RETURN true;
        END """


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _named_in_terms()
    _invite(INVITE)
    _answer("uuid[]", ANSWERED)
    _addressee()
    _hand_over()


def _named_in_terms() -> None:
    steps = walls.roles().steps
    op.execute(
        """
        CREATE FUNCTION terms_moderator(which uuid, at timestamptz) RETURNS text
        LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
            SELECT lower(moderator_email) FROM partnership_terms
            WHERE partnership_id = which AND (effective_at <= at OR version = 1)
            ORDER BY version DESC LIMIT 1
        $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION terms_moderator(uuid, timestamptz) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION terms_moderator(uuid, timestamptz) TO {steps}")


def _invite(body: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION step_invite_moderator(which uuid, happened timestamptz) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $${body}$$
        """
    )


def _answer(returns: str, body: str) -> None:
    op.execute(f"DROP FUNCTION {ANSWER}")
    op.execute(
        f"""
        CREATE FUNCTION step_answer_moderation(
            which uuid, whom uuid, accepts boolean, says text, happened timestamptz
        ) RETURNS {returns}
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $${body}$$
        """
    )
    walls.definer(walls.roles().steps, ANSWER)


def _addressee() -> None:
    op.execute(
        """
        CREATE FUNCTION step_moderation_addressee(which uuid) RETURNS TABLE (organization_id uuid, moderation_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT a.organization_id, a.id FROM moderations a JOIN case_moderators m ON m.id = a.naming_id
            WHERE m.id = which AND a.organization_id IS NOT NULL
              AND ctx_org() IN (m.first_organization_id, m.second_organization_id)
        $$
        """
    )
    walls.definer(walls.roles().steps, "step_moderation_addressee(uuid)")
    op.execute(f"REVOKE EXECUTE ON FUNCTION step_moderation_addressee(uuid) FROM {walls.roles().app}")


def _hand_over() -> None:
    op.execute(
        """
        CREATE FUNCTION step_hand_over_moderations(leaver uuid, successor uuid)
        RETURNS TABLE (case_id uuid, sides uuid[])
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        #variable_conflict use_column
        DECLARE
            follows text;
        BEGIN
            SELECT email INTO follows FROM users
            WHERE organization_id = ctx_org() AND id = successor AND disabled_at IS NULL;
            IF NOT FOUND THEN
                RETURN;
            END IF;
            UPDATE moderations SET user_id = successor WHERE organization_id = ctx_org() AND user_id = leaver;
            RETURN QUERY
                UPDATE case_moderators m SET address = follows
                FROM moderations a
                WHERE a.naming_id = m.id AND a.organization_id = ctx_org() AND a.user_id = successor
                  AND m.status = 'accepted' AND m.address <> follows
                RETURNING m.case_id, ARRAY[m.first_organization_id, m.second_organization_id];
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_hand_over_moderations(uuid, uuid)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_hand_over_moderations(uuid, uuid)")
    op.execute("DROP FUNCTION step_moderation_addressee(uuid)")
    _answer("boolean", ANSWERED_BEFORE)
    _invite(INVITE_BEFORE)
    op.execute("DROP FUNCTION terms_moderator(uuid, timestamptz)")
