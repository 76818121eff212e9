"""Joint accounts: companies that both sides work on together (shared), and what each keeps of them (owned)."""

import erasing
import walls
from alembic import op

revision = "0069"
down_revision = "0068"

BOTH = """
    partnership_id uuid NOT NULL,
    first_organization_id uuid NOT NULL,
    second_organization_id uuid NOT NULL
"""
OF_JOINT = """FOREIGN KEY (partnership_id, first_organization_id, second_organization_id, joint_account_id)
    REFERENCES joint_accounts (partnership_id, first_organization_id, second_organization_id, id) ON DELETE CASCADE"""
COUNTRY = "~ '^[A-Z]{2}$'"
ERASED = (
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
)
TABLES = ("joint_account_sides", "joint_account_numbers", "joint_account_domains", "joint_accounts")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _joint_accounts()
    _recognised_by()
    _sides()
    _walls()
    _consented()
    _ends()
    _erasing()


def _joint_accounts() -> None:
    op.execute(
        f"""
        CREATE TABLE joint_accounts (
            id uuid CONSTRAINT pk_joint_accounts PRIMARY KEY,
            {BOTH},
            opened_by uuid NOT NULL,
            name text CONSTRAINT ck_joint_accounts_name CHECK (length(name) BETWEEN 1 AND 200),
            country text CONSTRAINT ck_joint_accounts_country CHECK (country {COUNTRY}),
            city text CONSTRAINT ck_joint_accounts_city CHECK (length(city) BETWEEN 1 AND 100),
            status text NOT NULL CONSTRAINT ck_joint_accounts_status CHECK (status IN ('proposed', 'open', 'closed')),
            proposed_at timestamptz NOT NULL,
            opened_at timestamptz,
            closed_at timestamptz,
            merged_into_id uuid,
            updated_at timestamptz NOT NULL,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT uq_joint_accounts_partnership_id_id UNIQUE (partnership_id, id),
            CONSTRAINT uq_joint_accounts_sides
                UNIQUE (partnership_id, first_organization_id, second_organization_id, id),
            CONSTRAINT fk_joint_accounts_sides
                FOREIGN KEY (partnership_id, first_organization_id, second_organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id),
            CONSTRAINT fk_joint_accounts_merged_into FOREIGN KEY (partnership_id, merged_into_id)
                REFERENCES joint_accounts (partnership_id, id) ON DELETE CASCADE,
            CONSTRAINT ck_joint_accounts_order CHECK (first_organization_id < second_organization_id),
            CONSTRAINT ck_joint_accounts_opened_by CHECK (opened_by IN (first_organization_id, second_organization_id)),
            CONSTRAINT ck_joint_accounts_open CHECK (status <> 'open' OR opened_at IS NOT NULL),
            CONSTRAINT ck_joint_accounts_named CHECK (name IS NOT NULL OR status = 'closed'),
            CONSTRAINT ck_joint_accounts_closed CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
            CONSTRAINT ck_joint_accounts_merged
                CHECK (merged_into_id IS NULL OR merged_into_id <> id AND status = 'closed')
        )
        """
    )
    listed = "WHERE merged_into_id IS NULL"
    for name, column in (("name", "lower(name)"), ("proposed_at", "proposed_at")):
        op.execute(f"CREATE INDEX ix_joint_accounts_{name} ON joint_accounts (partnership_id, {column}, id) {listed}")
    op.execute(
        "CREATE INDEX ix_joint_accounts_merged_into_id ON joint_accounts (partnership_id, merged_into_id)"
        " WHERE merged_into_id IS NOT NULL"
    )


def _recognised_by() -> None:
    """Keep a company's domains and register numbers, each once in a partnership, so that it is one joint account."""
    op.execute(
        f"""
        CREATE TABLE joint_account_domains (
            id uuid CONSTRAINT pk_joint_account_domains PRIMARY KEY,
            {BOTH},
            joint_account_id uuid NOT NULL,
            told_by uuid NOT NULL,
            told_at timestamptz NOT NULL,
            domain text NOT NULL CONSTRAINT ck_joint_account_domains_domain
                CHECK (length(domain) BETWEEN 4 AND 253 AND domain = lower(domain)),
            CONSTRAINT uq_joint_account_domains_domain UNIQUE (partnership_id, domain),
            CONSTRAINT ck_joint_account_domains_told_by
                CHECK (told_by IN (first_organization_id, second_organization_id)),
            CONSTRAINT fk_joint_account_domains_joint_account {OF_JOINT}
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE joint_account_numbers (
            id uuid CONSTRAINT pk_joint_account_numbers PRIMARY KEY,
            {BOTH},
            joint_account_id uuid NOT NULL,
            told_by uuid NOT NULL,
            told_at timestamptz NOT NULL,
            scheme text NOT NULL CONSTRAINT ck_joint_account_numbers_scheme
                CHECK (scheme IN ('lei', 'vat', 'duns', 'national')),
            country text CONSTRAINT ck_joint_account_numbers_country CHECK (country {COUNTRY}),
            number text NOT NULL CONSTRAINT ck_joint_account_numbers_number CHECK (length(number) BETWEEN 2 AND 60),
            CONSTRAINT uq_joint_account_numbers_number
                UNIQUE NULLS NOT DISTINCT (partnership_id, scheme, country, number),
            CONSTRAINT ck_joint_account_numbers_worldwide CHECK ((scheme IN ('lei', 'duns')) = (country IS NULL)),
            CONSTRAINT ck_joint_account_numbers_told_by
                CHECK (told_by IN (first_organization_id, second_organization_id)),
            CONSTRAINT fk_joint_account_numbers_joint_account {OF_JOINT}
        )
        """
    )
    for table in ("joint_account_domains", "joint_account_numbers"):
        op.execute(f"CREATE INDEX ix_{table}_joint_account_id ON {table} (partnership_id, joint_account_id)")


