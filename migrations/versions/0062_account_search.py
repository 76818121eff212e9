"""Finding accounts by what is typed: names alike, and domains that begin so, within the organization alone."""

import walls
from alembic import op

revision = "0062"
down_revision = "0061"

LISTED = "a.merged_into_id IS NULL AND a.seeded_for IS NULL"
# Letters of Latin alphabets with the one that people type for them; both cases, since not every locale lowers them.
LETTERS = {
    "a": "àáâãäåąăā", "c": "çćčĉċ", "d": "ďđ", "e": "èéêëęěēė", "g": "ğģġ", "h": "ħ", "i": "ìíîïįīı", "k": "ķ",
    "l": "łľļĺ", "n": "ñńňņ", "o": "òóôõöøőō", "r": "řŕ", "s": "śšşș", "t": "ťţț", "u": "ùúûüůűųū", "w": "ŵ",
    "y": "ýÿŷ", "z": "źžż",
}  # fmt: skip
_WRITTEN = "".join(letters + letters.upper() for letters in LETTERS.values())
_TYPED = "".join(plain * 2 * len(letters) for plain, letters in LETTERS.items())


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
    op.execute(
        f"""
        CREATE FUNCTION folded(written text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        SET search_path = pg_catalog AS $$
            SELECT lower(translate(replace(written, 'ß', 'ss'), '{_WRITTEN}', '{_TYPED}'))
        $$
        """
    )
    op.execute(
        "CREATE INDEX ix_accounts_search ON accounts USING gin (organization_id, folded(name) gin_trgm_ops)"
        " WHERE merged_into_id IS NULL AND seeded_for IS NULL"
    )
    op.execute("CREATE INDEX ix_account_domains_begins ON account_domains (organization_id, domain text_pattern_ops)")
    steps = walls.roles().steps
    op.execute(f"GRANT SELECT (id, merged_into_id, seeded_for) ON accounts TO {steps}")
    walls.grant_to(steps, "account_domains", "SELECT")
    _find()
    walls.definer(steps, "step_find_accounts(text, integer)")


def _find() -> None:
    """Trigram operators are not leakproof: behind the wall's condition they would be asked of every row."""
    op.execute(
        rf"""
        CREATE FUNCTION step_find_accounts(sought text, most integer) RETURNS SETOF uuid LANGUAGE sql STABLE
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


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    steps = walls.roles().steps
    op.execute("DROP FUNCTION step_find_accounts(text, integer)")
    op.execute(f"DROP POLICY for_{steps} ON account_domains")
    op.execute(f"REVOKE SELECT ON account_domains FROM {steps}")
    op.execute(f"REVOKE SELECT (id, merged_into_id, seeded_for) ON accounts FROM {steps}")
    op.execute("DROP INDEX ix_account_domains_begins")
    op.execute("DROP INDEX ix_accounts_search")
    op.execute("DROP FUNCTION folded(text)")
    op.execute("DROP EXTENSION btree_gin")
    op.execute("DROP EXTENSION pg_trgm")
