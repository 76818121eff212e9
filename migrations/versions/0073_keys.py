"""Keys of a company's need by what its name means: those kept before are marked, made anew by a job, and counted anew."""

import walls
from alembic import op

revision = "0073"
down_revision = "0072"

COLUMNS = "company_key, name_key, keys_version"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # What stands there was kept by the first rule; what comes from now on is by the second.
    op.execute("ALTER TABLE offer_details ADD COLUMN keys_version smallint NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE offer_details ALTER COLUMN keys_version SET DEFAULT 2")
    op.execute(
        "CREATE INDEX ix_offer_details_keys_version ON offer_details (giver_id, offer_id) WHERE keys_version < 2"
    )
    op.execute(f"GRANT UPDATE ({COLUMNS}) ON offer_details TO {walls.roles().worker}")
    _sealed_before()
    _marked_anew()


def _sealed_before() -> None:
    """Let what was sealed be looked at again once it is revealed: its keys may be of before."""
    op.execute(
        """
        CREATE FUNCTION sealed_keys_are_old() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            NEW.keys_version := 1;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER sealed_keys_are_old BEFORE INSERT ON offer_details FOR EACH ROW"
        " WHEN (NEW.sealed_salt IS NOT NULL) EXECUTE FUNCTION sealed_keys_are_old()"
    )


def _marked_anew() -> None:
    steps = walls.roles().steps
    op.execute(f"GRANT UPDATE (company_mark, need_mark) ON offer_marks TO {steps}")
    op.execute(
        """
        CREATE FUNCTION offers_are_marked_anew() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE offer_marks m
            SET company_mark = sha256(s.salt || convert_to(split_part(NEW.company_key, '|', 1), 'UTF8')),
                need_mark = sha256(s.salt || convert_to(NEW.company_key, 'UTF8'))
            FROM partnership_salts s
            WHERE m.offer_id = NEW.offer_id AND s.partnership_id = NEW.partnership_id;
            IF FOUND THEN
                DELETE FROM exchange_settlements WHERE partnership_id = NEW.partnership_id;
                DELETE FROM exchange_facts WHERE partnership_id = NEW.partnership_id;
            END IF;
            RETURN NULL;
        END $$
        """
    )
    walls.definer(steps, "offers_are_marked_anew()")
    op.execute(f"REVOKE EXECUTE ON FUNCTION offers_are_marked_anew() FROM {walls.roles().app}, {walls.roles().worker}")
    op.execute(
        "CREATE TRIGGER offers_are_marked_anew AFTER UPDATE OF company_key ON offer_details FOR EACH ROW"
        " WHEN (NEW.company_key IS DISTINCT FROM OLD.company_key) EXECUTE FUNCTION offers_are_marked_anew()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("offers_are_marked_anew", "sealed_keys_are_old"):
        op.execute(f"DROP TRIGGER {name} ON offer_details")
        op.execute(f"DROP FUNCTION {name}()")
    op.execute(f"REVOKE UPDATE (company_mark, need_mark) ON offer_marks FROM {walls.roles().steps}")
    op.execute(f"REVOKE UPDATE (company_key, name_key) ON offer_details FROM {walls.roles().worker}")
    op.execute("ALTER TABLE offer_details DROP COLUMN keys_version")
