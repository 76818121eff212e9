"""The record of what was done: a company's own rows, and rows both sides of a partnership read."""

import walls
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE activities (
            id uuid CONSTRAINT pk_activities PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_activities_organization_id REFERENCES organizations,
            verb text NOT NULL CONSTRAINT ck_activities_verb CHECK (verb ~ '^[a-z_]+[.][a-z_]+$'),
            subject text NOT NULL,
            subject_id uuid NOT NULL,
            user_id uuid,
            token_id uuid,
            request_id text NOT NULL,
            facts jsonb NOT NULL,
            happened_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_activities_organization_id_recorded_at ON activities (organization_id, recorded_at, id)"
    )
    op.execute("CREATE INDEX ix_activities_organization_id_subject_id ON activities (organization_id, subject_id)")
    walls.owned("activities")
    walls.grant("activities", "SELECT, INSERT")
    walls.append_only("activities")
    op.execute(
        """
        CREATE TABLE shared_activities (
            id uuid CONSTRAINT pk_shared_activities PRIMARY KEY,
            partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL
                CONSTRAINT fk_shared_activities_first_organization_id REFERENCES organizations,
            second_organization_id uuid NOT NULL
                CONSTRAINT fk_shared_activities_second_organization_id REFERENCES organizations,
            acting_organization_id uuid NOT NULL,
            verb text NOT NULL CONSTRAINT ck_shared_activities_verb CHECK (verb ~ '^[a-z_]+[.][a-z_]+$'),
            subject text NOT NULL,
            subject_id uuid NOT NULL,
            facts jsonb NOT NULL,
            happened_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT ck_shared_activities_sides CHECK (first_organization_id < second_organization_id),
            CONSTRAINT ck_shared_activities_acting CHECK (
                acting_organization_id IN (first_organization_id, second_organization_id)
            )
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_shared_activities_partnership_id_subject_id"
        " ON shared_activities (partnership_id, subject_id, recorded_at)"
    )
    walls.shared("shared_activities", "first_organization_id", "second_organization_id")
    walls.grant("shared_activities", "SELECT, INSERT")
    walls.append_only("shared_activities")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE shared_activities")
    op.execute("DROP TABLE activities")
