"""Routing of received leads: the receiver's rules, whose turn it was, and who is asked first. The giver sees nothing."""

import walls
from alembic import op

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE routing_plans (
            organization_id uuid CONSTRAINT pk_routing_plans PRIMARY KEY
                CONSTRAINT fk_routing_plans_organization_id REFERENCES organizations,
            rules jsonb NOT NULL CONSTRAINT ck_routing_plans_rules CHECK (jsonb_typeof(rules) = 'array'),
            turns bigint NOT NULL DEFAULT 0,
            changed_at timestamptz NOT NULL,
            version bigint NOT NULL DEFAULT 1
        )
        """
    )
    op.execute(
        """
        CREATE TABLE routing_turns (
            organization_id uuid NOT NULL,
            rule_id uuid NOT NULL,
            user_id uuid NOT NULL,
            turn bigint NOT NULL,
            CONSTRAINT pk_routing_turns PRIMARY KEY (organization_id, rule_id, user_id),
            CONSTRAINT fk_routing_turns_plan FOREIGN KEY (organization_id) REFERENCES routing_plans,
            CONSTRAINT fk_routing_turns_user FOREIGN KEY (organization_id, user_id)
                REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_routing_turns_user_id ON routing_turns (organization_id, user_id)")
    op.execute(
        """
        CREATE TABLE lead_assignments (
            organization_id uuid NOT NULL,
            offer_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            giver_id uuid NOT NULL,
            assignee_id uuid NOT NULL,
            by_hand boolean NOT NULL,
            assigned_at timestamptz NOT NULL,
            CONSTRAINT pk_lead_assignments PRIMARY KEY (organization_id, offer_id),
            CONSTRAINT fk_lead_assignments_offer FOREIGN KEY (partnership_id, giver_id, organization_id, offer_id)
                REFERENCES offers (partnership_id, giver_id, receiver_id, id),
            CONSTRAINT fk_lead_assignments_assignee FOREIGN KEY (organization_id, assignee_id)
                REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_lead_assignments_assignee_id ON lead_assignments (organization_id, assignee_id)")
    for table in ("routing_plans", "routing_turns", "lead_assignments"):
        walls.owned(table)
        walls.grant(table, "SELECT, INSERT, UPDATE, DELETE")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("lead_assignments", "routing_turns", "routing_plans"):
        op.execute(f"DROP TABLE {table}")
