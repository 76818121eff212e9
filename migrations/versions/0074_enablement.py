"""Enablement: what a side's sellers are to know in a partnership, what became of each, gates and exceptions."""

import erasing
import walls
from alembic import op

revision = "0074"
down_revision = "0073"

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
)
TABLES = (
    *("enablement_exceptions", "enablement_programmes", "enablement_tellings", "enablement_results"),
    *("enablement_item_versions", "enablement_items"),
)
SIDE = """
    organization_id uuid NOT NULL,
    partnership_id uuid NOT NULL,
    CONSTRAINT fk_{table}_side FOREIGN KEY (partnership_id, organization_id)
        REFERENCES partnership_sides (partnership_id, organization_id)
"""
ITEM = "FOREIGN KEY (organization_id, item_id) REFERENCES enablement_items (organization_id, id)"
MODES = "IN ('off', 'warn', 'block')"


def _user(table: str, column: str) -> str:
    name = column.removesuffix("_id")
    return (
        f"CONSTRAINT fk_{table}_{name} FOREIGN KEY (organization_id, {column}) REFERENCES users (organization_id, id)"
    )


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _items()
    _results()
    _gates()
    for table in TABLES:
        walls.owned(table)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON enablement_item_versions"
        " FOR EACH STATEMENT WHEN (NOT erasing()) EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER unchanged BEFORE UPDATE OR TRUNCATE ON enablement_results"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    _rights()
    erasing.grant(erasing.OF_ENABLEMENT)
    erasing.define(BEFORE + erasing.OF_ENABLEMENT)


