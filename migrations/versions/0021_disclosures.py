"""Receipts of what one side has shown the other, written and closed with the copies they are about."""

import walls
from alembic import op

revision = "0021"
down_revision = "0020"

TEASER = (
    "array_remove(ARRAY['need', CASE WHEN {row}.country IS NOT NULL THEN 'country' END,"
    " CASE WHEN {row}.industry IS NOT NULL THEN 'industry' END,"
    " CASE WHEN {row}.size_band IS NOT NULL THEN 'size_band' END,"
    " CASE WHEN {row}.contact_role IS NOT NULL THEN 'contact_role' END,"
    " CASE WHEN {row}.value_band IS NOT NULL THEN 'value_band' END], NULL)"
)
DETAILS = (
    "array_remove(ARRAY['company_name', CASE WHEN {row}.company_domain IS NOT NULL THEN 'company_domain' END,"
    " CASE WHEN {row}.contact_name IS NOT NULL THEN 'contact_name' END,"
    " CASE WHEN {row}.contact_email IS NOT NULL THEN 'contact_email' END,"
    " CASE WHEN {row}.value_minor IS NOT NULL THEN 'value' END,"
    " CASE WHEN {row}.message <> '' THEN 'message' END], NULL)"
)
COLUMNS = (
    "id, partnership_id, discloser_id, receiver_id, subject, subject_id, part, fields, tier, prepared_at, disclosed_at"
)
TRIGGERS = {
    "receipt_of_teaser": ("offers", "AFTER INSERT ON offers", ""),
    "receipt_of_company": (
        "offers",
        "AFTER UPDATE OF company_name ON offers",
        "WHEN (NEW.company_name IS DISTINCT FROM OLD.company_name)",
    ),
    "receipt_of_details": ("offer_details", "AFTER INSERT OR DELETE OR UPDATE OF revealed_at ON offer_details", ""),
    "receipts_end": (
        "partnerships",
        "AFTER UPDATE OF status ON partnerships",
        "WHEN (NEW.status = 'ended' AND OLD.status <> 'ended')",
    ),
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "ALTER TABLE offer_details ADD COLUMN tier text NOT NULL DEFAULT 'need_to_know'"
        " CONSTRAINT ck_offer_details_tier CHECK (tier IN ('public', 'partner_internal', 'need_to_know'))"
    )
    op.execute("ALTER TABLE offer_details ALTER COLUMN tier DROP DEFAULT")
    op.execute("ALTER TABLE offers ADD COLUMN taken_back_at timestamptz")
    _receipts()
    _kept_with_the_copies()
    _take_back()
    _show_company()
    _only_definers_past_the_steps()


