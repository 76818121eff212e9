"""Losses that their CRM takes back: kept as that for their owner, and free to be told anew."""

import walls
from alembic import op

revision = "0091"
down_revision = "0090"

ONCE = "ON account_losses (organization_id, user_id, account_id, lost_on) WHERE withdrawn_at IS NULL"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        ALTER TABLE account_losses
            ADD COLUMN retracted_at timestamptz,
            ADD COLUMN is_said boolean NOT NULL DEFAULT false
        """
    )
    op.execute("UPDATE account_losses SET is_said = true WHERE connector IS NULL")
    op.execute("ALTER TABLE account_losses ALTER COLUMN is_said DROP DEFAULT")
    op.execute("DROP INDEX uq_account_losses_once")
    op.execute(f"CREATE UNIQUE INDEX uq_account_losses_once {ONCE} AND retracted_at IS NULL")
    walls.grant("account_losses", "UPDATE (retracted_at)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DELETE FROM account_losses WHERE retracted_at IS NOT NULL")
    op.execute("DROP INDEX uq_account_losses_once")
    roles = walls.roles()
    op.execute(f"REVOKE UPDATE (retracted_at) ON account_losses FROM {roles.app}, {roles.worker}")
    op.execute("ALTER TABLE account_losses DROP COLUMN is_said, DROP COLUMN retracted_at")
    op.execute(f"CREATE UNIQUE INDEX uq_account_losses_once {ONCE}")
