"""What must be known of a contact before name and address travel: on leads, on staged rows, and copied with the name."""

import erasing
import walls
from alembic import op

revision = "0031"
down_revision = "0030"

CHANNELS = "'email', 'in_person', 'phone', 'post', 'social_network'"
SOURCES = "'person', 'employer', 'public', 'third_party'"
INFORMATION = "'informed', 'not_yet', 'exempt'"
COLUMNS = ("contact_channels", "contact_source", "contact_source_note", "contact_information", "contact_informed_on")
_LISTED = ", ".join(COLUMNS)
NAMED = "({row}contact_name IS NOT NULL OR {row}contact_email IS NOT NULL)"
KNOWN = (
    "({row}contact_basis IS NOT NULL AND {row}contact_channels IS NOT NULL AND {row}contact_source IS NOT NULL"
    " AND {row}contact_information IS NOT NULL"
    " AND ({row}contact_information <> 'informed' OR {row}contact_informed_on IS NOT NULL))"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "ALTER TABLE lead_import_rows ADD COLUMN contact_channels text[], ADD COLUMN contact_source text,"
        " ADD COLUMN contact_source_note text, ADD COLUMN contact_information text,"
        " ADD COLUMN contact_informed_on date"
    )
    _told("leads")
    op.execute(
        "ALTER TABLE offer_details ADD COLUMN contact_basis text CONSTRAINT ck_offer_details_contact_basis"
        " CHECK (contact_basis IN ('consent', 'contract', 'legitimate_interest'))"
    )
    _told("offer_details")
    _close_what_is_not_open()
    _guard()
    for table in ("leads", "lead_import_rows"):
        op.execute(f"GRANT SELECT ({_LISTED}), UPDATE ({_LISTED}) ON {table} TO {walls.roles().steps}")
    erasing.define(erasing.FIRST + erasing.OF_CONTACTS)


def _told(table: str) -> None:
    op.execute(
        f"""
        ALTER TABLE {table}
            ADD COLUMN contact_channels text[] CONSTRAINT ck_{table}_contact_channels
                CHECK (contact_channels <@ ARRAY[{CHANNELS}] AND cardinality(contact_channels) > 0),
            ADD COLUMN contact_source text CONSTRAINT ck_{table}_contact_source CHECK (contact_source IN ({SOURCES})),
            ADD COLUMN contact_source_note text,
            ADD COLUMN contact_information text CONSTRAINT ck_{table}_contact_information
                CHECK (contact_information IN ({INFORMATION})),
            ADD COLUMN contact_informed_on date,
            ADD CONSTRAINT ck_{table}_contact_informed_on
                CHECK (contact_informed_on IS NULL OR contact_information IS NOT DISTINCT FROM 'informed')
        """
    )


def _close_what_is_not_open() -> None:
    """Empty the contacts nobody has read yet; the owner sees the rows only while the wall is not forced on it."""
    op.execute("ALTER TABLE offer_details NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE offer_details SET contact_name = NULL, contact_email = NULL WHERE revealed_at IS NULL")
    op.execute("ALTER TABLE offer_details FORCE ROW LEVEL SECURITY")


def _guard() -> None:
    """Refuse a copy that names somebody of whom not all is known; what was opened before this rule stays as it was."""
    op.execute(
        """
        CREATE FUNCTION refuse_unknown_contact() RETURNS trigger LANGUAGE plpgsql
        SET search_path = pg_catalog AS $$
        BEGIN
            RAISE EXCEPTION 'a contact travels only with basis, channels, source and information'
                USING ERRCODE = 'check_violation';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER contact_is_known BEFORE INSERT OR UPDATE OF contact_name, contact_email, revealed_at,"
        f" contact_basis, {_LISTED} ON offer_details"
        f" FOR EACH ROW WHEN ({NAMED.format(row='NEW.')} AND NOT {KNOWN.format(row='NEW.')})"
        " EXECUTE FUNCTION refuse_unknown_contact()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(erasing.FIRST)
    op.execute("DROP TRIGGER contact_is_known ON offer_details")
    op.execute("DROP FUNCTION refuse_unknown_contact()")
    for table, columns in (
        ("offer_details", ("contact_basis", *COLUMNS)),
        ("leads", COLUMNS),
        ("lead_import_rows", COLUMNS),
    ):
        op.execute(f"ALTER TABLE {table} {', '.join(f'DROP COLUMN {name}' for name in columns)}")