def _receipts() -> None:
    op.execute(
        """
        CREATE TABLE disclosures (
            id uuid CONSTRAINT pk_disclosures PRIMARY KEY,
            partnership_id uuid NOT NULL,
            discloser_id uuid NOT NULL,
            receiver_id uuid NOT NULL,
            subject text NOT NULL CONSTRAINT ck_disclosures_subject CHECK (subject ~ '^[a-z_]{1,60}$'),
            subject_id uuid NOT NULL,
            part text NOT NULL CONSTRAINT ck_disclosures_part CHECK (part IN ('teaser', 'company', 'details')),
            fields text[] NOT NULL,
            tier text NOT NULL CONSTRAINT ck_disclosures_tier
                CHECK (tier IN ('public', 'partner_internal', 'need_to_know')),
            prepared_at timestamptz NOT NULL,
            disclosed_at timestamptz,
            revoked_at timestamptz,
            CONSTRAINT fk_disclosures_sides FOREIGN KEY (partnership_id, discloser_id, receiver_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id),
            CONSTRAINT ck_disclosures_revoked CHECK (revoked_at IS NULL OR disclosed_at IS NOT NULL)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_disclosures_partnership_id_disclosed_at ON disclosures (partnership_id, disclosed_at, id)"
    )
    op.execute("CREATE INDEX ix_disclosures_subject_id ON disclosures (subject_id)")
    op.execute(
        f"""
        INSERT INTO disclosures ({COLUMNS})
        SELECT gen_random_uuid(), partnership_id, giver_id, receiver_id, 'offers', id, 'teaser',
               {TEASER.format(row="o")}, 'partner_internal', offered_at, offered_at
        FROM offers o
        UNION ALL
        SELECT gen_random_uuid(), partnership_id, giver_id, receiver_id, 'offers', id, 'company',
               ARRAY['company_name'], 'partner_internal', offered_at, offered_at
        FROM offers WHERE company_name IS NOT NULL
        UNION ALL
        SELECT gen_random_uuid(), o.partnership_id, o.giver_id, o.receiver_id, 'offers', o.id, 'details',
               {DETAILS.format(row="d")}, d.tier, o.offered_at, d.revealed_at
        FROM offer_details d JOIN offers o ON o.id = d.offer_id
        """
    )
    op.execute(
        """
        UPDATE disclosures d SET revoked_at = p.ended_at FROM partnerships p
        WHERE p.id = d.partnership_id AND p.status = 'ended' AND d.disclosed_at IS NOT NULL
        """
    )
    walls.wall(
        "disclosures",
        "discloser_id = (SELECT ctx_org()) OR (receiver_id = (SELECT ctx_org()) AND disclosed_at IS NOT NULL)",
    )
    walls.grant("disclosures", "SELECT")
    walls.grant_to(walls.roles().steps, "disclosures", "SELECT, INSERT, UPDATE, DELETE")


def _kept_with_the_copies() -> None:
    _function(
        "receipt_of_teaser",
        f"""
            INSERT INTO disclosures ({COLUMNS})
            VALUES (gen_random_uuid(), NEW.partnership_id, NEW.giver_id, NEW.receiver_id, 'offers', NEW.id, 'teaser',
                    {TEASER.format(row="NEW")}, 'partner_internal', NEW.offered_at, NEW.offered_at);
            IF NEW.company_name IS NOT NULL THEN
                INSERT INTO disclosures ({COLUMNS})
                VALUES (gen_random_uuid(), NEW.partnership_id, NEW.giver_id, NEW.receiver_id, 'offers', NEW.id,
                        'company', ARRAY['company_name'], 'partner_internal', NEW.offered_at, NEW.offered_at);
            END IF;
        """,
    )
    _function(
        "receipt_of_company",
        f"""
            UPDATE disclosures SET revoked_at = clock_timestamp()
            WHERE subject_id = NEW.id AND part = 'company' AND revoked_at IS NULL;
            IF NEW.company_name IS NOT NULL THEN
                INSERT INTO disclosures ({COLUMNS})
                VALUES (gen_random_uuid(), NEW.partnership_id, NEW.giver_id, NEW.receiver_id, 'offers', NEW.id,
                        'company', ARRAY['company_name'], 'partner_internal', clock_timestamp(), clock_timestamp());
            END IF;
        """,
    )
    _function(
        "receipt_of_details",
        f"""
            IF TG_OP = 'INSERT' THEN
                INSERT INTO disclosures ({COLUMNS})
                VALUES (gen_random_uuid(), NEW.partnership_id, NEW.giver_id, NEW.receiver_id, 'offers', NEW.offer_id,
                        'details', {DETAILS.format(row="NEW")}, NEW.tier, clock_timestamp(), NEW.revealed_at);
            ELSIF TG_OP = 'UPDATE' THEN
                UPDATE disclosures SET disclosed_at = NEW.revealed_at
                WHERE subject_id = NEW.offer_id AND part = 'details' AND disclosed_at IS NULL;
            ELSE
                DELETE FROM disclosures
                WHERE subject_id = OLD.offer_id AND part = 'details' AND disclosed_at IS NULL;
                UPDATE disclosures SET revoked_at = clock_timestamp()
                WHERE subject_id = OLD.offer_id AND part = 'details' AND revoked_at IS NULL;
            END IF;
        """,
    )
    _function(
        "receipts_end",
        """
            DELETE FROM disclosures WHERE partnership_id = NEW.id AND disclosed_at IS NULL;
            UPDATE disclosures SET revoked_at = NEW.ended_at WHERE partnership_id = NEW.id AND revoked_at IS NULL;
        """,
    )
    for name, (_, moment, condition) in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {moment} FOR EACH ROW {condition} EXECUTE FUNCTION {name}()")


def _function(name: str, body: str) -> None:
    """Make a trigger's function that writes receipts, whoever makes or deletes the copy; nobody calls it."""
    op.execute(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            {body}
            RETURN NULL;
        END $$
        """
    )
    walls.definer(walls.roles().steps, f"{name}()")
    op.execute(f"REVOKE EXECUTE ON FUNCTION {name}() FROM {walls.roles().app}, {walls.roles().worker}")


def _take_back() -> None:
    steps = walls.roles().steps
    op.execute(f"GRANT UPDATE (company_name, taken_back_at, version) ON offers TO {steps}")
    op.execute(f"GRANT UPDATE (body) ON idempotency_keys TO {steps}")
    op.execute(
        """
        CREATE FUNCTION step_take_back_details(which uuid, happened timestamptz) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            sides uuid[];
        BEGIN
            DELETE FROM offer_details WHERE offer_id = which AND giver_id = ctx_org() AND revealed_at IS NOT NULL
            RETURNING ARRAY[giver_id, receiver_id] INTO sides;
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            UPDATE offers SET company_name = NULL, taken_back_at = happened, version = version + 1 WHERE id = which;
            UPDATE idempotency_keys SET body = NULL WHERE organization_id = ANY (sides) AND subject_id = which;
            RETURN true;
        END $$
        """
    )
    walls.definer(steps, "step_take_back_details(uuid, timestamptz)")


def _show_company() -> None:
    op.execute(
        """
        CREATE FUNCTION step_show_company(which uuid) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE offers o SET company_name = d.company_name, version = version + 1
            FROM offer_details d
            WHERE o.id = which AND d.offer_id = which AND o.giver_id = ctx_org() AND o.status = 'offered'
              AND o.company_name IS NULL;
            RETURN FOUND;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_show_company(uuid)")


def _only_definers_past_the_steps() -> None:
    """Let an offer change without a step only by the functions above, which nobody signs in as."""
    people = f"'{walls.roles().app}', '{walls.roles().worker}'"
    op.execute("DROP TRIGGER every_update_is_a_step ON offers")
    op.execute(
        "CREATE TRIGGER every_update_is_a_step BEFORE UPDATE ON offers FOR EACH ROW"
        f" WHEN (current_user IN ({people})) EXECUTE FUNCTION offers_update_is_a_step()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER every_update_is_a_step ON offers")
    op.execute(
        "CREATE TRIGGER every_update_is_a_step BEFORE UPDATE ON offers FOR EACH ROW"
        " EXECUTE FUNCTION offers_update_is_a_step()"
    )
    op.execute("DROP FUNCTION step_show_company(uuid)")
    op.execute("DROP FUNCTION step_take_back_details(uuid, timestamptz)")
    steps = walls.roles().steps
    op.execute(f"REVOKE UPDATE (body) ON idempotency_keys FROM {steps}")
    op.execute(f"REVOKE UPDATE (company_name, taken_back_at, version) ON offers FROM {steps}")
    for name, (table, *_) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
    op.execute("DROP TABLE disclosures")
    op.execute("ALTER TABLE offers DROP COLUMN taken_back_at")
    op.execute("ALTER TABLE offer_details DROP COLUMN tier")
