"""Candidates: pairs that may be one company, of which each side reads its own account and decides for itself."""

import walls
from alembic import op

revision = "0072"
down_revision = "0071"

STEPS = (
    "matcher_candidates(uuid)",
    "matcher_suggest(uuid, timestamptz, uuid[], uuid[], uuid[], bigint[])",
)
SAME = """(l.fingerprint IS NULL OR l.fingerprint = k.first_fingerprint)
              AND (r.fingerprint IS NULL OR r.fingerprint = k.second_fingerprint)"""
LISTED = """LEFT JOIN mapping_listings l ON l.partnership_id = k.partnership_id
                   AND l.organization_id = k.first_organization_id AND l.account_id = k.first_account_id
                  LEFT JOIN mapping_listings r ON r.partnership_id = k.partnership_id
                   AND r.organization_id = k.second_organization_id AND r.account_id = k.second_account_id"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _pairs()
    _sides()
    _walls()
    _read()
    _suggest()
    for signature in STEPS:
        walls.definer(walls.roles().matcher, signature)
        op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM {walls.roles().app}")
    _ends()


def _pairs() -> None:
    """Remember which two accounts a candidate is of, as they were then; neither side reads it."""
    sides = "".join(
        f"""
            {side}_organization_id uuid NOT NULL,
            {side}_account_id uuid NOT NULL,
            {side}_fingerprint bytea NOT NULL,
            CONSTRAINT fk_candidate_pairs_{side} FOREIGN KEY ({side}_organization_id, {side}_account_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE,"""
        for side in ("first", "second")
    )
    op.execute(
        f"""
        CREATE TABLE candidate_pairs (
            id uuid CONSTRAINT pk_candidate_pairs PRIMARY KEY,
            partnership_id uuid NOT NULL CONSTRAINT fk_candidate_pairs_partnership_id REFERENCES partnerships,{sides}
            score bigint NOT NULL,
            CONSTRAINT uq_candidate_pairs_partnership_id_id UNIQUE (partnership_id, id),
            CONSTRAINT uq_candidate_pairs_once UNIQUE (partnership_id, first_account_id, second_account_id)
        )
        """
    )
    for side in ("first", "second"):
        op.execute(
            f"CREATE INDEX ix_candidate_pairs_{side}_account_id"
            f" ON candidate_pairs ({side}_organization_id, {side}_account_id)"
        )


def _sides() -> None:
    op.execute(
        """
        CREATE TABLE candidates (
            candidate_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            account_id uuid NOT NULL,
            told_at timestamptz NOT NULL,
            answer text CONSTRAINT ck_candidates_answer CHECK (answer IN ('confirmed', 'rejected')),
            answered_at timestamptz,
            closed_at timestamptz,
            CONSTRAINT pk_candidates PRIMARY KEY (organization_id, candidate_id),
            CONSTRAINT ck_candidates_answered CHECK (num_nonnulls(answer, answered_at) IN (0, 2)),
            CONSTRAINT fk_candidates_side FOREIGN KEY (partnership_id, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id),
            CONSTRAINT fk_candidates_pair FOREIGN KEY (partnership_id, candidate_id)
                REFERENCES candidate_pairs (partnership_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_candidates_account FOREIGN KEY (organization_id, account_id)
                REFERENCES accounts (organization_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_candidates_told_at ON candidates (organization_id, told_at, candidate_id)")
    op.execute("CREATE INDEX ix_candidates_partnership_id ON candidates (partnership_id, candidate_id)")
    op.execute("CREATE INDEX ix_candidates_account_id ON candidates (organization_id, account_id)")


def _walls() -> None:
    walls.wall("candidate_pairs", "false")
    walls.owned("candidates")
    walls.grant("candidates", "SELECT, UPDATE (answer, answered_at)")
    for table in ("candidate_pairs", "candidates"):
        walls.grant_to(walls.roles().matcher, table, "SELECT, INSERT, UPDATE, DELETE")


def _read() -> None:
    """Return each pair that still is of the same two companies: its accounts, its score, what either side said."""
    op.execute(
        f"""
        CREATE FUNCTION matcher_candidates(which uuid) RETURNS TABLE (
            id uuid, first_account_id uuid, second_account_id uuid, score bigint, first_answer text, second_answer text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT k.id, k.first_account_id, k.second_account_id, k.score, one.answer, other.answer
            FROM candidate_pairs k
            JOIN candidates one ON one.candidate_id = k.id AND one.organization_id = k.first_organization_id
            JOIN candidates other ON other.candidate_id = k.id AND other.organization_id = k.second_organization_id
            {LISTED}
            WHERE k.partnership_id = which AND {SAME}
            ORDER BY k.id
        $$
        """
    )


def _suggest() -> None:
    """Write which pairs are told as candidates from now on: both sides at once; all others close for both at once."""
    op.execute(
        f"""
        CREATE FUNCTION matcher_suggest(which uuid, at timestamptz, ids uuid[], firsts uuid[], seconds uuid[],
                                        scores bigint[]) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM candidate_pairs WHERE partnership_id = which AND id NOT IN (
                SELECT k.id FROM candidate_pairs k {LISTED} WHERE k.partnership_id = which AND {SAME});
            UPDATE candidates SET closed_at = at
            WHERE partnership_id = which AND closed_at IS NULL AND candidate_id <> ALL (ids);
            UPDATE candidates SET closed_at = NULL, told_at = at
            WHERE partnership_id = which AND closed_at IS NOT NULL AND candidate_id = ANY (ids);
            INSERT INTO candidate_pairs (id, partnership_id, first_organization_id, first_account_id, first_fingerprint,
                                         second_organization_id, second_account_id, second_fingerprint, score)
            SELECT t.id, which, l.organization_id, l.account_id, l.fingerprint, r.organization_id, r.account_id,
                   r.fingerprint, t.score
            FROM unnest(ids, firsts, seconds, scores) AS t (id, one, other, score)
            JOIN partnerships p ON p.id = which AND p.status NOT IN ('paused', 'ended')
            JOIN mapping_listings l ON l.partnership_id = which AND l.account_id = t.one
             AND l.organization_id = least(p.proposer_id, p.addressee_id)
            JOIN mapping_listings r ON r.partnership_id = which AND r.account_id = t.other
             AND r.organization_id = greatest(p.proposer_id, p.addressee_id)
            WHERE EXISTS (SELECT FROM mappings m WHERE m.partnership_id = which AND m.status = 'agreed'
                            AND m.tier IN ('overlaps', 'overlaps_with_fields', 'only_yours')
                            AND m.id = ANY (l.mapping_ids) AND m.id = ANY (r.mapping_ids))
            ON CONFLICT DO NOTHING;
            INSERT INTO candidates (candidate_id, organization_id, partnership_id, account_id, told_at)
            SELECT k.id, side.organization_id, which, side.account_id, at
            FROM candidate_pairs k
            CROSS JOIN LATERAL (VALUES (k.first_organization_id, k.first_account_id),
                                       (k.second_organization_id, k.second_account_id))
                AS side (organization_id, account_id)
            WHERE k.partnership_id = which AND k.id = ANY (ids)
            ON CONFLICT DO NOTHING;
        END $$
        """
    )


def _ends() -> None:
    """Close what is told when a mapping is stopped; the next epoch tells again what another one allows."""
    for name, table, ended, gone in (
        (
            *("candidates_close", "mappings", "stopped"),
            """UPDATE candidates SET closed_at = NEW.stopped_at
                WHERE partnership_id = NEW.partnership_id AND closed_at IS NULL""",
        ),
        ("candidates_end", "partnerships", "ended", "DELETE FROM candidate_pairs WHERE partnership_id = NEW.id"),
    ):
        op.execute(
            f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
            SECURITY DEFINER SET search_path = public, pg_temp AS $$
            BEGIN
                {gone};
                RETURN NULL;
            END $$
            """
        )
        walls.definer(walls.roles().matcher, f"{name}()")
        op.execute(f"REVOKE EXECUTE ON FUNCTION {name}() FROM {walls.roles().app}, {walls.roles().worker}")
        op.execute(
            f"CREATE TRIGGER {name} AFTER UPDATE OF status ON {table} FOR EACH ROW"
            f" WHEN (NEW.status = '{ended}' AND OLD.status <> '{ended}') EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER candidates_end ON partnerships")
    op.execute("DROP TRIGGER candidates_close ON mappings")
    for name in ("candidates_end()", "candidates_close()", *reversed(STEPS)):
        op.execute(f"DROP FUNCTION {name}")
    op.execute("DROP TABLE candidates")
    op.execute("DROP TABLE candidate_pairs")
