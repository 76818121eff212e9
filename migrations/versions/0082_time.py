"""Time that people say a partnership costs them, and what their side took before: both a side's own."""

import walls
from alembic import op

revision = "0082"
down_revision = "0081"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE time_baselines (
            organization_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            list_minutes bigint NOT NULL CONSTRAINT ck_time_baselines_list CHECK (list_minutes BETWEEN 1 AND 100000),
            month_minutes bigint NOT NULL CONSTRAINT ck_time_baselines_month CHECK (month_minutes BETWEEN 0 AND 100000),
            stated_at timestamptz NOT NULL,
            CONSTRAINT pk_time_baselines PRIMARY KEY (organization_id, partnership_id),
            CONSTRAINT fk_time_baselines_side FOREIGN KEY (partnership_id, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_time_baselines_partnership_id ON time_baselines (partnership_id, organization_id)")
    op.execute(
        """
        CREATE TABLE time_spent (
            id uuid CONSTRAINT pk_time_spent PRIMARY KEY,
            organization_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            user_id uuid NOT NULL,
            month text NOT NULL CONSTRAINT ck_time_spent_month CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
            minutes bigint NOT NULL CONSTRAINT ck_time_spent_minutes CHECK (minutes BETWEEN 0 AND 44640),
            told_at timestamptz NOT NULL,
            CONSTRAINT uq_time_spent_once UNIQUE (organization_id, partnership_id, user_id, month),
            CONSTRAINT fk_time_spent_side FOREIGN KEY (partnership_id, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id),
            CONSTRAINT fk_time_spent_user FOREIGN KEY (organization_id, user_id)
                REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_time_spent_partnership_id ON time_spent (partnership_id, organization_id, month)")
    op.execute("CREATE INDEX ix_time_spent_user_id ON time_spent (organization_id, user_id)")
    walls.owned("time_baselines")
    walls.grant("time_baselines", "SELECT, INSERT, UPDATE (list_minutes, month_minutes, stated_at)")
    walls.owned("time_spent")
    walls.grant("time_spent", "SELECT, INSERT, UPDATE (minutes, told_at), DELETE")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("time_spent", "time_baselines"):
        op.execute(f"DROP TABLE {table}")
