"""What either side logs that it did for a deal; by it is told who influenced it."""

import walls
from alembic import op

revision = "0095"
down_revision = "0094"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE deal_events (
            id uuid CONSTRAINT pk_deal_events PRIMARY KEY,
            partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL,
            deal_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            kind text NOT NULL CONSTRAINT ck_deal_events_kind
                CHECK (kind IN ('proposal_sent', 'need_confirmed', 'meeting_held', 'registered')),
            happened_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT ck_deal_events_side CHECK (organization_id IN (first_organization_id, second_organization_id)),
            CONSTRAINT ck_deal_events_logged CHECK (kind <> 'registered'),
            CONSTRAINT fk_deal_events_deal
                FOREIGN KEY (partnership_id, first_organization_id, second_organization_id, deal_id)
                REFERENCES deals (partnership_id, first_organization_id, second_organization_id, id)
                ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_deal_events_deal_id ON deal_events"
        " (partnership_id, first_organization_id, second_organization_id, deal_id)"
    )
    op.execute("CREATE INDEX ix_deal_events_of ON deal_events (deal_id, happened_at)")
    op.execute(
        "CREATE TRIGGER recorded_now BEFORE INSERT ON deal_events FOR EACH ROW EXECUTE FUNCTION recorded_at_now()"
    )
    people = f"{walls.roles().app}, {walls.roles().worker}"
    walls.shared("deal_events", "first_organization_id", "second_organization_id")
    op.execute(
        f"CREATE POLICY own_adds ON deal_events AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (organization_id = (SELECT ctx_org()))"
    )
    walls.grant("deal_events", "SELECT, INSERT")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE deal_events")
