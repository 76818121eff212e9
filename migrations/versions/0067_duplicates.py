"""Accounts that seem to be here twice: keys of names, pairs to decide on, merges that can be undone; all owned."""

import walls
from alembic import op

revision = "0067"
down_revision = "0066"

TABLES = ("account_keys", "account_pairs", "account_merges")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE account_keys (
            organization_id uuid NOT NULL,
            account_id uuid NOT NULL,
            version bigint NOT NULL,
            name_key text NOT NULL CONSTRAINT ck_account_keys_name_key CHECK (length(name_key) <= 200),
            CONSTRAINT pk_account_keys PRIMARY KEY (organization_id, account_id),
            CONSTRAINT fk_account_keys_account FOREIGN KEY (organization_id, account_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_account_keys_name_key ON account_keys (organization_id, name_key, account_id)")
    _pairs()
    _merges()
    for table in TABLES:
        walls.owned(table)
    walls.grant("account_keys", "SELECT, INSERT, UPDATE, DELETE")
    walls.grant("account_pairs", "SELECT, INSERT, UPDATE, DELETE")
    walls.grant("account_merges", "SELECT, INSERT, UPDATE (undone_at)")


def _pairs() -> None:
    op.execute(
        """
        CREATE TABLE account_pairs (
            id uuid CONSTRAINT pk_account_pairs PRIMARY KEY,
            organization_id uuid NOT NULL,
            first_id uuid NOT NULL,
            second_id uuid NOT NULL,
            reasons text[] NOT NULL CONSTRAINT ck_account_pairs_reasons
                CHECK (reasons <@ ARRAY['number', 'domain', 'name'] AND cardinality(reasons) > 0),
            status text NOT NULL CONSTRAINT ck_account_pairs_status CHECK (status IN ('open', 'rejected')),
            found_at timestamptz NOT NULL,
            rejected_at timestamptz,
            CONSTRAINT uq_account_pairs_accounts UNIQUE (organization_id, first_id, second_id),
            CONSTRAINT ck_account_pairs_order CHECK (first_id < second_id),
            CONSTRAINT ck_account_pairs_rejected_at CHECK ((status = 'rejected') = (rejected_at IS NOT NULL)),
            CONSTRAINT fk_account_pairs_first FOREIGN KEY (organization_id, first_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_account_pairs_second FOREIGN KEY (organization_id, second_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_account_pairs_second_id ON account_pairs (organization_id, second_id)")
    op.execute("CREATE INDEX ix_account_pairs_found_at ON account_pairs (organization_id, status, found_at, id)")


def _merges() -> None:
    op.execute(
        """
        CREATE TABLE account_merges (
            id uuid CONSTRAINT pk_account_merges PRIMARY KEY,
            organization_id uuid NOT NULL,
            survivor_id uuid NOT NULL,
            merged_id uuid NOT NULL,
            changed jsonb NOT NULL,
            merged_at timestamptz NOT NULL,
            undone_at timestamptz,
            CONSTRAINT ck_account_merges_two CHECK (survivor_id <> merged_id),
            CONSTRAINT fk_account_merges_survivor FOREIGN KEY (organization_id, survivor_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_account_merges_merged FOREIGN KEY (organization_id, merged_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_account_merges_merged_at ON account_merges (organization_id, merged_at, id)")
    op.execute("CREATE INDEX ix_account_merges_survivor_id ON account_merges (organization_id, survivor_id, merged_at)")
    op.execute("CREATE INDEX ix_account_merges_merged_id ON account_merges (organization_id, merged_id)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table}")
