"""What a company agreed with its people about figures, by version; figures of teams, published once a month."""

import walls
from alembic import op

revision = "0019"
down_revision = "0018"

MEASURES = "'given', 'accepted', 'qualified', 'won', 'answered', 'in_time', 'response_hours'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE works_agreements (
            organization_id uuid NOT NULL CONSTRAINT fk_works_agreements_organization_id REFERENCES organizations,
            version bigint NOT NULL CONSTRAINT ck_works_agreements_version CHECK (version >= 1),
            person_figures text NOT NULL
                CONSTRAINT ck_works_agreements_person_figures CHECK (person_figures IN ('off', 'managers')),
            reason text NOT NULL CONSTRAINT ck_works_agreements_reason CHECK (length(reason) BETWEEN 1 AND 500),
            decided_by uuid,
            decided_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT pk_works_agreements PRIMARY KEY (organization_id, version),
            CONSTRAINT fk_works_agreements_organization_id_decided_by
                FOREIGN KEY (organization_id, decided_by) REFERENCES users (organization_id, id)
        )
        """
    )
    walls.owned("works_agreements")
    walls.grant("works_agreements", "SELECT, INSERT")
    walls.append_only("works_agreements")
    _team_figures()
    op.execute(
        """
        CREATE FUNCTION sweep_organizations() RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT id FROM organizations ORDER BY id
        $$
        """
    )
    walls.definer(walls.roles().steps, "sweep_organizations()")
    op.execute(f"REVOKE EXECUTE ON FUNCTION sweep_organizations() FROM {walls.roles().app}")


def _team_figures() -> None:
    op.execute(
        """
        CREATE TABLE figure_months (
            organization_id uuid NOT NULL CONSTRAINT fk_figure_months_organization_id REFERENCES organizations,
            month text NOT NULL CONSTRAINT ck_figure_months_month CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
            published_at timestamptz NOT NULL,
            CONSTRAINT pk_figure_months PRIMARY KEY (organization_id, month)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE team_figures (
            organization_id uuid NOT NULL,
            month text NOT NULL,
            measure text NOT NULL CONSTRAINT ck_team_figures_measure CHECK (measure IN ({MEASURES})),
            place bigint NOT NULL,
            team_ids uuid[] NOT NULL,
            with_teamless boolean NOT NULL,
            amount bigint NOT NULL CONSTRAINT ck_team_figures_amount CHECK (amount >= 0),
            CONSTRAINT pk_team_figures PRIMARY KEY (organization_id, month, measure, place),
            CONSTRAINT fk_team_figures_organization_id_month
                FOREIGN KEY (organization_id, month) REFERENCES figure_months (organization_id, month)
        )
        """
    )
    for table in ("figure_months", "team_figures"):
        walls.owned(table)
        walls.grant(table, "SELECT, INSERT")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION sweep_organizations()")
    for table in ("team_figures", "figure_months", "works_agreements"):
        op.execute(f"DROP TABLE {table}")
