"""Compensation plans, what each said from which day on, and whose they are from when: a company's own alone."""

import walls
from alembic import op

revision = "0104"
down_revision = "0103"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE compensation_plans (
            id uuid CONSTRAINT pk_compensation_plans PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_compensation_plans_organization_id REFERENCES organizations,
            name text NOT NULL CONSTRAINT ck_compensation_plans_name CHECK (length(name) BETWEEN 1 AND 100),
            draft jsonb CONSTRAINT ck_compensation_plans_draft CHECK (jsonb_typeof(draft) = 'object'),
            version bigint NOT NULL DEFAULT 1,
            created_at timestamptz NOT NULL,
            CONSTRAINT uq_compensation_plans_organization_id_id UNIQUE (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_compensation_plans_created_at ON compensation_plans (organization_id, created_at, id)")
    _versions()
    _assignments()
    for table in ("compensation_plans", "compensation_versions", "compensation_assignments"):
        walls.owned(table)
    walls.grant("compensation_plans", "SELECT, INSERT, UPDATE (name, draft, version)")
    for table in ("compensation_versions", "compensation_assignments"):
        walls.append_only(table)
        walls.grant(table, "SELECT, INSERT")
        op.execute(
            f"CREATE TRIGGER recorded_now BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION recorded_at_now()"
        )


def _versions() -> None:
    op.execute(
        """
        CREATE TABLE compensation_versions (
            organization_id uuid NOT NULL,
            plan_id uuid NOT NULL,
            version bigint NOT NULL CONSTRAINT ck_compensation_versions_version CHECK (version >= 1),
            rules jsonb NOT NULL CONSTRAINT ck_compensation_versions_rules CHECK (jsonb_typeof(rules) = 'object'),
            starts_on date NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT pk_compensation_versions PRIMARY KEY (organization_id, plan_id, version),
            CONSTRAINT uq_compensation_versions_starts_on UNIQUE (organization_id, plan_id, starts_on),
            CONSTRAINT fk_compensation_versions_plan FOREIGN KEY (organization_id, plan_id)
                REFERENCES compensation_plans (organization_id, id)
        )
        """
    )


def _assignments() -> None:
    op.execute(
        """
        CREATE TABLE compensation_assignments (
            id uuid CONSTRAINT pk_compensation_assignments PRIMARY KEY,
            organization_id uuid NOT NULL,
            plan_id uuid NOT NULL,
            user_id uuid,
            team_id uuid,
            starts_on date NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT ck_compensation_assignments_whose CHECK (num_nonnulls(user_id, team_id) = 1),
            CONSTRAINT fk_compensation_assignments_plan FOREIGN KEY (organization_id, plan_id)
                REFERENCES compensation_plans (organization_id, id),
            CONSTRAINT fk_compensation_assignments_user FOREIGN KEY (organization_id, user_id)
                REFERENCES users (organization_id, id),
            CONSTRAINT fk_compensation_assignments_team FOREIGN KEY (organization_id, team_id)
                REFERENCES teams (organization_id, id)
        )
        """
    )
    for name in ("plan_id", "user_id", "team_id"):
        op.execute(
            f"CREATE INDEX ix_compensation_assignments_{name} ON compensation_assignments (organization_id, {name})"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("compensation_assignments", "compensation_versions", "compensation_plans"):
        op.execute(f"DROP TABLE {table}")
