"""Receipts name what is known of a contact, and say what of a copy was emptied later, and when."""

from collections.abc import Sequence

import walls
from alembic import op

revision = "0042"
down_revision = "0041"

BEFORE = ("company_domain", "contact_name", "contact_email")
CONTACT = (
    *("contact_basis", "contact_channels", "contact_source"),
    *("contact_source_note", "contact_information", "contact_informed_on"),
)
COLUMNS = (
    "id, partnership_id, discloser_id, receiver_id, subject, subject_id, part, fields, tier, prepared_at, disclosed_at"
)
EMPTIED = ("contact_name", "contact_email", *CONTACT)


def fields(row: str, names: Sequence[str]) -> str:
    """Return the names of what a copy shows, as an array."""
    there = ", ".join(f"CASE WHEN {row}.{name} IS NOT NULL THEN '{name}' END" for name in names)
    return (
        f"array_remove(ARRAY['company_name', {there}, CASE WHEN {row}.value_minor IS NOT NULL THEN 'value' END,"
        f" CASE WHEN {row}.message <> '' THEN 'message' END], NULL)"
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "ALTER TABLE disclosures ADD COLUMN emptied text[] NOT NULL DEFAULT '{}', ADD COLUMN emptied_at timestamptz,"
        " ADD CONSTRAINT ck_disclosures_emptied CHECK ((emptied = '{}') = (emptied_at IS NULL) AND emptied <@ fields)"
    )
    _receipt_of_details((*BEFORE, *CONTACT))
    _name_what_stands()
    _receipt_of_emptied()


def _receipt_of_details(names: Sequence[str]) -> None:
    body = f"""
            IF TG_OP = 'INSERT' THEN
                INSERT INTO disclosures ({COLUMNS})
                VALUES (gen_random_uuid(), NEW.partnership_id, NEW.giver_id, NEW.receiver_id, 'offers', NEW.offer_id,
                        'details', {fields("NEW", names)}, NEW.tier, clock_timestamp(), NEW.revealed_at);
            ELSIF TG_OP = 'UPDATE' THEN
                UPDATE disclosures SET disclosed_at = NEW.revealed_at
                WHERE subject_id = NEW.offer_id AND part = 'details' AND disclosed_at IS NULL;
            ELSE
                DELETE FROM disclosures
                WHERE subject_id = OLD.offer_id AND part = 'details' AND disclosed_at IS NULL;
                UPDATE disclosures SET revoked_at = clock_timestamp()
                WHERE subject_id = OLD.offer_id AND part = 'details' AND revoked_at IS NULL;
            END IF;
        """
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION receipt_of_details() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            {body}
            RETURN NULL;
        END $$
        """
    )


def _name_what_stands() -> None:
    """Name in the receipts of copies that stand what they hold of a contact, beside what was named."""
    for table in ("disclosures", "offer_details"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    held = ", ".join(f"CASE WHEN d.{name} IS NOT NULL THEN '{name}' END" for name in CONTACT)
    op.execute(
        f"""
        UPDATE disclosures r SET fields = r.fields || array_remove(ARRAY[{held}], NULL)
        FROM offer_details d WHERE d.offer_id = r.subject_id AND r.part = 'details' AND r.revoked_at IS NULL
        """
    )
    for table in ("disclosures", "offer_details"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _receipt_of_emptied() -> None:
    """Let the receipt follow when a copy's contact is emptied; what nobody has read yet is not named as shown."""
    before, after = fields("OLD", (*BEFORE, *CONTACT)), fields("NEW", (*BEFORE, *CONTACT))
    op.execute(
        f"""
        CREATE FUNCTION receipt_of_emptied() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            gone text[] := ARRAY(SELECT unnest({before}) EXCEPT SELECT unnest({after}));
        BEGIN
            UPDATE disclosures SET fields = {after}
            WHERE subject_id = NEW.offer_id AND part = 'details' AND disclosed_at IS NULL;
            UPDATE disclosures SET emptied_at = clock_timestamp(),
                   emptied = ARRAY(SELECT f FROM unnest(fields) AS f WHERE f = ANY (emptied || gone))
            WHERE subject_id = NEW.offer_id AND part = 'details' AND disclosed_at IS NOT NULL AND revoked_at IS NULL
              AND fields && gone;
            RETURN NULL;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "receipt_of_emptied()")
    op.execute(f"REVOKE EXECUTE ON FUNCTION receipt_of_emptied() FROM {walls.roles().app}, {walls.roles().worker}")
    op.execute(
        f"CREATE TRIGGER receipt_of_emptied AFTER UPDATE OF {', '.join(EMPTIED)} ON offer_details"
        " FOR EACH ROW EXECUTE FUNCTION receipt_of_emptied()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER receipt_of_emptied ON offer_details")
    op.execute("DROP FUNCTION receipt_of_emptied()")
    _receipt_of_details(BEFORE)
    op.execute("ALTER TABLE disclosures DROP COLUMN emptied, DROP COLUMN emptied_at")
