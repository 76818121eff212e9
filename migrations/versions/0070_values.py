"""What a lead is worth, told exactly for one lead: each side's yes, its own amount, and the copies that follow both."""

import walls
from alembic import op

revision = "0070"
down_revision = "0069"

PARTS = "'teaser', 'company', 'details'"
TIERS = "'public', 'partner_internal', 'need_to_know'"
OF_AN_OFFER = """
            offer_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            giver_id uuid NOT NULL,
            receiver_id uuid NOT NULL,"""
TABLES = ("value_consents", "offer_amounts", "told_values")
# What came to nothing, or was taken back, has no value to tell any more.
IS_OVER = (
    "WHEN (NEW.status IN ('declined', 'withdrawn', 'expired', 'returned', 'disqualified')"
    " OR NEW.taken_back_at IS NOT NULL)"
)
TRIGGERS = {
    "values_follow": ("value_consents", "AFTER INSERT OR DELETE ON value_consents", ""),
    "amounts_follow": ("offer_amounts", "AFTER INSERT ON offer_amounts", ""),
    "values_go_back": ("offers", "AFTER UPDATE OF status, taken_back_at ON offers", IS_OVER),
    "values_end": (
        "partnerships",
        "AFTER UPDATE OF status ON partnerships",
        "WHEN (NEW.status = 'ended' AND OLD.status <> 'ended')",
    ),
    "receipt_of_value": ("told_values", "AFTER INSERT OR DELETE ON told_values", ""),
}
# Whoever says yes or no about a lead waits for the other; then both are counted as they stand.
TELL = """
            PERFORM FROM offers WHERE id = NEW.offer_id FOR NO KEY UPDATE;
            INSERT INTO told_values (offer_id, partnership_id, giver_id, receiver_id, discloser_id, value_minor, currency,
                                     tier)
            SELECT a.offer_id, a.partnership_id, a.giver_id, a.receiver_id, a.organization_id, a.value_minor, a.currency,
                   c.tier
            FROM offer_amounts a
            JOIN value_consents c ON c.offer_id = a.offer_id AND c.organization_id = a.organization_id
            WHERE a.offer_id = NEW.offer_id
              AND (SELECT count(*) FROM value_consents b WHERE b.offer_id = NEW.offer_id) = 2
            ON CONFLICT DO NOTHING;"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _tables()
    _walls()
    _parts(f"{PARTS}, 'value'")
    _copies_follow()
    for name, (_, moment, condition) in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {moment} FOR EACH ROW {condition} EXECUTE FUNCTION {name}()")


def _tables() -> None:
    _table(
        "value_consents",
        f"""
            organization_id uuid NOT NULL,
            tier text NOT NULL CONSTRAINT ck_value_consents_tier CHECK (tier IN ({TIERS})),
            said_at timestamptz NOT NULL,
        """,
        "organization_id",
    )
    _table("offer_amounts", f"organization_id uuid NOT NULL, {_money('offer_amounts')}", "organization_id")
    _table(
        "told_values",
        f"""
            discloser_id uuid NOT NULL,
            {_money("told_values")}
            tier text NOT NULL CONSTRAINT ck_told_values_tier CHECK (tier IN ({TIERS})),
            told_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        """,
        "discloser_id",
    )


def _money(table: str) -> str:
    return f"""
            value_minor bigint NOT NULL CONSTRAINT ck_{table}_value CHECK (value_minor >= 0),
            currency text NOT NULL CONSTRAINT ck_{table}_currency CHECK (currency ~ '^[A-Z]{{3}}$'),"""


def _table(name: str, columns: str, whose: str) -> None:
    """Make a table of which either side of an offer has one row at most."""
    op.execute(
        f"""
        CREATE TABLE {name} ({OF_AN_OFFER}
            {columns}
            CONSTRAINT pk_{name} PRIMARY KEY (offer_id, {whose}),
            CONSTRAINT ck_{name}_side CHECK ({whose} IN (giver_id, receiver_id)),
            CONSTRAINT fk_{name}_offer FOREIGN KEY (partnership_id, giver_id, receiver_id, offer_id)
                REFERENCES offers (partnership_id, giver_id, receiver_id, id)
        )
        """
    )
    op.execute(f"CREATE INDEX ix_{name}_partnership_id ON {name} (partnership_id)")


def _walls() -> None:
    steps = walls.roles().steps
    walls.shared("value_consents", "giver_id", "receiver_id")
    walls.only_writer("value_consents", "organization_id")
    walls.owned("offer_amounts")
    walls.shared("told_values", "giver_id", "receiver_id")
    walls.grant("value_consents", "SELECT, INSERT, DELETE")
    walls.grant("offer_amounts", "SELECT, INSERT, DELETE")
    walls.grant("told_values", "SELECT")
    walls.grant_to(steps, "value_consents", "SELECT, DELETE")
    walls.grant_to(steps, "offer_amounts", "SELECT, DELETE")
    walls.grant_to(steps, "told_values", "SELECT, INSERT, DELETE")


def _parts(parts: str) -> None:
    op.execute("ALTER TABLE disclosures DROP CONSTRAINT ck_disclosures_part")
    op.execute(f"ALTER TABLE disclosures ADD CONSTRAINT ck_disclosures_part CHECK (part IN ({parts}))")


def _copies_follow() -> None:
    _function(
        "values_follow",
        f"""
            IF TG_OP = 'DELETE' THEN
                PERFORM FROM offers WHERE id = OLD.offer_id FOR NO KEY UPDATE;
                DELETE FROM offer_amounts WHERE offer_id = OLD.offer_id AND OLD.organization_id = OLD.giver_id
                    AND organization_id = OLD.giver_id;
                DELETE FROM told_values WHERE offer_id = OLD.offer_id;
                IF FOUND THEN
                    UPDATE idempotency_keys SET body = NULL
                    WHERE organization_id IN (OLD.giver_id, OLD.receiver_id) AND subject_id = OLD.offer_id;
                END IF;
                RETURN NULL;
            END IF;{TELL}
        """,
    )
    _function("amounts_follow", TELL)
    _function("values_go_back", "DELETE FROM value_consents WHERE offer_id = NEW.id;")
    _function("values_end", "".join(f"DELETE FROM {table} WHERE partnership_id = NEW.id;" for table in TABLES))
    _function(
        "receipt_of_value",
        """
            IF TG_OP = 'INSERT' THEN
                INSERT INTO disclosures (id, partnership_id, discloser_id, receiver_id, subject, subject_id, part, fields,
                                         tier, prepared_at, disclosed_at)
                VALUES (gen_random_uuid(), NEW.partnership_id, NEW.discloser_id,
                        CASE NEW.discloser_id WHEN NEW.giver_id THEN NEW.receiver_id ELSE NEW.giver_id END,
                        'offers', NEW.offer_id, 'value', ARRAY['value'], NEW.tier, NEW.told_at, NEW.told_at);
            ELSE
                UPDATE disclosures SET revoked_at = clock_timestamp()
                WHERE subject_id = OLD.offer_id AND part = 'value' AND discloser_id = OLD.discloser_id
                  AND revoked_at IS NULL;
            END IF;
        """,
    )


def _function(name: str, body: str) -> None:
    """Make a trigger's function that lets copies follow what both sides said, whoever says it; nobody calls it."""
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


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name, (table, *_) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE disclosures NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM disclosures WHERE part = 'value'")
    op.execute("ALTER TABLE disclosures FORCE ROW LEVEL SECURITY")
    _parts(PARTS)
