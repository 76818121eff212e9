"""Accounts keep their name as it is searched: folding it anew for each row made whoever typed wait for seconds."""

import walls
from alembic import op

revision = "0098"
down_revision = "0097"

LISTED = "a.merged_into_id IS NULL AND a.seeded_for IS NULL"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE accounts ADD COLUMN folded_name text GENERATED ALWAYS AS (folded(name)) STORED")
    op.execute(f"GRANT SELECT (folded_name) ON accounts TO {walls.roles().steps}")
    op.execute("DROP INDEX ix_accounts_search")
    _index("folded_name")
    _find()


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP INDEX ix_accounts_search")
    _index("folded(name)")
    _find_by_folding()
    op.execute("ALTER TABLE accounts DROP COLUMN folded_name")


def _index(name: str) -> None:
    """Make the index; it also loads the module, without which nobody may set a function's threshold."""
    op.execute(
        f"CREATE INDEX ix_accounts_search ON accounts USING gin (organization_id, {name} gin_trgm_ops)"
        " WHERE merged_into_id IS NULL AND seeded_for IS NULL"
    )


def _find() -> None:
    """Trigram operators are not leakproof: behind the wall's condition they would be asked of every row."""
    op.execute(
        rf"""
        CREATE OR REPLACE FUNCTION step_find_accounts(sought text, most integer) RETURNS SETOF uuid LANGUAGE plpgsql
        STABLE SECURITY DEFINER SET search_path = public, pg_temp SET pg_trgm.word_similarity_threshold = 0.5 AS $$
        DECLARE
            typed text := folded(sought);
            anywhere text := '%' || regexp_replace(typed, '([\\%_])', '\\\1', 'g') || '%';
        BEGIN
            RETURN QUERY SELECT id FROM (
                SELECT a.id, word_similarity(typed, a.folded_name) AS closeness
                FROM accounts a
                WHERE a.organization_id = ctx_org() AND {LISTED}
                  AND (typed <% a.folded_name OR a.folded_name LIKE anywhere)
                UNION ALL
                SELECT a.id, 1
                FROM account_domains d
                JOIN accounts a ON a.organization_id = d.organization_id AND a.id = d.account_id
                WHERE d.organization_id = ctx_org() AND {LISTED}
                  AND d.domain ~>=~ lower(sought) AND d.domain ~<~ (lower(sought) || chr(1114111))
            ) AS found
            GROUP BY id ORDER BY max(closeness) DESC, id LIMIT most;
        END $$
        """
    )


def _find_by_folding() -> None:
    op.execute(
        rf"""
        CREATE OR REPLACE FUNCTION step_find_accounts(sought text, most integer) RETURNS SETOF uuid LANGUAGE sql STABLE
        SECURITY DEFINER SET search_path = public, pg_temp SET pg_trgm.word_similarity_threshold = 0.5 AS $$
            SELECT id FROM (
                SELECT a.id, word_similarity(folded(sought), folded(a.name)) AS closeness
                FROM accounts a
                WHERE a.organization_id = ctx_org() AND {LISTED}
                  AND (folded(sought) <% folded(a.name)
                       OR folded(a.name) LIKE '%' || regexp_replace(folded(sought), '([\\%_])', '\\\1', 'g') || '%')
                UNION ALL
                SELECT a.id, 1
                FROM account_domains d
                JOIN accounts a ON a.organization_id = d.organization_id AND a.id = d.account_id
                WHERE d.organization_id = ctx_org() AND {LISTED}
                  AND d.domain ~>=~ lower(sought) AND d.domain ~<~ (lower(sought) || chr(1114111))
            ) AS found
            GROUP BY id ORDER BY max(closeness) DESC, id LIMIT most
        $$
        """
    )
