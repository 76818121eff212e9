"""Housekeeping across organizations: deletes only what is past its time, tells nothing of what it deleted."""

import walls
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    steps = walls.roles().steps
    for table in ("idempotency_keys", "sessions"):
        walls.grant_to(steps, table, "SELECT, DELETE")
    op.execute(
        """
        CREATE FUNCTION sweep_expired(days integer) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            DELETE FROM idempotency_keys WHERE created_at < clock_timestamp() - make_interval(days => days);
            DELETE FROM sessions WHERE expires_at < clock_timestamp();
        $$
        """
    )
    walls.definer(steps, "sweep_expired(integer)")
    op.execute(f"REVOKE EXECUTE ON FUNCTION sweep_expired(integer) FROM {walls.roles().app}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    steps = walls.roles().steps
    op.execute("DROP FUNCTION sweep_expired(integer)")
    for table in ("idempotency_keys", "sessions"):
        op.execute(f"DROP POLICY for_{steps} ON {table}")
        op.execute(f"REVOKE SELECT, DELETE ON {table} FROM {steps}")
