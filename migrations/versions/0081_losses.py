"""Accounts lost without a partner: told by their owner, read by their owner alone, counted by the year."""

import walls
from alembic import op

revision = "0081"
down_revision = "0080"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE account_losses (
            id uuid CONSTRAINT pk_account_losses PRIMARY KEY,
            organization_id uuid NOT NULL,
            account_id uuid,
            user_id uuid NOT NULL,
            lost_on date NOT NULL,
            was_common boolean NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT uq_account_losses_once UNIQUE (organization_id, user_id, account_id, lost_on),
            CONSTRAINT fk_account_losses_account FOREIGN KEY (organization_id, account_id)
                REFERENCES accounts (organization_id, id) ON DELETE SET NULL (account_id),
            CONSTRAINT fk_account_losses_user FOREIGN KEY (organization_id, user_id)
                REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_account_losses_account_id ON account_losses (organization_id, account_id)")
    op.execute("CREATE INDEX ix_account_losses_recorded_at ON account_losses (organization_id, recorded_at)")
    walls.owned("account_losses")
    walls.grant("account_losses", "SELECT, INSERT, DELETE")
    # What removes rows past their time holds them first, for which a right to change them is asked.
    op.execute(f"GRANT UPDATE (recorded_at) ON account_losses TO {walls.roles().worker}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE account_losses")
