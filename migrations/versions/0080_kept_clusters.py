"""A merged account keeps what both sides know of it; epochs that nobody needs any more are forgotten."""

import walls
from alembic import op

revision = "0080"
down_revision = "0079"

SWEEP = "sweep_epochs(timestamptz)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    matcher = walls.roles().matcher
    op.execute(f"GRANT UPDATE (account_id) ON account_yeses TO {matcher}")
    op.execute(
        """
        CREATE FUNCTION clusters_follow() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            INSERT INTO cluster_members (cluster_id, account_id, organization_id, partnership_id)
            SELECT c.cluster_id, NEW.merged_into_id, c.organization_id, c.partnership_id FROM cluster_members c
            WHERE c.organization_id = NEW.organization_id AND c.account_id = NEW.id
            ON CONFLICT DO NOTHING;
            DELETE FROM cluster_members WHERE organization_id = NEW.organization_id AND account_id = NEW.id;
            UPDATE account_yeses y SET account_id = NEW.merged_into_id
            WHERE y.organization_id = NEW.organization_id AND y.account_id = NEW.id AND NOT EXISTS (
                SELECT FROM account_yeses s WHERE s.organization_id = y.organization_id
                  AND s.partnership_id = y.partnership_id AND s.member_id = y.member_id
                  AND s.account_id = NEW.merged_into_id);
            RETURN NULL;
        END $$
        """
    )
    walls.definer(matcher, "clusters_follow()")
    op.execute(f"REVOKE EXECUTE ON FUNCTION clusters_follow() FROM {walls.roles().app}, {walls.roles().worker}")
    op.execute(
        "CREATE TRIGGER clusters_follow AFTER UPDATE OF merged_into_id ON accounts FOR EACH ROW"
        " WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION clusters_follow()"
    )
    _sweep()


def _sweep() -> None:
    """Forget what was taken and compared before a moment; the last that told stays, for epochs are numbered on."""
    op.execute(
        """
        CREATE FUNCTION sweep_epochs(before timestamptz) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            DELETE FROM mapping_takes WHERE taken_at < before;
            DELETE FROM mapping_epochs e WHERE e.ran_at < before AND e.number < (
                SELECT max(l.number) FROM mapping_epochs l WHERE l.partnership_id = e.partnership_id AND NOT l.is_frozen);
        $$
        """
    )
    walls.definer(walls.roles().matcher, SWEEP)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {SWEEP} FROM {walls.roles().app}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP FUNCTION {SWEEP}")
    op.execute("DROP TRIGGER clusters_follow ON accounts")
    op.execute("DROP FUNCTION clusters_follow()")
    op.execute(f"REVOKE UPDATE (account_id) ON account_yeses FROM {walls.roles().matcher}")
