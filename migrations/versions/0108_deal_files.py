"""Files that either side puts to a deal; their bytes lie beside the database, under the row's id."""

import erasing
import walls
from alembic import op

revision = "0108"
down_revision = "0107"

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
    + erasing.OF_REGISTRATION_DRAFTS
)
KINDS = "'pdf', 'png', 'jpg', 'docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp', 'txt', 'csv', 'md'"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        f"""
        CREATE TABLE deal_files (
            id uuid CONSTRAINT pk_deal_files PRIMARY KEY,
            partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL,
            deal_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            author_id uuid NOT NULL,
            name text NOT NULL CONSTRAINT ck_deal_files_name CHECK (length(name) BETWEEN 1 AND 150),
            kind text NOT NULL CONSTRAINT ck_deal_files_kind CHECK (kind IN ({KINDS})),
            size bigint NOT NULL CONSTRAINT ck_deal_files_size CHECK (size >= 1),
            digest text NOT NULL CONSTRAINT ck_deal_files_digest CHECK (digest ~ '^[0-9a-f]{{64}}$'),
            added_at timestamptz NOT NULL,
            CONSTRAINT ck_deal_files_side CHECK (organization_id IN (first_organization_id, second_organization_id)),
            CONSTRAINT fk_deal_files_deal
                FOREIGN KEY (partnership_id, first_organization_id, second_organization_id, deal_id)
                REFERENCES deals (partnership_id, first_organization_id, second_organization_id, id)
                ON DELETE CASCADE,
            CONSTRAINT fk_deal_files_author FOREIGN KEY (organization_id, author_id)
                REFERENCES partnership_members (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_deal_files_author_id ON deal_files (organization_id, author_id)")
    op.execute(
        "CREATE INDEX ix_deal_files_deal_id ON deal_files"
        " (partnership_id, first_organization_id, second_organization_id, deal_id)"
    )
    op.execute("CREATE INDEX ix_deal_files_of ON deal_files (deal_id, added_at, id)")
    walls.shared("deal_files", "first_organization_id", "second_organization_id")
    walls.only_writer("deal_files", "organization_id")
    walls.grant("deal_files", "SELECT, INSERT, DELETE")
    walls.grant_to(walls.roles().steps, "deal_files", "SELECT, DELETE")
    _ends()
    _sweeps()
    erasing.define(BEFORE + erasing.OF_DEAL_FILES)


def _ends() -> None:
    """Let files go with the partnership: nobody reads them from then on, and their bytes would lie about for ever."""
    op.execute(
        """
        CREATE FUNCTION deal_files_end() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM deal_files WHERE partnership_id = NEW.id;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER deal_files_end AFTER UPDATE OF status ON partnerships FOR EACH ROW"
        " WHEN (NEW.status = 'ended' AND OLD.status <> 'ended') EXECUTE FUNCTION deal_files_end()"
    )


def _sweeps() -> None:
    """Tell the worker which bytes no row stands for any more; of the others it learns nothing."""
    op.execute(
        """
        CREATE FUNCTION sweep_files(kept uuid[]) RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT one FROM unnest(kept) AS one WHERE NOT EXISTS (SELECT FROM deal_files f WHERE f.id = one)
        $$
        """
    )
    walls.definer(walls.roles().steps, "sweep_files(uuid[])")
    op.execute(f"REVOKE EXECUTE ON FUNCTION sweep_files(uuid[]) FROM {walls.roles().app}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    op.execute("DROP TRIGGER deal_files_end ON partnerships")
    op.execute("DROP FUNCTION deal_files_end()")
    op.execute("DROP FUNCTION sweep_files(uuid[])")
    op.execute("DROP TABLE deal_files")
