"""For how long an organization keeps what; the copies of offers that are over go by steps, for both sides at once."""

import walls
from alembic import op

revision = "0037"
down_revision = "0036"

CONTACT = (
    *("contact_name", "contact_email", "contact_basis", "contact_channels", "contact_source"),
    *("contact_source_note", "contact_information", "contact_informed_on"),
)
EMPTIED = f"UPDATE offer_details SET {', '.join(f'{name} = NULL' for name in CONTACT)} WHERE offer_id = ANY (mine)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE retention (
            organization_id uuid CONSTRAINT pk_retention PRIMARY KEY
                CONSTRAINT fk_retention_organization_id REFERENCES organizations,
            periods jsonb NOT NULL,
            removed jsonb NOT NULL,
            ran_at timestamptz,
            version bigint NOT NULL
        )
        """
    )
    walls.owned("retention")
    walls.grant("retention", "SELECT, INSERT, UPDATE")
    op.execute(f"GRANT DELETE ON invitations TO {walls.roles().app}, {walls.roles().worker}")
    _step(
        "step_forget_offers",
        "'declined', 'withdrawn', 'expired', 'returned'",
        "DELETE FROM offer_details WHERE offer_id = ANY (mine)",
        "company_name = NULL, ",
    )
    _step("step_forget_contacts", "'won', 'lost', 'disqualified'", EMPTIED, "")


def _step(name: str, statuses: str, done: str, change: str) -> None:
    """Make a step by which the giver lets copies go of offers that are over; what was stored of them goes, too."""
    op.execute(
        f"""
        CREATE FUNCTION {name}(which uuid[]) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            mine uuid[] := ARRAY(
                SELECT id FROM offers WHERE id = ANY (which) AND giver_id = ctx_org() AND status IN ({statuses})
            );
        BEGIN
            {done};
            UPDATE idempotency_keys k SET body = NULL FROM offers o
            WHERE o.id = ANY (mine) AND k.subject_id = o.id AND k.organization_id IN (o.giver_id, o.receiver_id);
            UPDATE offers SET {change}version = version + 1 WHERE id = ANY (mine);
            RETURN cardinality(mine);
        END $$
        """
    )
    walls.definer(walls.roles().steps, f"{name}(uuid[])")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_forget_contacts(uuid[])")
    op.execute("DROP FUNCTION step_forget_offers(uuid[])")
    op.execute(f"REVOKE DELETE ON invitations FROM {walls.roles().app}, {walls.roles().worker}")
    op.execute("DROP TABLE retention")
