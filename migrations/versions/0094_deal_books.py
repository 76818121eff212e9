"""What each side keeps of a deal for itself: its own stage, forecast, value, price and notes."""

import erasing
import walls
from alembic import op

revision = "0094"
down_revision = "0093"

BEFORE = (
    erasing.FIRST
    + erasing.OF_CONTACTS
    + erasing.OF_OWN_WORDS
    + erasing.OF_IMPORTS
    + erasing.OF_REQUESTS
    + erasing.OF_ROUNDS
    + erasing.OF_ACCOUNTS
    + erasing.OF_ACCOUNT_FILES
    + erasing.OF_POPULATIONS
    + erasing.OF_MAPPINGS
    + erasing.OF_JOINT_ACCOUNTS
    + erasing.OF_YESES
    + erasing.OF_ENABLEMENT
    + erasing.OF_JOINT_PLANS
    + erasing.OF_REGISTRATIONS
    + erasing.OF_PROPOSITIONS
    + erasing.OF_SIGHTINGS
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE deal_books (
            organization_id uuid NOT NULL,
            deal_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            own_stage text CONSTRAINT ck_deal_books_own_stage CHECK (length(own_stage) <= 100),
            forecast text CONSTRAINT ck_deal_books_forecast
                CHECK (forecast IN ('omitted', 'pipeline', 'best_case', 'commit')),
            value_minor bigint CONSTRAINT ck_deal_books_value_minor CHECK (value_minor >= 0),
            value_currency text CONSTRAINT ck_deal_books_value_currency CHECK (value_currency ~ '^[A-Z]{3}$'),
            price_minor bigint CONSTRAINT ck_deal_books_price_minor CHECK (price_minor >= 0),
            price_currency text CONSTRAINT ck_deal_books_price_currency CHECK (price_currency ~ '^[A-Z]{3}$'),
            notes text CONSTRAINT ck_deal_books_notes CHECK (length(notes) <= 10000),
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT pk_deal_books PRIMARY KEY (organization_id, deal_id),
            CONSTRAINT ck_deal_books_value CHECK ((value_minor IS NULL) = (value_currency IS NULL)),
            CONSTRAINT ck_deal_books_price CHECK ((price_minor IS NULL) = (price_currency IS NULL)),
            CONSTRAINT fk_deal_books_deal FOREIGN KEY (partnership_id, deal_id)
                REFERENCES deals (partnership_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_deal_books_deal_id ON deal_books (partnership_id, deal_id)")
    kept = "own_stage, forecast, value_minor, value_currency, price_minor, price_currency, notes, version"
    walls.owned("deal_books")
    walls.grant("deal_books", f"SELECT, INSERT, UPDATE ({kept})")
    erasing.grant(erasing.OF_DEAL_BOOKS)
    erasing.define(BEFORE + erasing.OF_DEAL_BOOKS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    op.execute("DROP TABLE deal_books")
