"""Populations: named segments of an organization's accounts, and every version there was of each; all owned."""

import erasing
import walls
from alembic import op

revision = "0064"
down_revision = "0063"

BEFORE = (
    erasing.FIRST
    + erasing.OF_CONTACTS
    + erasing.OF_OWN_WORDS
    + erasing.OF_IMPORTS
    + erasing.OF_REQUESTS
    + erasing.OF_ROUNDS
    + erasing.OF_ACCOUNTS
    + erasing.OF_ACCOUNT_FILES
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE populations (
            id uuid CONSTRAINT pk_populations PRIMARY KEY,
            organization_id uuid NOT NULL CONSTRAINT fk_populations_organization_id REFERENCES organizations,
            name text NOT NULL CONSTRAINT ck_populations_name CHECK (length(name) BETWEEN 1 AND 100),
            criteria jsonb NOT NULL CONSTRAINT ck_populations_criteria CHECK (jsonb_typeof(criteria) = 'object'),
            version bigint NOT NULL DEFAULT 1,
            counted bigint NOT NULL CONSTRAINT ck_populations_counted CHECK (counted >= 0),
            counted_at timestamptz NOT NULL,
            created_at timestamptz NOT NULL,
            archived_at timestamptz,
            CONSTRAINT uq_populations_organization_id_id UNIQUE (organization_id, id)
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_populations_name ON populations (organization_id, lower(name))"
        " WHERE archived_at IS NULL"
    )
    op.execute("CREATE INDEX ix_populations_created_at ON populations (organization_id, created_at, id)")
    op.execute(
        """
        CREATE TABLE population_versions (
            organization_id uuid NOT NULL,
            population_id uuid NOT NULL,
            version bigint NOT NULL,
            criteria jsonb NOT NULL,
            counted bigint NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT pk_population_versions PRIMARY KEY (organization_id, population_id, version),
            CONSTRAINT fk_population_versions_population FOREIGN KEY (organization_id, population_id)
                REFERENCES populations (organization_id, id)
        )
        """
    )
    for table in ("populations", "population_versions"):
        walls.owned(table)
    walls.append_only("population_versions")
    walls.grant("populations", "SELECT, INSERT, UPDATE")
    walls.grant("population_versions", "SELECT, INSERT")
    op.execute(f"CREATE POLICY for_erasure ON populations TO {walls.roles().steps} USING (true) WITH CHECK (true)")
    erasing.grant(erasing.OF_POPULATIONS)
    erasing.define(BEFORE + erasing.OF_POPULATIONS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    op.execute("DROP TABLE population_versions")
    op.execute("DROP TABLE populations")