def _sides() -> None:
    """Let each side say, for itself alone, which of its accounts this is and who of its people works on it."""
    op.execute(
        """
        CREATE TABLE joint_account_sides (
            organization_id uuid NOT NULL,
            joint_account_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            account_id uuid,
            owner_id uuid,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT pk_joint_account_sides PRIMARY KEY (organization_id, joint_account_id),
            CONSTRAINT fk_joint_account_sides_side FOREIGN KEY (partnership_id, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id),
            CONSTRAINT fk_joint_account_sides_joint_account FOREIGN KEY (partnership_id, joint_account_id)
                REFERENCES joint_accounts (partnership_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_joint_account_sides_account FOREIGN KEY (organization_id, account_id)
                REFERENCES accounts (organization_id, id) ON DELETE SET NULL (account_id),
            CONSTRAINT fk_joint_account_sides_owner FOREIGN KEY (organization_id, owner_id)
                REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_joint_account_sides_joint_account_id ON joint_account_sides (partnership_id, joint_account_id)"
    )
    for name in ("account_id", "owner_id"):
        op.execute(f"CREATE INDEX ix_joint_account_sides_{name} ON joint_account_sides (organization_id, {name})")


def _walls() -> None:
    people = f"{walls.roles().app}, {walls.roles().worker}"
    for table in ("joint_accounts", "joint_account_domains", "joint_account_numbers"):
        walls.shared(table, "first_organization_id", "second_organization_id")
    op.execute(
        f"CREATE POLICY own_adds ON joint_accounts AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (opened_by = (SELECT ctx_org()) AND status = 'proposed')"
    )
    changed = (
        "name, country, city, opened_by, status, proposed_at, opened_at, closed_at, merged_into_id, updated_at, version"
    )
    walls.grant("joint_accounts", f"SELECT, INSERT, UPDATE ({changed})")
    for table in ("joint_account_domains", "joint_account_numbers"):
        walls.only_writer(table, "told_by")
        walls.grant(table, "SELECT, INSERT, DELETE")
    walls.owned("joint_account_sides")
    walls.grant("joint_account_sides", "SELECT, INSERT, UPDATE (account_id, owner_id, version)")


def _consented() -> None:
    """Let only the other side agree to what one proposed; either may close, merge what is open, and undo that."""
    op.execute(
        """
        CREATE FUNCTION joint_accounts_are_consented() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        DECLARE
            is_ours boolean := OLD.opened_by = ctx_org();
            step text := OLD.status || ' ' || NEW.status;
        BEGIN
            IF OLD.merged_into_id IS NULL AND NEW.merged_into_id IS NOT NULL AND step = 'open closed'
                OR OLD.merged_into_id IS NOT NULL AND NEW.merged_into_id IS NULL AND step = 'closed open'
                OR NEW.merged_into_id IS NOT DISTINCT FROM OLD.merged_into_id AND (
                    step IN ('proposed proposed', 'open open', 'closed closed', 'open closed', 'proposed closed')
                    AND NEW.opened_by = OLD.opened_by
                    OR step = 'proposed open' AND NOT is_ours AND NEW.opened_by = OLD.opened_by
                    OR step = 'closed proposed' AND OLD.merged_into_id IS NULL AND NEW.opened_by = ctx_org())
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'a joint account cannot go from % to % by this side', OLD.status, NEW.status
                USING ERRCODE = 'check_violation';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER consented BEFORE UPDATE ON joint_accounts FOR EACH ROW WHEN (NOT erasing())"
        " EXECUTE FUNCTION joint_accounts_are_consented()"
    )


def _ends() -> None:
    walls.grant_to(walls.roles().steps, "joint_accounts", "SELECT, DELETE")
    op.execute(
        """
        CREATE FUNCTION joint_accounts_end() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM joint_accounts WHERE partnership_id = NEW.id;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER joint_accounts_end AFTER UPDATE OF status ON partnerships FOR EACH ROW"
        " WHEN (NEW.status = 'ended' AND OLD.status <> 'ended') EXECUTE FUNCTION joint_accounts_end()"
    )


def _erasing() -> None:
    erasing.grant(erasing.OF_JOINT_ACCOUNTS)
    erasing.define(ERASED + erasing.OF_JOINT_ACCOUNTS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(ERASED)
    op.execute("DROP TRIGGER joint_accounts_end ON partnerships")
    op.execute("DROP FUNCTION joint_accounts_end()")
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION joint_accounts_are_consented()")
