"""What a side says it wins alone, against which it reads its joint deals; the other side does not."""

import walls
from alembic import op

revision = "0100"
down_revision = "0099"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE sales_baselines (
            organization_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            won bigint NOT NULL CONSTRAINT ck_sales_baselines_won CHECK (won >= 0),
            lost bigint NOT NULL CONSTRAINT ck_sales_baselines_lost CHECK (lost >= 0),
            value_minor bigint CONSTRAINT ck_sales_baselines_value_minor CHECK (value_minor >= 0),
            currency text CONSTRAINT ck_sales_baselines_currency CHECK (currency ~ '^[A-Z]{3}$'),
            days bigint CONSTRAINT ck_sales_baselines_days CHECK (days >= 0),
            stated_at timestamptz NOT NULL,
            CONSTRAINT pk_sales_baselines PRIMARY KEY (organization_id, partnership_id),
            CONSTRAINT ck_sales_baselines_value CHECK ((value_minor IS NULL) = (currency IS NULL)),
            CONSTRAINT fk_sales_baselines_side FOREIGN KEY (partnership_id, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_sales_baselines_partnership_id ON sales_baselines (partnership_id, organization_id)")
    walls.owned("sales_baselines")
    walls.grant("sales_baselines", "SELECT, INSERT, UPDATE (won, lost, value_minor, currency, days, stated_at)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE sales_baselines")
