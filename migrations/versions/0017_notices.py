"""What people are told and how they wish to be told it; the links in their mails, and who stands behind one."""

import walls
from alembic import op

revision = "0017"
down_revision = "0016"

CHANNELS = "'page', 'mail', 'digest'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _notices()
    _preferences()
    _links()


def _notices() -> None:
    op.execute(
        """
        CREATE TABLE notices (
            id uuid CONSTRAINT pk_notices PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_notices_organization_id REFERENCES organizations,
            user_id uuid NOT NULL,
            kind text NOT NULL CONSTRAINT ck_notices_kind CHECK (kind ~ '^[a-z_]+[.][a-z_]+$'),
            event_id uuid NOT NULL,
            subject_id uuid NOT NULL,
            partnership_id uuid,
            facts jsonb NOT NULL,
            on_page boolean NOT NULL,
            by_mail boolean NOT NULL,
            in_digest boolean NOT NULL,
            created_at timestamptz NOT NULL,
            read_at timestamptz,
            mailed_at timestamptz,
            digested_at timestamptz,
            CONSTRAINT uq_notices_organization_id_id UNIQUE (organization_id, id),
            CONSTRAINT uq_notices_organization_id_user_id_event_id UNIQUE (organization_id, user_id, event_id),
            CONSTRAINT fk_notices_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
            CONSTRAINT ck_notices_channel CHECK (on_page OR by_mail OR in_digest)
        )
        """
    )
    op.execute("CREATE INDEX ix_notices_listed ON notices (organization_id, user_id, created_at, id) WHERE on_page")
    op.execute("CREATE INDEX ix_notices_unread ON notices (organization_id, user_id) WHERE on_page AND read_at IS NULL")
    op.execute(
        "CREATE INDEX ix_notices_undigested ON notices (organization_id, user_id)"
        " WHERE in_digest AND digested_at IS NULL"
    )
    walls.owned("notices")
    walls.grant("notices", "SELECT, INSERT, DELETE, UPDATE (read_at, mailed_at, digested_at)")


def _preferences() -> None:
    op.execute(
        """
        CREATE TABLE notice_preferences (
            organization_id uuid NOT NULL,
            user_id uuid NOT NULL,
            zone text NOT NULL DEFAULT 'UTC' CONSTRAINT ck_notice_preferences_zone CHECK (length(zone) BETWEEN 1 AND 60),
            digest_hour bigint DEFAULT 8 CONSTRAINT ck_notice_preferences_hour CHECK (digest_hour BETWEEN 0 AND 23),
            quiet_from time,
            quiet_until time,
            digest_due_at timestamptz,
            digested_on date,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT pk_notice_preferences PRIMARY KEY (organization_id, user_id),
            CONSTRAINT fk_notice_preferences_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
            CONSTRAINT ck_notice_preferences_quiet CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE notice_channels (
            organization_id uuid NOT NULL,
            user_id uuid NOT NULL,
            kind text NOT NULL CONSTRAINT ck_notice_channels_kind CHECK (kind ~ '^[a-z_]+[.][a-z_]+$'),
            channels text[] NOT NULL CONSTRAINT ck_notice_channels_channels CHECK (channels <@ ARRAY[{CHANNELS}]),
            CONSTRAINT pk_notice_channels PRIMARY KEY (organization_id, user_id, kind),
            CONSTRAINT fk_notice_channels_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
        )
        """
    )
    for table in ("notice_preferences", "notice_channels"):
        walls.owned(table)
        walls.grant(table, "SELECT, INSERT, UPDATE, DELETE")


def _links() -> None:
    op.execute(
        """
        CREATE TABLE mail_actions (
            id uuid CONSTRAINT pk_mail_actions PRIMARY KEY,
            organization_id uuid NOT NULL,
            user_id uuid NOT NULL,
            notice_id uuid NOT NULL,
            act text NOT NULL CONSTRAINT ck_mail_actions_act CHECK (act ~ '^[a-z_]+[.][a-z_]+$'),
            subject_id uuid NOT NULL,
            secret_hash bytea NOT NULL CONSTRAINT uq_mail_actions_secret_hash UNIQUE,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            used_at timestamptz,
            CONSTRAINT fk_mail_actions_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
            CONSTRAINT fk_mail_actions_organization_id_notice_id
                FOREIGN KEY (organization_id, notice_id) REFERENCES notices (organization_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_mail_actions_organization_id_notice_id ON mail_actions (organization_id, notice_id)")
    walls.owned("mail_actions")
    walls.grant("mail_actions", "SELECT, INSERT, DELETE, UPDATE (used_at)")
    auth = walls.roles().auth
    walls.grant_to(auth, "mail_actions", "SELECT")
    op.execute(
        """
        CREATE FUNCTION auth_mail_action(sought bytea)
        RETURNS TABLE (organization_id uuid, user_id uuid, name text, roles text[], locale text,
                       partnership_ids uuid[], mail_action_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT u.organization_id, u.id, u.name, u.roles, u.locale, auth_partnerships(u.id), a.id
            FROM mail_actions a JOIN users u ON u.organization_id = a.organization_id AND u.id = a.user_id
            WHERE a.secret_hash = sought AND u.disabled_at IS NULL
        $$
        """
    )
    walls.definer(auth, "auth_mail_action(bytea)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION auth_mail_action(bytea)")
    for table in ("mail_actions", "notice_channels", "notice_preferences", "notices"):
        op.execute(f"DROP TABLE {table}")
