"""Fields of accounts that a side takes back from a partner: at once from every copy, and for as long as it stands."""

import walls
from alembic import op

revision = "0078"
down_revision = "0077"

FIELDS = ("name", "domain", "city", "country", "industry", "size_band", "relationship", "owner")
COLUMNS = {name: "owner_member_id" if name == "owner" else name for name in FIELDS}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE withheld_fields (
            organization_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            account_id uuid NOT NULL,
            field text NOT NULL CONSTRAINT ck_withheld_fields_field CHECK (field IN (
                'name', 'domain', 'city', 'country', 'industry', 'size_band', 'relationship', 'owner', 'number')),
            withheld_at timestamptz NOT NULL,
            CONSTRAINT pk_withheld_fields PRIMARY KEY (organization_id, partnership_id, account_id, field),
            CONSTRAINT fk_withheld_fields_side FOREIGN KEY (partnership_id, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id),
            CONSTRAINT fk_withheld_fields_account FOREIGN KEY (organization_id, account_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_withheld_fields_account_id ON withheld_fields (organization_id, account_id)")
    op.execute("CREATE INDEX ix_withheld_fields_partnership_id ON withheld_fields (partnership_id)")
    walls.owned("withheld_fields")
    walls.grant("withheld_fields", "SELECT, INSERT, DELETE")
    walls.grant_to(walls.roles().matcher, "withheld_fields", "SELECT")
    _taken_from_copies()
    _taken_from_answers()
    _ends()


def _taken_from_copies() -> None:
    """Empty a field in every copy of the company, the other side's too: who takes it back does not read it either."""
    op.execute(f"GRANT UPDATE ({', '.join(COLUMNS.values())}) ON overlap_disclosures TO {walls.roles().matcher}")
    emptied = ", ".join(
        f"{column} = CASE WHEN '{name}' = ANY (w.fields) THEN NULL ELSE o.{column} END"
        for name, column in COLUMNS.items()
    )
    op.execute(
        f"""
        CREATE FUNCTION fields_are_withheld() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            WITH theirs AS (
                SELECT w.organization_id, w.partnership_id, w.field, coalesce(a.merged_into_id, a.id) AS account_id
                FROM withheld_fields w
                JOIN accounts a ON a.organization_id = w.organization_id AND a.id = w.account_id
                WHERE w.partnership_id IN (SELECT n.partnership_id FROM added n)
            ), copies AS (
                SELECT d.disclosure_id AS id, t.field
                FROM theirs t JOIN disclosed_accounts d ON d.organization_id = t.organization_id
                    AND d.account_id = t.account_id AND d.partnership_id = t.partnership_id
                UNION
                SELECT o.id, t.field
                FROM theirs t JOIN cluster_members c ON c.organization_id = t.organization_id
                    AND c.account_id = t.account_id AND c.partnership_id = t.partnership_id
                JOIN overlap_disclosures o ON o.partnership_id = c.partnership_id AND o.cluster_id = c.cluster_id
            )
            UPDATE overlap_disclosures o SET {emptied}
            FROM (SELECT id, array_agg(field) AS fields FROM copies GROUP BY id) AS w
            WHERE o.id = w.id;
            RETURN NULL;
        END $$
        """
    )
    _hidden("fields_are_withheld()", walls.roles().matcher)
    for table in ("withheld_fields", "overlap_disclosures"):
        op.execute(
            f"CREATE TRIGGER withheld AFTER INSERT ON {table} REFERENCING NEW TABLE AS added"
            " FOR EACH STATEMENT EXECUTE FUNCTION fields_are_withheld()"
        )


def _taken_from_answers() -> None:
    """Empty what either side kept of answers about a joint account once something told of it is taken back."""
    steps = walls.roles().steps
    for name, subject in (
        ("joint_account_answers_go", "NEW.id"),
        ("joint_identifier_answers_go", "OLD.joint_account_id"),
    ):
        op.execute(
            f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path = public, pg_temp AS $$
            BEGIN
                UPDATE idempotency_keys SET body = NULL WHERE subject_id = {subject};
                RETURN NULL;
            END $$
            """
        )
        _hidden(f"{name}()", steps)
    op.execute(
        "CREATE TRIGGER answers_go AFTER UPDATE OF name, country, city ON joint_accounts FOR EACH ROW"
        " WHEN ((OLD.name, OLD.country, OLD.city) IS DISTINCT FROM (NEW.name, NEW.country, NEW.city))"
        " EXECUTE FUNCTION joint_account_answers_go()"
    )
    for table in ("joint_account_domains", "joint_account_numbers"):
        op.execute(
            f"CREATE TRIGGER answers_go AFTER DELETE ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION joint_identifier_answers_go()"
        )


def _hidden(signature: str, role: str) -> None:
    """Let a trigger's function run as a role, and nobody call it."""
    walls.definer(role, signature)
    op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM {walls.roles().app}, {walls.roles().worker}")


def _ends() -> None:
    walls.grant_to(walls.roles().steps, "withheld_fields", "SELECT (partnership_id), DELETE")
    op.execute(
        """
        CREATE FUNCTION withheld_fields_end() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM withheld_fields WHERE partnership_id = NEW.id;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER withheld_fields_end AFTER UPDATE OF status ON partnerships FOR EACH ROW"
        " WHEN (NEW.status = 'ended' AND OLD.status <> 'ended') EXECUTE FUNCTION withheld_fields_end()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER withheld_fields_end ON partnerships")
    op.execute("DROP FUNCTION withheld_fields_end()")
    for table in ("joint_account_domains", "joint_account_numbers", "joint_accounts"):
        op.execute(f"DROP TRIGGER answers_go ON {table}")
    for name in ("joint_account_answers_go", "joint_identifier_answers_go"):
        op.execute(f"DROP FUNCTION {name}()")
    op.execute("DROP TRIGGER withheld ON overlap_disclosures")
    op.execute("DROP TABLE withheld_fields")
    op.execute("DROP FUNCTION fields_are_withheld()")
    op.execute(f"REVOKE UPDATE ({', '.join(COLUMNS.values())}) ON overlap_disclosures FROM {walls.roles().matcher}")
