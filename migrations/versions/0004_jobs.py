"""The job queue: procrastinate's own tables in their own schema; the web server may only add to it."""

import walls
from alembic import op
from procrastinate.schema import SchemaManager

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    roles = walls.roles()
    op.execute("CREATE SCHEMA procrastinate")
    op.execute("SET LOCAL search_path = procrastinate")
    op.get_bind().connection.driver_connection.execute(SchemaManager.get_schema())  # type: ignore[union-attr]
    op.execute("SET LOCAL search_path = public")
    op.execute(f"GRANT USAGE ON SCHEMA procrastinate TO {roles.app}, {roles.worker}")
    op.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA procrastinate TO {roles.app}, {roles.worker}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA procrastinate TO {roles.app}, {roles.worker}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA procrastinate TO {roles.worker}")
    op.execute(f"GRANT INSERT ON procrastinate.procrastinate_jobs, procrastinate.procrastinate_events TO {roles.app}")
    op.execute(
        f"GRANT SELECT (id, queue_name, status, lock, priority) ON procrastinate.procrastinate_jobs TO {roles.app}"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP SCHEMA procrastinate CASCADE")
