"""Chains over what was recorded: one per organization, one per partnership, sealed by the worker in commit order."""

import walls
from alembic import op

revision = "0011"
down_revision = "0010"

RECORDED = ("activities", "shared_activities")
XMAX = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
SIDES = "first_organization_id, second_organization_id"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in RECORDED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN xact bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint")
        op.execute(f"ALTER TABLE {table} ADD COLUMN salt uuid NOT NULL DEFAULT gen_random_uuid()")
        op.execute(f"ALTER TABLE {table} ADD COLUMN erased_by uuid")
    op.execute("CREATE INDEX ix_activities_organization_id_xact ON activities (organization_id, xact)")
    op.execute("CREATE INDEX ix_shared_activities_partnership_id_xact ON shared_activities (partnership_id, xact)")
    for table, whose in zip(RECORDED, ("organization_id", "partnership_id"), strict=True):
        op.execute(
            f"CREATE INDEX ix_{table}_{whose}_erased_by ON {table} ({whose}, erased_by, id) WHERE erased_by IS NOT NULL"
        )
    _recorded_now()
    _own_chains()
    _shared_chains()
    _sweeps()


def _recorded_now() -> None:
    op.execute(
        """
        CREATE OR REPLACE FUNCTION recorded_now() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            NEW.recorded_at := clock_timestamp();
            NEW.xact := pg_current_xact_id()::text::bigint;
            NEW.salt := gen_random_uuid();
            NEW.erased_by := NULL;
            RETURN NEW;
        END $$
        """
    )


def _recorded_as_before() -> None:
    op.execute(
        """
        CREATE OR REPLACE FUNCTION recorded_now() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            NEW.recorded_at := clock_timestamp();
            RETURN NEW;
        END $$
        """
    )


CHAIN = """
            length bigint NOT NULL DEFAULT 0 CONSTRAINT ck_{table}_length CHECK (length >= 0),
            head bytea NOT NULL CONSTRAINT ck_{table}_head CHECK (length(head) = 32),
            settled bigint NOT NULL DEFAULT 0,
            sealed_at timestamptz,
            verified_at timestamptz,
            verified_length bigint NOT NULL DEFAULT 0,
            flaws bigint NOT NULL DEFAULT 0
"""
LINK = """
            place bigint NOT NULL CONSTRAINT ck_{table}_place CHECK (place >= 1),
            activity_id uuid NOT NULL,
            commitment bytea NOT NULL CONSTRAINT ck_{table}_commitment CHECK (length(commitment) = 32),
            hash bytea NOT NULL CONSTRAINT ck_{table}_hash CHECK (length(hash) = 32)
"""


def _own_chains() -> None:
    op.execute(
        f"""
        CREATE TABLE audit_chains (
            organization_id uuid CONSTRAINT pk_audit_chains PRIMARY KEY
                CONSTRAINT fk_audit_chains_organization_id REFERENCES organizations,
            {CHAIN.format(table="audit_chains")}
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE audit_links (
            organization_id uuid NOT NULL CONSTRAINT fk_audit_links_organization_id REFERENCES organizations,
            {LINK.format(table="audit_links")},
            CONSTRAINT pk_audit_links PRIMARY KEY (organization_id, place),
            CONSTRAINT uq_audit_links_organization_id_activity_id UNIQUE (organization_id, activity_id)
        )
        """
    )
    walls.owned("audit_chains")
    walls.owned("audit_links")
    _for_the_worker("audit_chains", "audit_links")


