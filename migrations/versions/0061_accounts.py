"""Accounts (owned), with the domains, register numbers and contacts of each; erased and handed out with a person."""

import erasing
import walls
from alembic import op

revision = "0061"
down_revision = "0060"

SIZES = "'1-9', '10-49', '50-249', '250-999', '1000+'"
COUNTRY = "~ '^[A-Z]{2}$'"
# What an organization's own lists hold: not what was merged into another, nor what was seeded as a tripwire.
LISTED = "merged_into_id IS NULL AND seeded_for IS NULL"
CHANNELS = "'email', 'in_person', 'phone', 'post', 'social_network'"
BEFORE = (
    erasing.FIRST
    + erasing.OF_CONTACTS
    + erasing.OF_OWN_WORDS
    + erasing.OF_IMPORTS
    + erasing.OF_REQUESTS
    + erasing.OF_ROUNDS
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _accounts()
    _recognised_by()
    _contacts()
    for table in ("accounts", "account_domains", "account_numbers", "account_contacts"):
        walls.owned(table)
        walls.grant(table, "SELECT, INSERT, UPDATE, DELETE")
    people = f"TO {walls.roles().steps} USING (true) WITH CHECK (true)"
    for table in ("accounts", "account_contacts"):
        op.execute(f"CREATE POLICY for_{walls.roles().steps} ON {table} {people}")
    erasing.grant(erasing.OF_ACCOUNTS)
    erasing.define(BEFORE + erasing.OF_ACCOUNTS)


def _accounts() -> None:
    op.execute(
        f"""
        CREATE TABLE accounts (
            id uuid CONSTRAINT pk_accounts PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_accounts_organization_id REFERENCES organizations,
            owner_id uuid,
            parent_id uuid,
            merged_into_id uuid,
            seeded_for uuid,
            connector text CONSTRAINT ck_accounts_connector CHECK (length(connector) BETWEEN 1 AND 60),
            external_id text CONSTRAINT ck_accounts_external_id CHECK (length(external_id) BETWEEN 1 AND 200),
            name text NOT NULL CONSTRAINT ck_accounts_name CHECK (length(name) BETWEEN 1 AND 200),
            street text,
            postal_code text,
            city text,
            region text,
            country text CONSTRAINT ck_accounts_country CHECK (country {COUNTRY}),
            industry text,
            size_band text CONSTRAINT ck_accounts_size_band CHECK (size_band IN ({SIZES})),
            relationship text NOT NULL CONSTRAINT ck_accounts_relationship
                CHECK (relationship IN ('customer', 'open_opportunity', 'prospect')),
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT uq_accounts_organization_id_id UNIQUE (organization_id, id),
            CONSTRAINT uq_accounts_organization_id_connector_external_id
                UNIQUE (organization_id, connector, external_id),
            CONSTRAINT fk_accounts_owner FOREIGN KEY (organization_id, owner_id)
                REFERENCES users (organization_id, id),
            CONSTRAINT fk_accounts_parent FOREIGN KEY (organization_id, parent_id)
                REFERENCES accounts (organization_id, id) ON DELETE SET NULL (parent_id),
            CONSTRAINT fk_accounts_merged_into FOREIGN KEY (organization_id, merged_into_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_accounts_seeded_for FOREIGN KEY (seeded_for, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id),
            CONSTRAINT ck_accounts_external CHECK ((connector IS NULL) = (external_id IS NULL)),
            CONSTRAINT ck_accounts_parent CHECK (parent_id <> id),
            CONSTRAINT ck_accounts_merged_into CHECK (merged_into_id <> id)
        )
        """
    )
    for name, columns in (
        ("name", "organization_id, lower(name), id"),
        ("created_at", "organization_id, created_at, id"),
        ("updated_at", "organization_id, updated_at, id"),
        ("owner_id", "organization_id, owner_id, lower(name), id"),
    ):
        op.execute(f"CREATE INDEX ix_accounts_{name} ON accounts ({columns}) WHERE {LISTED}")
    for name in ("parent_id", "merged_into_id", "seeded_for"):
        op.execute(f"CREATE INDEX ix_accounts_{name} ON accounts (organization_id, {name}) WHERE {name} IS NOT NULL")


def _recognised_by() -> None:
    op.execute(
        """
        CREATE TABLE account_domains (
            id uuid CONSTRAINT pk_account_domains PRIMARY KEY,
            organization_id uuid NOT NULL,
            account_id uuid NOT NULL,
            domain text NOT NULL CONSTRAINT ck_account_domains_domain
                CHECK (length(domain) BETWEEN 4 AND 253 AND domain = lower(domain)),
            kind text NOT NULL CONSTRAINT ck_account_domains_kind CHECK (kind IN ('web', 'mail')),
            CONSTRAINT uq_account_domains_account UNIQUE (organization_id, account_id, domain, kind),
            CONSTRAINT fk_account_domains_account FOREIGN KEY (organization_id, account_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_account_domains_domain ON account_domains (organization_id, domain, account_id)")
    op.execute(
        f"""
        CREATE TABLE account_numbers (
            id uuid CONSTRAINT pk_account_numbers PRIMARY KEY,
            organization_id uuid NOT NULL,
            account_id uuid NOT NULL,
            scheme text NOT NULL CONSTRAINT ck_account_numbers_scheme
                CHECK (scheme IN ('lei', 'vat', 'duns', 'national')),
            country text CONSTRAINT ck_account_numbers_country CHECK (country {COUNTRY}),
            number text NOT NULL CONSTRAINT ck_account_numbers_number CHECK (length(number) BETWEEN 2 AND 60),
            CONSTRAINT uq_account_numbers_account
                UNIQUE NULLS NOT DISTINCT (organization_id, account_id, scheme, country, number),
            CONSTRAINT ck_account_numbers_worldwide CHECK ((scheme IN ('lei', 'duns')) = (country IS NULL)),
            CONSTRAINT fk_account_numbers_account FOREIGN KEY (organization_id, account_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_account_numbers_number ON account_numbers (organization_id, number, account_id)")


def _contacts() -> None:
    op.execute(
        f"""
        CREATE TABLE account_contacts (
            id uuid CONSTRAINT pk_account_contacts PRIMARY KEY,
            organization_id uuid NOT NULL,
            account_id uuid NOT NULL,
            contact_role text NOT NULL CONSTRAINT ck_account_contacts_role
                CHECK (length(contact_role) BETWEEN 1 AND 100),
            contact_name text,
            contact_email text,
            contact_basis text CONSTRAINT ck_account_contacts_contact_basis
                CHECK (contact_basis IN ('consent', 'contract', 'legitimate_interest')),
            contact_channels text[] CONSTRAINT ck_account_contacts_contact_channels
                CHECK (contact_channels <@ ARRAY[{CHANNELS}] AND cardinality(contact_channels) > 0),
            contact_source text CONSTRAINT ck_account_contacts_contact_source
                CHECK (contact_source IN ('person', 'employer', 'public', 'third_party')),
            contact_source_note text,
            contact_information text CONSTRAINT ck_account_contacts_contact_information
                CHECK (contact_information IN ('informed', 'not_yet', 'exempt')),
            contact_informed_on date,
            created_at timestamptz NOT NULL,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT uq_account_contacts_organization_id_id UNIQUE (organization_id, id),
            CONSTRAINT ck_account_contacts_informed_on
                CHECK (contact_informed_on IS NULL OR contact_information IS NOT DISTINCT FROM 'informed'),
            CONSTRAINT ck_account_contacts_known CHECK (
                num_nonnulls(contact_name, contact_email) = 0
                OR (num_nulls(contact_basis, contact_channels, contact_source, contact_information) = 0
                    AND (contact_information <> 'informed' OR contact_informed_on IS NOT NULL))
            ),
            CONSTRAINT fk_account_contacts_account FOREIGN KEY (organization_id, account_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_account_contacts_account_id ON account_contacts (organization_id, account_id, created_at, id)"
    )
    op.execute(
        "CREATE INDEX ix_account_contacts_email ON account_contacts (organization_id, lower(contact_email))"
        " WHERE contact_email IS NOT NULL"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    for table in ("account_contacts", "account_numbers", "account_domains", "accounts"):
        op.execute(f"DROP TABLE {table}")
