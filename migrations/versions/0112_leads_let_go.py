"""A registration that takes its place again lets go of a lead that another open one names by then; none takes one on."""

import walls
from alembic import op

revision = "0112"
down_revision = "0111"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE FUNCTION registrations_lead_is_let_go() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF (NEW.offer_id IS NOT NULL AND NEW.offer_id IS DISTINCT FROM OLD.offer_id)
                OR (NEW.lead_given_at IS NOT NULL AND NEW.lead_given_at IS DISTINCT FROM OLD.lead_given_at)
            THEN
                RAISE EXCEPTION 'from which lead a deal came is said once' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER lead_is_let_go BEFORE UPDATE OF offer_id, lead_given_at ON registrations FOR EACH ROW"
        " EXECUTE FUNCTION registrations_lead_is_let_go()"
    )
    walls.grant("registrations", "UPDATE (offer_id, lead_given_at)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        f"REVOKE UPDATE (offer_id, lead_given_at) ON registrations FROM {walls.roles().app}, {walls.roles().worker}"
    )
    op.execute("DROP TRIGGER lead_is_let_go ON registrations")
    op.execute("DROP FUNCTION registrations_lead_is_let_go()")