def _items() -> None:
    op.execute(
        f"""
        CREATE TABLE enablement_items (
            id uuid CONSTRAINT pk_enablement_items PRIMARY KEY,
            {SIDE.format(table="enablement_items")},
            kind text NOT NULL CONSTRAINT ck_enablement_items_kind
                CHECK (kind IN ('acknowledge', 'course', 'certificate', 'live_session')),
            owner_id uuid NOT NULL,
            version bigint NOT NULL DEFAULT 1,
            created_at timestamptz NOT NULL,
            archived_at timestamptz,
            CONSTRAINT uq_enablement_items_organization_id_id UNIQUE (organization_id, id),
            {_user("enablement_items", "owner_id")}
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_enablement_items_partnership_id"
        " ON enablement_items (organization_id, partnership_id, created_at, id)"
    )
    op.execute("CREATE INDEX ix_enablement_items_owner_id ON enablement_items (organization_id, owner_id)")
    op.execute(
        f"""
        CREATE TABLE enablement_item_versions (
            organization_id uuid NOT NULL,
            item_id uuid NOT NULL,
            version bigint NOT NULL CONSTRAINT ck_enablement_item_versions_version CHECK (version > 0),
            title text NOT NULL CONSTRAINT ck_enablement_item_versions_title CHECK (length(title) BETWEEN 1 AND 200),
            text text NOT NULL CONSTRAINT ck_enablement_item_versions_text CHECK (length(text) <= 10000),
            link text CONSTRAINT ck_enablement_item_versions_link CHECK (length(link) <= 500),
            quiz jsonb NOT NULL CONSTRAINT ck_enablement_item_versions_quiz CHECK (jsonb_typeof(quiz) = 'array'),
            pass_percent bigint NOT NULL CONSTRAINT ck_enablement_item_versions_pass CHECK (pass_percent BETWEEN 1 AND 100),
            roles text[] NOT NULL CONSTRAINT ck_enablement_item_versions_roles
                CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['seller', 'partner_manager', 'executive']),
            is_must_know boolean NOT NULL,
            reopens boolean NOT NULL,
            valid_days bigint CONSTRAINT ck_enablement_item_versions_valid CHECK (valid_days BETWEEN 1 AND 3650),
            renew_days bigint NOT NULL CONSTRAINT ck_enablement_item_versions_renew CHECK (renew_days BETWEEN 0 AND 365),
            recorded_at timestamptz NOT NULL,
            CONSTRAINT pk_enablement_item_versions PRIMARY KEY (organization_id, item_id, version),
            CONSTRAINT fk_enablement_item_versions_item {ITEM},
            CONSTRAINT ck_enablement_item_versions_reopens CHECK (is_must_know OR NOT reopens)
        )
        """
    )


def _results() -> None:
    op.execute(
        f"""
        CREATE TABLE enablement_results (
            id uuid CONSTRAINT pk_enablement_results PRIMARY KEY,
            organization_id uuid NOT NULL,
            item_id uuid NOT NULL,
            user_id uuid NOT NULL,
            version bigint NOT NULL,
            outcome text NOT NULL CONSTRAINT ck_enablement_results_outcome
                CHECK (outcome IN ('opened', 'failed', 'passed', 'revoked')),
            score bigint CONSTRAINT ck_enablement_results_score CHECK (score BETWEEN 0 AND 100),
            happened_at timestamptz NOT NULL,
            valid_until timestamptz,
            connector text,
            external_id text,
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT fk_enablement_results_item {ITEM},
            {_user("enablement_results", "user_id")},
            CONSTRAINT ck_enablement_results_key CHECK (num_nonnulls(connector, external_id) IN (0, 2)),
            CONSTRAINT ck_enablement_results_valid CHECK (valid_until IS NULL OR outcome = 'passed'),
            CONSTRAINT uq_enablement_results_key UNIQUE (organization_id, connector, external_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_enablement_results_item_id ON enablement_results (organization_id, item_id, user_id)")
    op.execute("CREATE INDEX ix_enablement_results_user_id ON enablement_results (organization_id, user_id)")
    op.execute(
        f"""
        CREATE TABLE enablement_tellings (
            user_id uuid NOT NULL,
            {SIDE.format(table="enablement_tellings")},
            told_at timestamptz NOT NULL,
            CONSTRAINT pk_enablement_tellings PRIMARY KEY (organization_id, partnership_id, user_id),
            {_user("enablement_tellings", "user_id")}
        )
        """
    )
    op.execute("CREATE INDEX ix_enablement_tellings_user_id ON enablement_tellings (organization_id, user_id)")


def _gates() -> None:
    op.execute(
        f"""
        CREATE TABLE enablement_programmes (
            {SIDE.format(table="enablement_programmes")},
            registering text NOT NULL CONSTRAINT ck_enablement_programmes_registering CHECK (registering {MODES}),
            receiving text NOT NULL CONSTRAINT ck_enablement_programmes_receiving CHECK (receiving {MODES}),
            changed_at timestamptz NOT NULL,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT pk_enablement_programmes PRIMARY KEY (organization_id, partnership_id)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE enablement_exceptions (
            id uuid CONSTRAINT pk_enablement_exceptions PRIMARY KEY,
            {SIDE.format(table="enablement_exceptions")},
            user_id uuid NOT NULL,
            reason text NOT NULL CONSTRAINT ck_enablement_exceptions_reason CHECK (length(reason) BETWEEN 1 AND 1000),
            given_by uuid NOT NULL,
            given_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            ended_at timestamptz,
            CONSTRAINT ck_enablement_exceptions_ends CHECK (ends_at > given_at),
            CONSTRAINT ck_enablement_exceptions_given CHECK (given_by <> user_id),
            {_user("enablement_exceptions", "user_id")},
            {_user("enablement_exceptions", "given_by")}
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_enablement_exceptions_partnership_id"
        " ON enablement_exceptions (organization_id, partnership_id, given_at, id)"
    )
    op.execute("CREATE INDEX ix_enablement_exceptions_user_id ON enablement_exceptions (organization_id, user_id)")
    op.execute("CREATE INDEX ix_enablement_exceptions_given_by ON enablement_exceptions (organization_id, given_by)")


def _rights() -> None:
    """Let nobody change a result; the worker alone removes those of who left, once their time is over."""
    worker = walls.roles().worker
    walls.grant("enablement_items", "SELECT, INSERT, UPDATE (owner_id, version, archived_at)")
    walls.grant("enablement_item_versions", "SELECT, INSERT")
    walls.grant("enablement_results", "SELECT, INSERT")
    op.execute(f"GRANT UPDATE (recorded_at), DELETE ON enablement_results TO {worker}")
    walls.grant("enablement_tellings", "SELECT, INSERT")
    walls.grant("enablement_programmes", "SELECT, INSERT, UPDATE")
    walls.grant("enablement_exceptions", "SELECT, INSERT, UPDATE (ended_at)")
    op.execute(f"GRANT DELETE ON enablement_exceptions TO {worker}")
    for table in ("enablement_item_versions", "enablement_exceptions"):
        op.execute(f"CREATE POLICY for_erasure ON {table} TO {walls.roles().steps} USING (true) WITH CHECK (true)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