def _shared_chains() -> None:
    op.execute(
        f"""
        CREATE TABLE shared_audit_chains (
            partnership_id uuid CONSTRAINT pk_shared_audit_chains PRIMARY KEY,
            first_organization_id uuid NOT NULL
                CONSTRAINT fk_shared_audit_chains_first_organization_id REFERENCES organizations,
            second_organization_id uuid NOT NULL
                CONSTRAINT fk_shared_audit_chains_second_organization_id REFERENCES organizations,
            {CHAIN.format(table="shared_audit_chains")},
            CONSTRAINT uq_shared_audit_chains_whole UNIQUE (partnership_id, {SIDES}),
            CONSTRAINT fk_shared_audit_chains_sides FOREIGN KEY (partnership_id, {SIDES})
                REFERENCES partnership_sides (partnership_id, organization_id, other_id),
            CONSTRAINT ck_shared_audit_chains_sides CHECK (first_organization_id < second_organization_id)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE shared_audit_links (
            partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL,
            {LINK.format(table="shared_audit_links")},
            CONSTRAINT pk_shared_audit_links PRIMARY KEY (partnership_id, place),
            CONSTRAINT uq_shared_audit_links_partnership_id_activity_id UNIQUE (partnership_id, activity_id),
            CONSTRAINT fk_shared_audit_links_chain FOREIGN KEY (partnership_id, {SIDES})
                REFERENCES shared_audit_chains (partnership_id, {SIDES})
        )
        """
    )
    walls.shared("shared_audit_chains", "first_organization_id", "second_organization_id")
    walls.shared("shared_audit_links", "first_organization_id", "second_organization_id")
    _for_the_worker("shared_audit_chains", "shared_audit_links")


def _for_the_worker(chains: str, links: str) -> None:
    """Let the web server read chains and only the worker write them; links are never changed."""
    app, worker = walls.roles().app, walls.roles().worker
    op.execute(f"GRANT SELECT ON {chains}, {links} TO {app}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON {chains} TO {worker}")
    op.execute(f"GRANT SELECT, INSERT ON {links} TO {worker}")
    walls.append_only(links)


def _sweeps() -> None:
    steps = walls.roles().steps
    for table in (*RECORDED, "audit_chains", "shared_audit_chains"):
        walls.grant_to(steps, table, "SELECT")
    op.execute(
        """
        CREATE FUNCTION sweep_chains() RETURNS TABLE (organization_id uuid, partnership_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT o.id, NULL::uuid FROM organizations o
            UNION ALL
            SELECT least(p.proposer_id, p.addressee_id), p.id FROM partnerships p
            ORDER BY 1, 2
        $$
        """
    )
    op.execute(
        f"""
        CREATE FUNCTION sweep_unsealed() RETURNS TABLE (organization_id uuid, partnership_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT o.id, NULL::uuid FROM organizations o LEFT JOIN audit_chains c ON c.organization_id = o.id
            WHERE EXISTS (SELECT FROM activities a WHERE a.organization_id = o.id
                          AND a.xact >= CASE WHEN c.settled > {XMAX} THEN 0 ELSE coalesce(c.settled, 0) END)
            UNION ALL
            SELECT least(p.proposer_id, p.addressee_id), p.id
            FROM partnerships p LEFT JOIN shared_audit_chains c ON c.partnership_id = p.id
            WHERE EXISTS (SELECT FROM shared_activities a WHERE a.partnership_id = p.id
                          AND a.xact >= CASE WHEN c.settled > {XMAX} THEN 0 ELSE coalesce(c.settled, 0) END)
            ORDER BY 1, 2
        $$
        """
    )
    for signature in ("sweep_chains()", "sweep_unsealed()"):
        walls.definer(steps, signature)
        op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM {walls.roles().app}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION sweep_unsealed()")
    op.execute("DROP FUNCTION sweep_chains()")
    for table in ("shared_audit_links", "shared_audit_chains", "audit_links", "audit_chains"):
        op.execute(f"DROP TABLE {table}")
    steps = walls.roles().steps
    _recorded_as_before()
    for table in RECORDED:
        op.execute(f"DROP POLICY for_{steps} ON {table}")
        op.execute(f"REVOKE SELECT ON {table} FROM {steps}")
        for column in ("erased_by", "salt", "xact"):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
