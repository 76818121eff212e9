"""Imports of leads: the file in pieces, its checked rows, what they changed, mappings by source; all owned."""

import walls
from alembic import op

revision = "0015"
down_revision = "0014"

STATES = "'ready', 'checking', 'checked', 'applying', 'applied', 'cancelled', 'undoing', 'undone'"
MARKS = "'plain', 'point', 'comma'"
FORMS = "'iso', 'day_first', 'month_first'"
PARTS = ("lead_import_pieces", "lead_import_rows", "lead_import_changes")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _imports()
    _parts()
    _mappings()
    for table in ("lead_imports", *PARTS, "import_mappings"):
        walls.owned(table)
    walls.grant("lead_imports", "SELECT, INSERT, UPDATE, DELETE")
    walls.grant("lead_import_pieces", "SELECT, INSERT, DELETE")
    walls.grant("lead_import_rows", "SELECT, INSERT, UPDATE (faults), DELETE")
    walls.grant("lead_import_changes", "SELECT, INSERT, UPDATE (put_back), DELETE")
    walls.grant("import_mappings", "SELECT, INSERT, UPDATE, DELETE")


def _imports() -> None:
    op.execute(
        f"""
        CREATE TABLE lead_imports (
            id uuid CONSTRAINT pk_lead_imports PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_lead_imports_organization_id REFERENCES organizations,
            user_id uuid NOT NULL,
            connector text NOT NULL CONSTRAINT ck_lead_imports_connector CHECK (length(connector) BETWEEN 1 AND 60),
            file_name text NOT NULL CONSTRAINT ck_lead_imports_file_name CHECK (length(file_name) <= 200),
            file_bytes bigint NOT NULL,
            state text NOT NULL CONSTRAINT ck_lead_imports_state CHECK (state IN ({STATES})),
            encoding text NOT NULL,
            delimiter text NOT NULL CONSTRAINT ck_lead_imports_delimiter CHECK (length(delimiter) = 1),
            has_header boolean NOT NULL,
            decimal_mark text CONSTRAINT ck_lead_imports_decimal_mark CHECK (decimal_mark IN ({MARKS})),
            date_form text CONSTRAINT ck_lead_imports_date_form CHECK (date_form IN ({FORMS})),
            header text[] NOT NULL,
            mapping text NOT NULL,
            oversees boolean NOT NULL,
            leave_out boolean NOT NULL DEFAULT false,
            dry_run boolean NOT NULL DEFAULT false,
            read_bytes bigint NOT NULL DEFAULT 0,
            rows bigint NOT NULL DEFAULT 0,
            skipped bigint NOT NULL DEFAULT 0,
            wrong bigint NOT NULL DEFAULT 0,
            entered bigint NOT NULL DEFAULT 0,
            updated bigint NOT NULL DEFAULT 0,
            unchanged bigint NOT NULL DEFAULT 0,
            problem text,
            created_at timestamptz NOT NULL,
            ended_at timestamptz,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT uq_lead_imports_organization_id_id UNIQUE (organization_id, id),
            CONSTRAINT fk_lead_imports_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_lead_imports_organization_id_created_at ON lead_imports (organization_id, created_at, id)"
    )


def _parts() -> None:
    op.execute(
        """
        CREATE TABLE lead_import_pieces (
            organization_id uuid NOT NULL,
            import_id uuid NOT NULL,
            number bigint NOT NULL,
            content bytea NOT NULL,
            CONSTRAINT pk_lead_import_pieces PRIMARY KEY (organization_id, import_id, number),
            CONSTRAINT fk_lead_import_pieces_import FOREIGN KEY (organization_id, import_id)
                REFERENCES lead_imports (organization_id, id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE lead_import_rows (
            organization_id uuid NOT NULL,
            import_id uuid NOT NULL,
            number bigint NOT NULL,
            line bigint NOT NULL,
            lead_id uuid NOT NULL,
            external_id text,
            owner_id uuid,
            company_name text,
            company_domain text,
            country text,
            industry text,
            size_band text,
            need text,
            contact_name text,
            contact_role text,
            contact_email text,
            contact_basis text,
            value_minor bigint,
            currency text,
            notes text,
            faults jsonb,
            CONSTRAINT pk_lead_import_rows PRIMARY KEY (organization_id, import_id, number)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_lead_import_rows_faults ON lead_import_rows (organization_id, import_id, number)"
        " WHERE faults IS NOT NULL"
    )
    op.execute(
        """
        CREATE TABLE lead_import_changes (
            organization_id uuid NOT NULL,
            import_id uuid NOT NULL,
            lead_id uuid NOT NULL,
            version bigint NOT NULL,
            former jsonb NOT NULL,
            put_back boolean NOT NULL DEFAULT false,
            CONSTRAINT pk_lead_import_changes PRIMARY KEY (organization_id, import_id, lead_id),
            CONSTRAINT fk_lead_import_changes_import FOREIGN KEY (organization_id, import_id)
                REFERENCES lead_imports (organization_id, id),
            CONSTRAINT fk_lead_import_changes_lead FOREIGN KEY (organization_id, lead_id)
                REFERENCES leads (organization_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_lead_import_changes_lead ON lead_import_changes (organization_id, lead_id)")


def _mappings() -> None:
    op.execute(
        f"""
        CREATE TABLE import_mappings (
            organization_id uuid NOT NULL CONSTRAINT fk_import_mappings_organization_id REFERENCES organizations,
            connector text NOT NULL,
            header_key text NOT NULL,
            user_id uuid NOT NULL,
            mapping text NOT NULL,
            decimal_mark text CONSTRAINT ck_import_mappings_decimal_mark CHECK (decimal_mark IN ({MARKS})),
            date_form text CONSTRAINT ck_import_mappings_date_form CHECK (date_form IN ({FORMS})),
            saved_at timestamptz NOT NULL,
            CONSTRAINT pk_import_mappings PRIMARY KEY (organization_id, connector, header_key),
            CONSTRAINT fk_import_mappings_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
        )
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("import_mappings", *reversed(PARTS), "lead_imports"):
        op.execute(f"DROP TABLE {table}")
