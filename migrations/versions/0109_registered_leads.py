"""From which lead of the partner a registered deal came; the moment it was given stays when the lead is forgotten."""

import walls
from alembic import op

revision = "0109"
down_revision = "0108"

OPEN = "'submitted', 'in_review', 'action_required', 'approved', 'extended'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        ALTER TABLE registrations
            ADD COLUMN offer_id uuid,
            ADD COLUMN lead_given_at timestamptz,
            ADD CONSTRAINT ck_registrations_lead CHECK (offer_id IS NULL OR lead_given_at IS NOT NULL),
            ADD CONSTRAINT fk_registrations_offer FOREIGN KEY (partnership_id, other_id, organization_id, offer_id)
                REFERENCES offers (partnership_id, giver_id, receiver_id, id) ON DELETE SET NULL (offer_id)
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_registrations_offer ON registrations (partnership_id, offer_id)"
        f" WHERE status IN ({OPEN})"
    )
    op.execute(
        "CREATE INDEX ix_registrations_offer_id ON registrations (partnership_id, other_id, organization_id, offer_id)"
    )
    op.execute(
        """
        CREATE FUNCTION registrations_lead_was_given() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            NEW.lead_given_at := NULL;
            IF NEW.offer_id IS NOT NULL THEN
                SELECT offered_at INTO NEW.lead_given_at FROM offers
                WHERE id = NEW.offer_id AND status IN ('accepted', 'qualified', 'converted');
                IF NEW.lead_given_at IS NULL THEN
                    RAISE EXCEPTION 'a deal comes from a lead that is worked on' USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER lead_was_given BEFORE INSERT ON registrations FOR EACH ROW"
        " EXECUTE FUNCTION registrations_lead_was_given()"
    )
    op.execute("ALTER TABLE registration_drafts ADD COLUMN offer_id uuid")
    walls.grant("registration_drafts", "UPDATE (offer_id)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE registration_drafts DROP COLUMN offer_id")
    op.execute("DROP TRIGGER lead_was_given ON registrations")
    op.execute("DROP FUNCTION registrations_lead_was_given()")
    op.execute("ALTER TABLE registrations DROP COLUMN lead_given_at, DROP COLUMN offer_id")
