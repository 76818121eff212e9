"""A name that is taken back closes what two yeses opened and opens nothing; stored answers of its deals go with it."""

import walls
from alembic import op

revision = "0092"
down_revision = "0091"

HEARD = "matcher_hear_yes(uuid, uuid, timestamptz)"
FROZEN = """EXISTS (SELECT FROM mapping_freezes f WHERE f.partnership_id = said.partnership_id
                          AND (SELECT count(*) FROM mapping_lifts l WHERE l.freeze_id = f.id) < 2)"""
PRESENT = """JOIN partnership_members {name} ON {name}.organization_id = {yes}.organization_id
             AND {name}.id = {yes}.member_id AND {name}.left_at IS NULL"""
# Whoever takes a name back waits until no yes is heard, and a yes that is heard later finds it taken back.
HELD = """
            PERFORM pg_advisory_xact_lock_shared(hashtextextended('mapping/' || said.partnership_id, 0));"""
NAMED = """
              AND NOT EXISTS (SELECT FROM withheld_fields w
                              JOIN accounts x ON x.organization_id = w.organization_id AND x.id = w.account_id
                              WHERE w.partnership_id = j.partnership_id AND w.field = 'name'
                                AND (w.organization_id, coalesce(x.merged_into_id, x.id))
                                    IN ((a.organization_id, a.id), (b.organization_id, b.id)))"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _hear(held=HELD, named=NAMED)
    _close()
    _answers_go()


def _hear(*, held: str, named: str) -> None:
    """Pair a yes of the caller's side with the oldest that answers it; nothing comes back, whether or not one does.

    The step looks at the companies the yes is about and at nothing else, so that it takes as long whatever else is said.
    """
    op.execute(f"DROP FUNCTION {HEARD}")
    op.execute(
        f"""
        CREATE FUNCTION matcher_hear_yes(which uuid, opened uuid, at timestamptz) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            said account_yeses;
            about uuid[];
            cluster uuid;
        BEGIN
            SELECT * INTO said FROM account_yeses WHERE id = which AND organization_id = ctx_org();{held}
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
              AND NOT {FROZEN}{named}
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


def _close() -> None:
    """Close what told the name of an account, for both, once the name is taken back."""
    op.execute(
        """
        CREATE FUNCTION openings_are_withheld() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM openings o USING account_yeses y, accounts a
            WHERE y.organization_id = NEW.organization_id AND y.partnership_id = NEW.partnership_id
              AND a.organization_id = NEW.organization_id AND a.id = NEW.account_id
              AND y.account_id IN (a.id, a.merged_into_id)
              AND (y.organization_id, y.id) IN ((o.first_organization_id, o.first_yes_id),
                                                (o.second_organization_id, o.second_yes_id));
            RETURN NULL;
        END $$
        """
    )
    _hidden("openings_are_withheld()", walls.roles().matcher)
    op.execute(
        "CREATE TRIGGER closes_openings AFTER INSERT ON withheld_fields FOR EACH ROW WHEN (NEW.field = 'name')"
        " EXECUTE FUNCTION openings_are_withheld()"
    )


def _answers_go() -> None:
    """Empty what either side kept of answers about deals with a company whose name is taken back."""
    steps = walls.roles().steps
    op.execute(f"GRANT SELECT (joint_account_id) ON registrations TO {steps}")
    op.execute(
        """
        CREATE FUNCTION registration_answers_go() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE idempotency_keys SET body = NULL
            WHERE subject_id IN (SELECT r.id FROM registrations r WHERE r.joint_account_id = NEW.id);
            RETURN NULL;
        END $$
        """
    )
    _hidden("registration_answers_go()", steps)
    op.execute(
        "CREATE TRIGGER registration_answers_go AFTER UPDATE OF name ON joint_accounts FOR EACH ROW"
        " WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION registration_answers_go()"
    )


def _hidden(signature: str, role: str) -> None:
    """Let a trigger's function run as a role, and nobody call it."""
    walls.definer(role, signature)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM {walls.roles().app}, {walls.roles().worker}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER registration_answers_go ON joint_accounts")
    op.execute("DROP FUNCTION registration_answers_go()")
    op.execute(f"REVOKE SELECT (joint_account_id) ON registrations FROM {walls.roles().steps}")
    op.execute("DROP TRIGGER closes_openings ON withheld_fields")
    op.execute("DROP FUNCTION openings_are_withheld()")
    _hear(held="", named="")
