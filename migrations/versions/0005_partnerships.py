"""Proposals on each side, partnerships with their two sides, members and terms, and the steps that cross the wall."""

import walls
from alembic import op

revision = "0005"
down_revision = "0004"

TERMS = """
            share_given_percent bigint NOT NULL
                CONSTRAINT ck_{table}_share CHECK (share_given_percent BETWEEN 1 AND 99),
            tolerance_points bigint NOT NULL
                CONSTRAINT ck_{table}_tolerance CHECK (tolerance_points BETWEEN 0 AND 49),
            response_hours bigint NOT NULL
                CONSTRAINT ck_{table}_response CHECK (response_hours BETWEEN 1 AND 2160),
            offer_days bigint NOT NULL
                CONSTRAINT ck_{table}_offer CHECK (offer_days BETWEEN 1 AND 365),
            value_disclosure text NOT NULL
                CONSTRAINT ck_{table}_value_disclosure CHECK (value_disclosure IN ('band', 'exact'))
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _proposals()
    _partnerships()
    _walls()
    _send_proposal()
    _withdraw_proposal()
    _answer_proposal()
    _memberships()


def _proposals() -> None:
    op.execute(
        f"""
        CREATE TABLE proposals (
            id uuid CONSTRAINT pk_proposals PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_proposals_organization_id REFERENCES organizations,
            proposed_by uuid NOT NULL,
            addressee text NOT NULL CONSTRAINT ck_proposals_addressee CHECK (addressee = lower(addressee)),
            message text NOT NULL,
            status text NOT NULL CONSTRAINT ck_proposals_status
                CHECK (status IN ('sent', 'withdrawn', 'accepted', 'declined')),
            {TERMS.format(table="proposals")},
            partnership_id uuid,
            created_at timestamptz NOT NULL,
            answered_at timestamptz,
            CONSTRAINT uq_proposals_organization_id_id UNIQUE (organization_id, id),
            CONSTRAINT fk_proposals_organization_id_proposed_by
                FOREIGN KEY (organization_id, proposed_by) REFERENCES users (organization_id, id),
            CONSTRAINT ck_proposals_partnership CHECK ((status = 'accepted') = (partnership_id IS NOT NULL))
        )
        """
    )
    op.execute("CREATE INDEX ix_proposals_organization_id_created_at ON proposals (organization_id, created_at, id)")
    op.execute(
        f"""
        CREATE TABLE received_proposals (
            id uuid CONSTRAINT pk_received_proposals PRIMARY KEY,
            organization_id uuid CONSTRAINT fk_received_proposals_organization_id REFERENCES organizations,
            proposal_id uuid NOT NULL CONSTRAINT uq_received_proposals_proposal_id UNIQUE,
            proposer_id uuid NOT NULL,
            proposer_name text NOT NULL,
            proposed_by_name text NOT NULL,
            message text NOT NULL,
            status text NOT NULL CONSTRAINT ck_received_proposals_status
                CHECK (status IN ('open', 'withdrawn', 'accepted', 'declined')),
            {TERMS.format(table="received_proposals")},
            partnership_id uuid,
            received_at timestamptz NOT NULL,
            CONSTRAINT fk_received_proposals_proposer_id_proposal_id
                FOREIGN KEY (proposer_id, proposal_id) REFERENCES proposals (organization_id, id)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_received_proposals_organization_id_received_at"
        " ON received_proposals (organization_id, received_at, id)"
    )


