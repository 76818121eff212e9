"""A proposal that waits for its addressee's account reaches it with the account, also where it stands open today."""

import walls
from alembic import op

revision = "0046"
down_revision = "0045"

# Whose an address is, of a proposal `p` made by somebody else; one rule, at sending and later.
ADDRESSEE = """SELECT u.organization_id FROM users u
            WHERE u.email = {p}.addressee AND u.disabled_at IS NULL AND u.organization_id <> {p}.organization_id
            ORDER BY u.created_at, u.id LIMIT 1"""
# Sending to an address and giving it an account wait for each other, so that neither overlooks the other.
HOLD = "PERFORM pg_advisory_xact_lock(hashtextextended('addressee/' || {address}, 0));"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE INDEX ix_proposals_addressee ON proposals (addressee) WHERE status = 'sent'")
    _send(f"""{HOLD.format(address="sent.addressee")}
            """)
    _reach()
    _of_what_stands_open()


def _send(hold: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION step_send_proposal(which uuid) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            sent proposals;
            addressee_organization uuid;
        BEGIN
            SELECT * INTO STRICT sent FROM proposals
            WHERE id = which AND organization_id = ctx_org() AND status = 'sent';
            {hold}SELECT u.organization_id INTO addressee_organization FROM users u
            WHERE u.email = sent.addressee AND u.disabled_at IS NULL AND u.organization_id <> sent.organization_id
            ORDER BY u.created_at, u.id LIMIT 1;
            INSERT INTO received_proposals (
                id, organization_id, proposal_id, proposer_id, proposer_name, proposed_by_name, message, status,
                share_given_percent, tolerance_points, response_hours, offer_days, value_disclosure, received_at
            )
            SELECT gen_random_uuid(), addressee_organization, sent.id, sent.organization_id, o.name, u.name,
                   sent.message, 'open', sent.share_given_percent, sent.tolerance_points, sent.response_hours,
                   sent.offer_days, sent.value_disclosure, sent.created_at
            FROM organizations o, users u
            WHERE o.id = sent.organization_id AND u.id = sent.proposed_by;
        END $$
        """
    )


def _reach() -> None:
    op.execute(
        f"""
        CREATE FUNCTION step_reach_proposals(who uuid, happened timestamptz) RETURNS SETOF uuid
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            address text;
        BEGIN
            SELECT u.email INTO address FROM users u
            WHERE u.id = who AND u.organization_id = ctx_org() AND u.disabled_at IS NULL;
            IF NOT FOUND THEN
                RETURN;
            END IF;
            {HOLD.format(address="address")}
            RETURN QUERY UPDATE received_proposals r SET organization_id = ctx_org(), received_at = happened
            FROM proposals p
            WHERE p.id = r.proposal_id AND p.addressee = address AND p.status = 'sent'
              AND r.organization_id IS NULL AND r.status = 'open' AND ctx_org() = ({ADDRESSEE.format(p="p")})
            RETURNING r.id;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_reach_proposals(uuid, timestamptz)")


def _of_what_stands_open() -> None:
    """Let what waits today reach who has an account by now; the owner sees rows only while no wall is forced on it."""
    tables = ("proposals", "received_proposals", "users")
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(
        f"""
        UPDATE received_proposals r SET organization_id = ({ADDRESSEE.format(p="p")}), received_at = clock_timestamp()
        FROM proposals p
        WHERE p.id = r.proposal_id AND p.status = 'sent' AND r.organization_id IS NULL AND r.status = 'open'
          AND EXISTS ({ADDRESSEE.format(p="p")})
        """
    )
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_reach_proposals(uuid, timestamptz)")
    _send("")
    op.execute("DROP INDEX ix_proposals_addressee")
