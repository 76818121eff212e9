"""Organizations, users, teams, sessions, API tokens, and the look-ups that precede the tenant."""

import walls
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _context()
    _tables()
    for table in ("users", "teams", "passwords", "sessions", "api_tokens"):
        walls.owned(table)
    walls.owned("organizations", "id")
    walls.grant("organizations", "SELECT, INSERT")
    walls.grant("users", "SELECT, INSERT, UPDATE")
    walls.grant("teams", "SELECT, INSERT, UPDATE, DELETE")
    walls.grant("passwords", "INSERT")
    walls.grant("passwords", "SELECT (organization_id, user_id), UPDATE (hash, changed_at)")
    walls.grant("sessions", "SELECT, INSERT, UPDATE, DELETE")
    walls.grant("api_tokens", "SELECT, INSERT, UPDATE, DELETE")
    _look_ups()


def _context() -> None:
    op.execute(
        """
        CREATE FUNCTION ctx_org() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog
        AS $$ SELECT nullif(current_setting('partnercrm.organization', true), '')::uuid $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only: corrections are new rows', tg_table_name
                USING ERRCODE = 'restrict_violation';
        END $$
        """
    )


def _tables() -> None:
    op.execute(
        """
        CREATE TABLE organizations (
            id uuid CONSTRAINT pk_organizations PRIMARY KEY,
            name text NOT NULL CONSTRAINT ck_organizations_name CHECK (length(name) BETWEEN 1 AND 200),
            created_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE teams (
            id uuid CONSTRAINT pk_teams PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_teams_organization_id REFERENCES organizations,
            name text NOT NULL CONSTRAINT ck_teams_name CHECK (length(name) BETWEEN 1 AND 100),
            CONSTRAINT uq_teams_organization_id_id UNIQUE (organization_id, id),
            CONSTRAINT uq_teams_organization_id_name UNIQUE (organization_id, name)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE users (
            id uuid CONSTRAINT pk_users PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_users_organization_id REFERENCES organizations,
            email text NOT NULL CONSTRAINT ck_users_email CHECK (email = lower(email) AND length(email) <= 254),
            name text NOT NULL CONSTRAINT ck_users_name CHECK (length(name) BETWEEN 1 AND 200),
            roles text[] NOT NULL CONSTRAINT ck_users_roles CHECK (
                roles <@ ARRAY['seller', 'partner_manager', 'executive', 'admin', 'integration']
            ),
            team_id uuid,
            locale text NOT NULL DEFAULT 'en',
            disabled_at timestamptz,
            version bigint NOT NULL DEFAULT 1,
            created_at timestamptz NOT NULL,
            CONSTRAINT uq_users_organization_id_id UNIQUE (organization_id, id),
            CONSTRAINT uq_users_organization_id_email UNIQUE (organization_id, email),
            CONSTRAINT fk_users_organization_id_team_id
                FOREIGN KEY (organization_id, team_id) REFERENCES teams (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_users_email ON users (email)")
    op.execute(
        """
        CREATE TABLE passwords (
            organization_id uuid NOT NULL,
            user_id uuid NOT NULL,
            hash text NOT NULL,
            changed_at timestamptz NOT NULL,
            CONSTRAINT pk_passwords PRIMARY KEY (organization_id, user_id),
            CONSTRAINT fk_passwords_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE sessions (
            id uuid CONSTRAINT pk_sessions PRIMARY KEY,
            organization_id uuid NOT NULL,
            user_id uuid NOT NULL,
            secret_hash bytea NOT NULL CONSTRAINT uq_sessions_secret_hash UNIQUE,
            created_at timestamptz NOT NULL,
            last_seen_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT fk_sessions_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_sessions_organization_id_user_id ON sessions (organization_id, user_id)")
    op.execute(
        """
        CREATE TABLE api_tokens (
            id uuid CONSTRAINT pk_api_tokens PRIMARY KEY,
            organization_id uuid NOT NULL,
            user_id uuid NOT NULL,
            name text NOT NULL CONSTRAINT ck_api_tokens_name CHECK (length(name) BETWEEN 1 AND 100),
            secret_hash bytea NOT NULL CONSTRAINT uq_api_tokens_secret_hash UNIQUE,
            scopes text[] NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            last_used_at timestamptz,
            revoked_at timestamptz,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT fk_api_tokens_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_api_tokens_organization_id_user_id ON api_tokens (organization_id, user_id)")


def _look_ups() -> None:
    auth = walls.roles().auth
    for table in ("organizations", "users", "passwords", "sessions", "api_tokens"):
        walls.grant_to(auth, table, "SELECT")
    op.execute(
        """
        CREATE FUNCTION auth_by_email(sought text)
        RETURNS TABLE (organization_id uuid, user_id uuid, hash text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT u.organization_id, u.id, p.hash
            FROM users u JOIN passwords p ON p.organization_id = u.organization_id AND p.user_id = u.id
            WHERE u.email = lower(sought) AND u.disabled_at IS NULL
            ORDER BY u.id LIMIT 5
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION auth_partnerships(whose uuid) RETURNS uuid[]
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT '{}'::uuid[] $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION auth_by_session(sought bytea)
        RETURNS TABLE (organization_id uuid, user_id uuid, name text, roles text[], locale text,
                       partnership_ids uuid[], session_id uuid, last_seen_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT u.organization_id, u.id, u.name, u.roles, u.locale, auth_partnerships(u.id), s.id, s.last_seen_at
            FROM sessions s JOIN users u ON u.organization_id = s.organization_id AND u.id = s.user_id
            WHERE s.secret_hash = sought AND s.expires_at > clock_timestamp() AND u.disabled_at IS NULL
        $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION auth_by_token(sought bytea)
        RETURNS TABLE (organization_id uuid, user_id uuid, name text, roles text[], locale text,
                       partnership_ids uuid[], token_id uuid, scopes text[], last_used_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT u.organization_id, u.id, u.name, u.roles, u.locale, auth_partnerships(u.id),
                   t.id, t.scopes, t.last_used_at
            FROM api_tokens t JOIN users u ON u.organization_id = t.organization_id AND u.id = t.user_id
            WHERE t.secret_hash = sought AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp()
              AND u.disabled_at IS NULL
        $$
        """
    )
    for signature in (
        "auth_by_email(text)",
        "auth_partnerships(uuid)",
        "auth_by_session(bytea)",
        "auth_by_token(bytea)",
    ):
        walls.definer(auth, signature)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for signature in (
        "auth_by_token(bytea)",
        "auth_by_session(bytea)",
        "auth_partnerships(uuid)",
        "auth_by_email(text)",
    ):
        op.execute(f"DROP FUNCTION {signature}")
    for table in ("api_tokens", "sessions", "passwords", "users", "teams", "organizations"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refuse_change()")
    op.execute("DROP FUNCTION ctx_org()")
