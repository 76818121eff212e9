"""Invitations, password resets, and the look-ups behind their links."""

import walls
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _invitations()
    _resets()
    walls.owned("invitations")
    walls.owned("password_resets")
    walls.grant("invitations", "SELECT, INSERT, UPDATE")
    walls.grant("password_resets", "SELECT, INSERT, UPDATE, DELETE")
    op.execute(f"GRANT INSERT ON reset_requests TO {walls.roles().app}")
    auth = walls.roles().auth
    for table in ("invitations", "password_resets"):
        walls.grant_to(auth, table, "SELECT, DELETE" if table == "password_resets" else "SELECT")
    op.execute(f"GRANT SELECT, DELETE ON reset_requests TO {auth}")
    _behind_links()
    _asked()


def _invitations() -> None:
    op.execute(
        """
        CREATE TABLE invitations (
            id uuid CONSTRAINT pk_invitations PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_invitations_organization_id REFERENCES organizations,
            email text NOT NULL CONSTRAINT ck_invitations_email CHECK (email = lower(email) AND length(email) <= 254),
            name text NOT NULL CONSTRAINT ck_invitations_name CHECK (length(name) BETWEEN 1 AND 200),
            roles text[] NOT NULL CONSTRAINT ck_invitations_roles CHECK (
                roles <@ ARRAY['seller', 'partner_manager', 'executive', 'admin', 'integration']
            ),
            team_id uuid,
            invited_by uuid NOT NULL,
            secret_hash bytea CONSTRAINT uq_invitations_secret_hash UNIQUE,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            accepted_at timestamptz,
            withdrawn_at timestamptz,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT fk_invitations_organization_id_team_id
                FOREIGN KEY (organization_id, team_id) REFERENCES teams (organization_id, id),
            CONSTRAINT fk_invitations_organization_id_invited_by
                FOREIGN KEY (organization_id, invited_by) REFERENCES users (organization_id, id),
            CONSTRAINT ck_invitations_closed CHECK (accepted_at IS NULL OR withdrawn_at IS NULL),
            CONSTRAINT ck_invitations_spent CHECK (
                secret_hash IS NULL OR (accepted_at IS NULL AND withdrawn_at IS NULL)
            )
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_invitations_open ON invitations (organization_id, email)"
        " WHERE accepted_at IS NULL AND withdrawn_at IS NULL"
    )
    op.execute(
        "CREATE INDEX ix_invitations_organization_id_created_at ON invitations (organization_id, created_at, id)"
    )


def _resets() -> None:
    op.execute(
        """
        CREATE TABLE password_resets (
            organization_id uuid NOT NULL,
            user_id uuid NOT NULL,
            secret_hash bytea NOT NULL CONSTRAINT uq_password_resets_secret_hash UNIQUE,
            made_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT pk_password_resets PRIMARY KEY (organization_id, user_id),
            CONSTRAINT fk_password_resets_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE reset_requests (
            id uuid CONSTRAINT pk_reset_requests PRIMARY KEY,
            email text NOT NULL CONSTRAINT ck_reset_requests_email CHECK (length(email) <= 254),
            asked_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """
    )


def _behind_links() -> None:
    auth = walls.roles().auth
    op.execute(
        """
        CREATE FUNCTION auth_by_invitation(sought bytea)
        RETURNS TABLE (organization_id uuid, organization text, invitation_id uuid, email text, name text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT o.id, o.name, i.id, i.email, i.name
            FROM invitations i JOIN organizations o ON o.id = i.organization_id
            WHERE i.secret_hash = sought AND i.expires_at > clock_timestamp()
              AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION auth_by_reset(sought bytea)
        RETURNS TABLE (organization_id uuid, user_id uuid, email text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT u.organization_id, u.id, u.email
            FROM password_resets r JOIN users u ON u.organization_id = r.organization_id AND u.id = r.user_id
            WHERE r.secret_hash = sought AND r.expires_at > clock_timestamp() AND u.disabled_at IS NULL
        $$
        """
    )
    for signature in ("auth_by_invitation(bytea)", "auth_by_reset(bytea)"):
        walls.definer(auth, signature)


def _asked() -> None:
    op.execute(
        """
        CREATE FUNCTION auth_reset_accounts(which uuid) RETURNS TABLE (organization_id uuid, user_id uuid)
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            WITH asked AS (DELETE FROM reset_requests WHERE id = which RETURNING email)
            SELECT u.organization_id, u.id FROM users u JOIN asked ON asked.email = u.email
            WHERE u.disabled_at IS NULL
            ORDER BY u.id LIMIT 5
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION auth_forget_resets() RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
            DELETE FROM password_resets WHERE expires_at < clock_timestamp();
            DELETE FROM reset_requests WHERE asked_at < clock_timestamp() - interval '1 day';
        $$
        """
    )
    roles = walls.roles()
    for signature in ("auth_reset_accounts(uuid)", "auth_forget_resets()"):
        walls.definer(roles.auth, signature)
        op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM {roles.app}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for signature in (
        "auth_forget_resets()",
        "auth_reset_accounts(uuid)",
        "auth_by_reset(bytea)",
        "auth_by_invitation(bytea)",
    ):
        op.execute(f"DROP FUNCTION {signature}")
    for table in ("reset_requests", "password_resets", "invitations"):
        op.execute(f"DROP TABLE {table}")
