"""What is given back, shown by name or ended is taken back: the copies and stored answers of it go with it."""

import walls
from alembic import op

revision = "0029"
down_revision = "0028"

TAKE_BACK = """
        DECLARE
            were_open boolean;
            sides uuid[];
        BEGIN
            DELETE FROM offer_details WHERE offer_id = which AND giver_id = ctx_org() AND revealed_at IS NOT NULL;
            were_open := FOUND;
            UPDATE offers SET company_name = NULL, version = version + 1,
                taken_back_at = CASE WHEN status = 'offered' THEN taken_back_at ELSE happened END
            WHERE id = which AND giver_id = ctx_org() AND (were_open OR company_name IS NOT NULL)
            RETURNING ARRAY[giver_id, receiver_id] INTO sides;
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            UPDATE idempotency_keys SET body = NULL WHERE organization_id = ANY (sides) AND subject_id = which;
            RETURN true;
        END """
TAKE_BACK_BEFORE = """
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
        END """
NAMES_GO = """
                UPDATE offers SET company_name = NULL, version = version + 1
                WHERE partnership_id = which AND company_name IS NOT NULL;
                UPDATE idempotency_keys SET body = NULL
                WHERE organization_id IN (SELECT unnest(ARRAY[proposer_id, addressee_id]) FROM partnerships WHERE id = which)
                  AND subject_id IN (SELECT id FROM offers WHERE partnership_id = which);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _take_back(TAKE_BACK)
    _end(NAMES_GO)
    _given_back()
    _of_what_is_over_already()


def _take_back(body: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION step_take_back_details(which uuid, happened timestamptz) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $${body}$$
        """
    )


def _end(also: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION step_end_partnership(which uuid, happened timestamptz) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE partnerships SET status = 'ended', ended_at = happened, version = version + 1
            WHERE id = which AND status <> 'ended' AND ctx_org() IN (proposer_id, addressee_id);
            IF FOUND THEN
                DELETE FROM offer_details WHERE partnership_id = which;{also}
                UPDATE partnership_members SET left_at = happened WHERE partnership_id = which AND left_at IS NULL;
            END IF;
        END $$
        """
    )


def _given_back() -> None:
    op.execute(
        """
        CREATE FUNCTION copies_go_back() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM offer_details WHERE offer_id = NEW.id;
            UPDATE offers SET company_name = NULL WHERE id = NEW.id AND company_name IS NOT NULL;
            UPDATE idempotency_keys SET body = NULL WHERE organization_id = NEW.receiver_id AND subject_id = NEW.id;
            RETURN NULL;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "copies_go_back()")
    op.execute(f"REVOKE EXECUTE ON FUNCTION copies_go_back() FROM {walls.roles().app}, {walls.roles().worker}")
    op.execute(
        "CREATE TRIGGER copies_go_back AFTER UPDATE OF status ON offers FOR EACH ROW"
        " WHEN (NEW.status = 'returned' AND OLD.status <> 'returned') EXECUTE FUNCTION copies_go_back()"
    )


def _of_what_is_over_already() -> None:
    """Let go what stands since before; the owner sees the rows only while the walls are not forced on it."""
    for table in ("offers", "offer_details", "partnerships"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM offer_details d USING offers o WHERE o.id = d.offer_id AND o.status = 'returned'")
    op.execute(
        "UPDATE offers o SET company_name = NULL, version = o.version + 1 FROM partnerships p"
        " WHERE p.id = o.partnership_id AND o.company_name IS NOT NULL"
        " AND (p.status = 'ended' OR o.status = 'returned')"
    )
    for table in ("offers", "offer_details", "partnerships"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER copies_go_back ON offers")
    op.execute("DROP FUNCTION copies_go_back()")
    _end("")
    _take_back(TAKE_BACK_BEFORE)
