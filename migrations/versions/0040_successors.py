"""Who followed a leaver: what would come back to a closed account goes to them."""

from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        ALTER TABLE users ADD COLUMN successor_id uuid,
            ADD CONSTRAINT ck_users_successor_id CHECK (successor_id <> id),
            ADD CONSTRAINT fk_users_organization_id_successor_id
                FOREIGN KEY (organization_id, successor_id) REFERENCES users (organization_id, id)
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE users DROP COLUMN successor_id")
