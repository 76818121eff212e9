"""What flowed between both sides in a month, as both read it: kinds and counts by tier, no content (shared)."""

import walls
from alembic import op

revision = "0079"
down_revision = "0078"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE flow_reports (
            id uuid CONSTRAINT pk_flow_reports PRIMARY KEY,
            partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL,
            month text NOT NULL CONSTRAINT ck_flow_reports_month CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
            discloser_id uuid NOT NULL,
            kind text NOT NULL CONSTRAINT ck_flow_reports_kind CHECK (kind IN ('lead', 'overlap', 'joint_account')),
            tier text NOT NULL CONSTRAINT ck_flow_reports_tier
                CHECK (tier IN ('public', 'partner_internal', 'need_to_know')),
            disclosed bigint CONSTRAINT ck_flow_reports_disclosed CHECK (disclosed >= 8),
            fields bigint CONSTRAINT ck_flow_reports_fields CHECK (fields >= 8),
            made_at timestamptz NOT NULL,
            CONSTRAINT uq_flow_reports_once UNIQUE (partnership_id, month, discloser_id, kind, tier),
            CONSTRAINT ck_flow_reports_discloser
                CHECK (discloser_id IN (first_organization_id, second_organization_id)),
            CONSTRAINT ck_flow_reports_told CHECK (disclosed IS NOT NULL OR fields IS NULL),
            CONSTRAINT fk_flow_reports_sides
                FOREIGN KEY (partnership_id, first_organization_id, second_organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id)
        )
        """
    )
    walls.shared("flow_reports", "first_organization_id", "second_organization_id")
    op.execute(f"GRANT SELECT ON flow_reports TO {walls.roles().app}")
    op.execute(f"GRANT SELECT, INSERT ON flow_reports TO {walls.roles().worker}")
    walls.grant_to(walls.roles().steps, "flow_reports", "SELECT (partnership_id), DELETE")
    op.execute(
        """
        CREATE FUNCTION flow_reports_end() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM flow_reports WHERE partnership_id = NEW.id;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER flow_reports_end AFTER UPDATE OF status ON partnerships FOR EACH ROW"
        " WHEN (NEW.status = 'ended' AND OLD.status <> 'ended') EXECUTE FUNCTION flow_reports_end()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER flow_reports_end ON partnerships")
    op.execute("DROP FUNCTION flow_reports_end()")
    op.execute("DROP TABLE flow_reports")
