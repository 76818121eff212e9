"""Business hours of organizations, teams and people; deputies; what a partner's clock needs of the other side's."""

import walls
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    _calendars()
    _deputies()
    _partner_hours()
    _memberships()


def _calendars() -> None:
    op.execute(
        """
        CREATE TABLE calendars (
            id uuid CONSTRAINT pk_calendars PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_calendars_organization_id REFERENCES organizations,
            team_id uuid,
            user_id uuid,
            zone text NOT NULL CONSTRAINT ck_calendars_zone CHECK (length(zone) BETWEEN 1 AND 60),
            holidays text CONSTRAINT ck_calendars_holidays CHECK (holidays ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$'),
            week jsonb NOT NULL CONSTRAINT ck_calendars_week
                CHECK (jsonb_typeof(week) = 'array' AND jsonb_array_length(week) = 7),
            days jsonb NOT NULL CONSTRAINT ck_calendars_days CHECK (jsonb_typeof(days) = 'object'),
            version bigint NOT NULL DEFAULT 1,
            changed_at timestamptz NOT NULL,
            CONSTRAINT uq_calendars_whose UNIQUE NULLS NOT DISTINCT (organization_id, team_id, user_id),
            CONSTRAINT ck_calendars_whose CHECK (num_nonnulls(team_id, user_id) <= 1),
            CONSTRAINT fk_calendars_organization_id_team_id
                FOREIGN KEY (organization_id, team_id) REFERENCES teams (organization_id, id),
            CONSTRAINT fk_calendars_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
        )
        """
    )
    walls.owned("calendars")
    walls.grant("calendars", "SELECT, INSERT, UPDATE, DELETE")


def _deputies() -> None:
    op.execute(
        """
        CREATE TABLE deputies (
            id uuid CONSTRAINT pk_deputies PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_deputies_organization_id REFERENCES organizations,
            user_id uuid NOT NULL,
            deputy_id uuid NOT NULL,
            from_on date NOT NULL,
            to_on date NOT NULL,
            begins_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            named_at timestamptz NOT NULL,
            ended_at timestamptz,
            CONSTRAINT ck_deputies_two CHECK (user_id <> deputy_id),
            CONSTRAINT ck_deputies_order CHECK (from_on <= to_on AND begins_at < ends_at),
            CONSTRAINT fk_deputies_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
            CONSTRAINT fk_deputies_organization_id_deputy_id
                FOREIGN KEY (organization_id, deputy_id) REFERENCES users (organization_id, id),
            CONSTRAINT ex_deputies_one_at_a_time EXCLUDE USING gist (
                organization_id WITH =, user_id WITH =, tstzrange(begins_at, ends_at) WITH &&
            ) WHERE (ended_at IS NULL)
        )
        """
    )
    op.execute("CREATE INDEX ix_deputies_organization_id_begins_at ON deputies (organization_id, begins_at, id)")
    op.execute("CREATE INDEX ix_deputies_deputy_id ON deputies (deputy_id) WHERE ended_at IS NULL")
    walls.owned("deputies")
    walls.grant("deputies", "SELECT, INSERT, UPDATE (ended_at)")


def _partner_hours() -> None:
    steps = walls.roles().steps
    walls.grant_to(steps, "calendars", "SELECT")
    op.execute(
        """
        CREATE FUNCTION step_partner_hours(which uuid)
        RETURNS TABLE (zone text, holidays text, week jsonb, days jsonb)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT c.zone, c.holidays, c.week, c.days FROM calendars c
            WHERE c.organization_id = which AND c.team_id IS NULL AND c.user_id IS NULL AND EXISTS (
                SELECT FROM partnerships p WHERE p.status <> 'ended'
                AND (p.proposer_id, p.addressee_id) IN ((which, ctx_org()), (ctx_org(), which))
            )
        $$
        """
    )
    walls.definer(steps, "step_partner_hours(uuid)")


def _memberships() -> None:
    walls.grant_to(walls.roles().auth, "deputies", "SELECT")
    op.execute(
        """
        CREATE OR REPLACE FUNCTION auth_partnerships(whose uuid) RETURNS uuid[]
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            WITH RECURSIVE acts_for (user_id) AS (
                VALUES (whose)
                UNION
                SELECT d.user_id FROM deputies d JOIN acts_for a ON d.deputy_id = a.user_id
                WHERE d.ended_at IS NULL AND d.begins_at <= clock_timestamp() AND d.ends_at > clock_timestamp()
            )
            SELECT coalesce(array_agg(DISTINCT m.partnership_id), '{}')
            FROM partnership_members m JOIN partnerships p ON p.id = m.partnership_id
            WHERE m.user_id IN (SELECT user_id FROM acts_for) AND m.left_at IS NULL AND p.status <> 'ended'
        $$
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
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
    op.execute("DROP FUNCTION step_partner_hours(uuid)")
    op.execute("DROP TABLE deputies")
    op.execute("DROP TABLE calendars")
    op.execute("DROP EXTENSION btree_gist")
