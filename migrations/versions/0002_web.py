"""What the doors remember: answers under idempotency keys, and the counters of allowances."""

import walls
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE idempotency_keys (
            organization_id uuid NOT NULL CONSTRAINT fk_idempotency_keys_organization_id REFERENCES organizations,
            principal_id uuid NOT NULL,
            key text NOT NULL CONSTRAINT ck_idempotency_keys_key CHECK (length(key) BETWEEN 1 AND 255),
            fingerprint bytea NOT NULL,
            status bigint NOT NULL,
            headers jsonb NOT NULL,
            body bytea,
            subject_id uuid,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_idempotency_keys PRIMARY KEY (organization_id, principal_id, key)
        )
        """
    )
    op.execute("CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at)")
    walls.owned("idempotency_keys")
    walls.grant("idempotency_keys", "SELECT, INSERT, DELETE")
    op.execute(
        """
        CREATE UNLOGGED TABLE rate_counters (
            key text CONSTRAINT pk_rate_counters PRIMARY KEY,
            hits bigint NOT NULL,
            expires_at timestamptz NOT NULL
        )
        """
    )
    walls.grant("rate_counters", "SELECT, INSERT, UPDATE, DELETE")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE rate_counters")
    op.execute("DROP TABLE idempotency_keys")
