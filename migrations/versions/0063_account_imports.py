"""Imports of accounts: what a file's rows are, accounts as they were checked, and what imports changed of them."""

import erasing
import walls
from alembic import op

revision = "0063"
down_revision = "0062"

BEFORE = (
    erasing.FIRST
    + erasing.OF_CONTACTS
    + erasing.OF_OWN_WORDS
    + erasing.OF_IMPORTS
    + erasing.OF_REQUESTS
    + erasing.OF_ROUNDS
    + erasing.OF_ACCOUNTS
)
PARTS = ("account_import_rows", "account_import_changes")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kinds()
    _parts()
    for table in PARTS:
        walls.owned(table)
        op.execute(f"CREATE POLICY for_erasure ON {table} TO {walls.roles().steps} USING (true) WITH CHECK (true)")
    walls.grant("account_import_rows", "SELECT, INSERT, UPDATE (faults), DELETE")
    walls.grant("account_import_changes", "SELECT, INSERT, UPDATE (put_back), DELETE")
    erasing.grant(erasing.OF_ACCOUNT_FILES)
    erasing.define(BEFORE + erasing.OF_ACCOUNT_FILES)


def _kinds() -> None:
    for table in ("lead_imports", "import_mappings"):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN kind text NOT NULL DEFAULT 'leads'"
            f" CONSTRAINT ck_{table}_kind CHECK (kind IN ('leads', 'accounts'))"
        )
        op.execute(f"ALTER TABLE {table} ALTER COLUMN kind DROP DEFAULT")
    _mapped_by("organization_id, kind, connector, header_key")


def _mapped_by(key: str) -> None:
    op.execute("ALTER TABLE import_mappings DROP CONSTRAINT pk_import_mappings")
    op.execute(f"ALTER TABLE import_mappings ADD CONSTRAINT pk_import_mappings PRIMARY KEY ({key})")


def _parts() -> None:
    op.execute(
        """
        CREATE TABLE account_import_rows (
            organization_id uuid NOT NULL,
            import_id uuid NOT NULL,
            number bigint NOT NULL,
            line bigint NOT NULL,
            account_id uuid NOT NULL,
            external_id text,
            owner_id uuid,
            name text,
            web_domains text[],
            mail_domains text[],
            numbers text[],
            street text,
            postal_code text,
            city text,
            region text,
            country text,
            industry text,
            size_band text,
            relationship text,
            parent_external_id text,
            faults jsonb,
            CONSTRAINT pk_account_import_rows PRIMARY KEY (organization_id, import_id, number)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_account_import_rows_faults ON account_import_rows (organization_id, import_id, number)"
        " WHERE faults IS NOT NULL"
    )
    op.execute(
        """
        CREATE TABLE account_import_changes (
            organization_id uuid NOT NULL,
            import_id uuid NOT NULL,
            account_id uuid NOT NULL,
            version bigint NOT NULL,
            former jsonb NOT NULL,
            put_back boolean NOT NULL DEFAULT false,
            CONSTRAINT pk_account_import_changes PRIMARY KEY (organization_id, import_id, account_id),
            CONSTRAINT fk_account_import_changes_import FOREIGN KEY (organization_id, import_id)
                REFERENCES lead_imports (organization_id, id),
            CONSTRAINT fk_account_import_changes_account FOREIGN KEY (organization_id, account_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_account_import_changes_account ON account_import_changes (organization_id, account_id)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    for table in reversed(PARTS):
        op.execute(f"DROP TABLE {table}")
    # Only what files of leads left can be known without a kind.
    for table in ("lead_imports", "import_mappings"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "DELETE FROM lead_import_pieces p USING lead_imports i"
        " WHERE i.organization_id = p.organization_id AND i.id = p.import_id AND i.kind <> 'leads'"
    )
    for table in ("import_mappings", "lead_imports"):
        op.execute(f"DELETE FROM {table} WHERE kind <> 'leads'")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    _mapped_by("organization_id, connector, header_key")
    for table in ("lead_imports", "import_mappings"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN kind")
