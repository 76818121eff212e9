"""Sessions say in words on which device they were begun."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in ("browser", "system"):
        op.execute(
            f"ALTER TABLE sessions ADD COLUMN {column} text NOT NULL DEFAULT ''"
            f" CONSTRAINT ck_sessions_{column} CHECK (length({column}) <= 40)"
        )
        op.execute(f"ALTER TABLE sessions ALTER COLUMN {column} DROP DEFAULT")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in ("browser", "system"):
        op.execute(f"ALTER TABLE sessions DROP COLUMN {column}")