def _partnerships() -> None:
    op.execute(
        """
        CREATE TABLE partnerships (
            id uuid CONSTRAINT pk_partnerships PRIMARY KEY,
            proposer_id uuid NOT NULL CONSTRAINT fk_partnerships_proposer_id REFERENCES organizations,
            addressee_id uuid NOT NULL CONSTRAINT fk_partnerships_addressee_id REFERENCES organizations,
            status text NOT NULL CONSTRAINT ck_partnerships_status
                CHECK (status IN ('proof_of_concept', 'pilot', 'roll_out', 'ended')),
            started_at timestamptz NOT NULL,
            ended_at timestamptz,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT ck_partnerships_two CHECK (proposer_id <> addressee_id),
            CONSTRAINT ck_partnerships_ended CHECK ((status = 'ended') = (ended_at IS NOT NULL))
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_partnerships_living ON partnerships"
        " (least(proposer_id, addressee_id), greatest(proposer_id, addressee_id)) WHERE status <> 'ended'"
    )
    op.execute("CREATE INDEX ix_partnerships_proposer_id ON partnerships (proposer_id)")
    op.execute("CREATE INDEX ix_partnerships_addressee_id ON partnerships (addressee_id)")
    op.execute(
        """
        CREATE TABLE partnership_sides (
            partnership_id uuid NOT NULL CONSTRAINT fk_partnership_sides_partnership_id REFERENCES partnerships,
            organization_id uuid NOT NULL CONSTRAINT fk_partnership_sides_organization_id REFERENCES organizations,
            other_id uuid NOT NULL CONSTRAINT fk_partnership_sides_other_id REFERENCES organizations,
            name text NOT NULL,
            CONSTRAINT pk_partnership_sides PRIMARY KEY (partnership_id, organization_id),
            CONSTRAINT uq_partnership_sides_pair UNIQUE (partnership_id, organization_id, other_id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE partnership_members (
            id uuid CONSTRAINT pk_partnership_members PRIMARY KEY,
            partnership_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            other_id uuid NOT NULL,
            user_id uuid NOT NULL,
            name text NOT NULL CONSTRAINT ck_partnership_members_name CHECK (length(name) BETWEEN 1 AND 200),
            role text NOT NULL CONSTRAINT ck_partnership_members_role
                CHECK (role IN ('partner_manager', 'seller', 'executive', 'integration')),
            joined_at timestamptz NOT NULL,
            left_at timestamptz,
            CONSTRAINT uq_partnership_members_organization_id_id UNIQUE (organization_id, id),
            CONSTRAINT fk_partnership_members_side FOREIGN KEY (partnership_id, organization_id, other_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id),
            CONSTRAINT fk_partnership_members_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_partnership_members_present"
        " ON partnership_members (organization_id, partnership_id, user_id) WHERE left_at IS NULL"
    )
    op.execute("CREATE INDEX ix_partnership_members_partnership_id ON partnership_members (partnership_id)")
    op.execute("CREATE INDEX ix_partnership_members_user_id ON partnership_members (user_id) WHERE left_at IS NULL")
    op.execute(
        f"""
        CREATE TABLE partnership_terms (
            partnership_id uuid NOT NULL CONSTRAINT fk_partnership_terms_partnership_id REFERENCES partnerships,
            version bigint NOT NULL CONSTRAINT ck_partnership_terms_version CHECK (version >= 1),
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL,
            {TERMS.format(table="partnership_terms")},
            effective_at timestamptz NOT NULL,
            CONSTRAINT pk_partnership_terms PRIMARY KEY (partnership_id, version),
            CONSTRAINT ck_partnership_terms_sides CHECK (first_organization_id < second_organization_id),
            CONSTRAINT fk_partnership_terms_side
                FOREIGN KEY (partnership_id, first_organization_id, second_organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id)
        )
        """
    )
    op.execute(
        """
        ALTER TABLE shared_activities ADD CONSTRAINT fk_shared_activities_sides
            FOREIGN KEY (partnership_id, first_organization_id, second_organization_id)
            REFERENCES partnership_sides (partnership_id, organization_id, other_id)
        """
    )


def _walls() -> None:
    walls.owned("proposals")
    walls.owned("received_proposals")
    walls.shared("partnerships", "proposer_id", "addressee_id")
    walls.shared("partnership_sides", "organization_id", "other_id")
    walls.shared("partnership_members", "organization_id", "other_id")
    walls.only_writer("partnership_members", "organization_id")
    walls.shared("partnership_terms", "first_organization_id", "second_organization_id")
    walls.grant("proposals", "SELECT, INSERT")
    walls.grant("received_proposals", "SELECT")
    walls.grant("partnerships", "SELECT, UPDATE (version)")
    walls.grant("partnership_sides", "SELECT")
    walls.grant("partnership_members", "SELECT, INSERT, UPDATE (left_at)")
    walls.grant("partnership_terms", "SELECT")
    steps, auth = walls.roles().steps, walls.roles().auth
    for table in ("partnerships", "partnership_members"):
        walls.grant_to(auth, table, "SELECT")
    for table in ("organizations", "users"):
        walls.grant_to(steps, table, "SELECT")
    for table in ("proposals", "received_proposals", "partnerships"):
        walls.grant_to(steps, table, "SELECT, INSERT, UPDATE")
    for table in ("partnership_sides", "partnership_terms", "partnership_members"):
        walls.grant_to(steps, table, "SELECT, INSERT")


def _send_proposal() -> None:
    op.execute(
        """
        CREATE FUNCTION step_send_proposal(which uuid) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            sent proposals;
            addressee_organization uuid;
        BEGIN
            SELECT * INTO STRICT sent FROM proposals
            WHERE id = which AND organization_id = ctx_org() AND status = 'sent';
            SELECT u.organization_id INTO addressee_organization FROM users u
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
    walls.definer(walls.roles().steps, "step_send_proposal(uuid)")


def _withdraw_proposal() -> None:
    op.execute(
        """
        CREATE FUNCTION step_withdraw_proposal(which uuid, happened timestamptz) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE proposals SET status = 'withdrawn', answered_at = happened
            WHERE id = which AND organization_id = ctx_org() AND status = 'sent';
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            UPDATE received_proposals SET status = 'withdrawn' WHERE proposal_id = which;
            RETURN true;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_withdraw_proposal(uuid, timestamptz)")


def _answer_proposal() -> None:
    op.execute(
        """
        CREATE FUNCTION step_decline_proposal(which uuid, happened timestamptz) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            origin uuid;
        BEGIN
            SELECT proposal_id INTO origin FROM received_proposals WHERE id = which AND organization_id = ctx_org();
            UPDATE proposals SET status = 'declined', answered_at = happened WHERE id = origin AND status = 'sent';
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            UPDATE received_proposals SET status = 'declined' WHERE id = which;
            RETURN true;
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION step_accept_proposal(
            which uuid, partnership uuid, own_member uuid, own_user uuid, other_member uuid, happened timestamptz
        ) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            received received_proposals;
            sent proposals;
        BEGIN
            SELECT * INTO received FROM received_proposals WHERE id = which AND organization_id = ctx_org();
            SELECT * INTO sent FROM proposals WHERE id = received.proposal_id AND status = 'sent' FOR UPDATE;
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            INSERT INTO partnerships (id, proposer_id, addressee_id, status, started_at)
            VALUES (partnership, sent.organization_id, ctx_org(), 'proof_of_concept', happened);
            INSERT INTO partnership_sides (partnership_id, organization_id, other_id, name)
            SELECT partnership, o.id, CASE o.id WHEN ctx_org() THEN sent.organization_id ELSE ctx_org() END, o.name
            FROM organizations o WHERE o.id IN (ctx_org(), sent.organization_id);
            INSERT INTO partnership_terms (
                partnership_id, version, first_organization_id, second_organization_id, share_given_percent,
                tolerance_points, response_hours, offer_days, value_disclosure, effective_at
            ) VALUES (
                partnership, 1, least(ctx_org(), sent.organization_id), greatest(ctx_org(), sent.organization_id),
                CASE WHEN sent.organization_id < ctx_org() THEN sent.share_given_percent
                     ELSE 100 - sent.share_given_percent END,
                sent.tolerance_points, sent.response_hours, sent.offer_days, sent.value_disclosure, happened
            );
            INSERT INTO partnership_members (id, partnership_id, organization_id, other_id, user_id, name, role, joined_at)
            SELECT CASE u.id WHEN own_user THEN own_member ELSE other_member END, partnership, u.organization_id,
                   CASE u.organization_id WHEN ctx_org() THEN sent.organization_id ELSE ctx_org() END,
                   u.id, u.name, 'partner_manager', happened
            FROM users u
            WHERE (u.organization_id, u.id) IN ((ctx_org(), own_user), (sent.organization_id, sent.proposed_by));
            UPDATE proposals SET status = 'accepted', partnership_id = partnership, answered_at = happened
            WHERE id = sent.id;
            UPDATE received_proposals SET status = 'accepted', partnership_id = partnership WHERE id = which;
            RETURN true;
        END $$
        """
    )
    steps = walls.roles().steps
    walls.definer(steps, "step_decline_proposal(uuid, timestamptz)")
    walls.definer(steps, "step_accept_proposal(uuid, uuid, uuid, uuid, uuid, timestamptz)")


def _memberships() -> None:
    op.execute(
        """
        CREATE OR REPLACE FUNCTION auth_partnerships(whose uuid) RETURNS uuid[]
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT coalesce(array_agg(m.partnership_id), '{}')
            FROM partnership_members m JOIN partnerships p ON p.id = m.partnership_id
            WHERE m.user_id = whose AND m.left_at IS NULL AND p.status <> 'ended'
        $$
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE OR REPLACE FUNCTION auth_partnerships(whose uuid) RETURNS uuid[]
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT '{}'::uuid[] $$
        """
    )
    for signature in (
        "step_accept_proposal(uuid, uuid, uuid, uuid, uuid, timestamptz)",
        "step_decline_proposal(uuid, timestamptz)",
        "step_withdraw_proposal(uuid, timestamptz)",
        "step_send_proposal(uuid)",
    ):
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("ALTER TABLE shared_activities DROP CONSTRAINT fk_shared_activities_sides")
    for table in (
        "partnership_terms",
        "partnership_members",
        "partnership_sides",
        "partnerships",
        "received_proposals",
        "proposals",
    ):
        op.execute(f"DROP TABLE {table}")
    steps = walls.roles().steps
    for table in ("organizations", "users"):
        op.execute(f"DROP POLICY for_{steps} ON {table}")
        op.execute(f"REVOKE SELECT ON {table} FROM {steps}")
