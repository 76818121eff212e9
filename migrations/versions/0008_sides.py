"""Each side writes only what is its own: steps, activities, mail domains; recorded when they are recorded."""

import walls
from alembic import op

revision = "0008"
down_revision = "0007"

RECORDED = ("activities", "shared_activities")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE organizations ADD COLUMN mail_domains text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE organizations ALTER COLUMN mail_domains DROP DEFAULT")
    op.execute("ALTER TABLE offer_details ADD COLUMN name_key text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE offer_details ALTER COLUMN name_key DROP DEFAULT")
    op.execute("CREATE INDEX ix_offer_details_name_key ON offer_details (partnership_id, name_key)")
    roles = walls.roles()
    op.execute(f"REVOKE EXECUTE ON FUNCTION auth_partnerships(uuid) FROM {roles.app}, {roles.worker}")
    walls.only_writer("shared_activities", "acting_organization_id")
    _recorded_now()
    _own_steps()
    _every_update_is_a_step()


def _recorded_now() -> None:
    op.execute(
        """
        CREATE FUNCTION recorded_now() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            NEW.recorded_at := clock_timestamp();
            RETURN NEW;
        END $$
        """
    )
    for table in RECORDED:
        op.execute(f"CREATE TRIGGER recorded_now BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION recorded_now()")


def _own_steps() -> None:
    op.execute(
        """
        CREATE FUNCTION lead_steps_are_own() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        DECLARE
            mine boolean := CASE WHEN NEW.step IN ('offered', 'withdrawn', 'expired')
                                 THEN NEW.giver_id = ctx_org() ELSE NEW.receiver_id = ctx_org() END;
        BEGIN
            IF NOT mine OR NEW.step <> (SELECT status FROM offers WHERE id = NEW.offer_id) THEN
                RAISE EXCEPTION 'a step is told by who takes it, when it is taken'
                    USING ERRCODE = 'check_violation';
            END IF;
            NEW.recorded_at := clock_timestamp();
            RETURN NEW;
        END $$
        """
    )
    op.execute("CREATE TRIGGER own_step BEFORE INSERT ON lead_steps FOR EACH ROW EXECUTE FUNCTION lead_steps_are_own()")


def _every_update_is_a_step() -> None:
    op.execute(
        """
        CREATE FUNCTION offers_update_is_a_step() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF NEW.status = OLD.status OR NEW.version <> OLD.version + 1 OR (
                ctx_org() <> OLD.receiver_id AND NEW.receiver_member_id IS DISTINCT FROM OLD.receiver_member_id
            ) THEN
                RAISE EXCEPTION 'an offer changes only by a step, and each side names its own people'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER every_update_is_a_step BEFORE UPDATE ON offers FOR EACH ROW"
        " EXECUTE FUNCTION offers_update_is_a_step()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER every_update_is_a_step ON offers")
    op.execute("DROP FUNCTION offers_update_is_a_step()")
    op.execute("DROP TRIGGER own_step ON lead_steps")
    op.execute("DROP FUNCTION lead_steps_are_own()")
    for table in RECORDED:
        op.execute(f"DROP TRIGGER recorded_now ON {table}")
    op.execute("DROP FUNCTION recorded_now()")
    for policy in ("own_adds", "own_changes", "own_removes"):
        op.execute(f"DROP POLICY {policy} ON shared_activities")
    roles = walls.roles()
    op.execute(f"GRANT EXECUTE ON FUNCTION auth_partnerships(uuid) TO {roles.app}, {roles.worker}")
    op.execute("DROP INDEX ix_offer_details_name_key")
    op.execute("ALTER TABLE offer_details DROP COLUMN name_key")
    op.execute("ALTER TABLE organizations DROP COLUMN mail_domains")
