"""Deals that somebody has begun to register: the own side's alone, and on no ground a claim."""

import erasing
import walls
from alembic import op

revision = "0107"
down_revision = "0106"

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
    + erasing.OF_DEAL_BOOKS
    + erasing.OF_DEAL_ENTRIES
)
CHANGED = (
    *("owner_id", "joint_account_id", "account_name", "account_domain", "account_country", "product_line_id"),
    *("value_minor", "currency", "close_on", "asks", "involvement", "entry_stage", "lost_before", "steps"),
    *("changed_at", "version"),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE registration_drafts (
            id uuid CONSTRAINT pk_registration_drafts PRIMARY KEY,
            organization_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            owner_id uuid NOT NULL,
            joint_account_id uuid,
            account_name text CONSTRAINT ck_registration_drafts_account_name CHECK (length(account_name) <= 200),
            account_domain text CONSTRAINT ck_registration_drafts_account_domain CHECK (length(account_domain) <= 253),
            account_country text CONSTRAINT ck_registration_drafts_account_country CHECK (account_country ~ '^[A-Z]{2}$'),
            product_line_id uuid,
            value_minor bigint CONSTRAINT ck_registration_drafts_value_minor CHECK (value_minor >= 0),
            currency text CONSTRAINT ck_registration_drafts_currency CHECK (currency ~ '^[A-Z]{3}$'),
            close_on date,
            asks text CONSTRAINT ck_registration_drafts_asks CHECK (length(asks) <= 500),
            involvement text CONSTRAINT ck_registration_drafts_involvement
                CHECK (involvement IN ('co_sell', 'visibility_only')),
            entry_stage text CONSTRAINT ck_registration_drafts_entry_stage CHECK (entry_stage IN
                    ('prospect', 'qualified', 'technical_validation', 'business_validation', 'committed',
                    'closed_won', 'closed_lost'))
                CONSTRAINT ck_registration_drafts_entry_open CHECK (entry_stage NOT IN ('closed_won', 'closed_lost')),
            lost_before boolean,
            steps jsonb NOT NULL CONSTRAINT ck_registration_drafts_steps
                CHECK (jsonb_typeof(steps) = 'array' AND jsonb_array_length(steps) <= 10),
            changed_at timestamptz NOT NULL,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT ck_registration_drafts_value CHECK ((value_minor IS NULL) = (currency IS NULL)),
            CONSTRAINT ck_registration_drafts_account CHECK (
                num_nonnulls(account_domain, account_country) = 0 OR account_name IS NOT NULL),
            CONSTRAINT fk_registration_drafts_joint_account FOREIGN KEY (partnership_id, joint_account_id)
                REFERENCES joint_accounts (partnership_id, id) ON DELETE SET NULL (joint_account_id),
            CONSTRAINT fk_registration_drafts_side FOREIGN KEY (partnership_id, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id),
            CONSTRAINT fk_registration_drafts_owner FOREIGN KEY (organization_id, owner_id)
                REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_registration_drafts_side ON registration_drafts (partnership_id, organization_id)")
    op.execute(
        "CREATE INDEX ix_registration_drafts_owner_id ON registration_drafts (organization_id, owner_id, changed_at, id)"
    )
    op.execute(
        "CREATE INDEX ix_registration_drafts_joint_account_id ON registration_drafts (partnership_id, joint_account_id)"
    )
    walls.owned("registration_drafts")
    walls.grant("registration_drafts", f"SELECT, INSERT, UPDATE ({', '.join(CHANGED)}), DELETE")
    erasing.grant(erasing.OF_REGISTRATION_DRAFTS)
    erasing.define(BEFORE + erasing.OF_REGISTRATION_DRAFTS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    op.execute("DROP TABLE registration_drafts")
