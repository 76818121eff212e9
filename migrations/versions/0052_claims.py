"""A lead that was not taken may be claimed to have been pursued: a case both sides settle, and what it came to."""

from alembic import op

revision = "0052"
down_revision = "0051"

KINDS = "'lead_disqualified', 'cause_analysis', 'claim', 'appeal', 'dispute'"
STEPS = "'contested', 'corrected', 'upheld'"
CLAIMS = "'claimed', 'restored', 'left_as_is'"
CONTESTED = """
                  AND c.kind = 'lead_disqualified' AND c.opener_id = NEW.giver_id AND o.status = 'disqualified'
                  AND CASE NEW.step WHEN 'contested' THEN ctx_org() = NEW.giver_id
                                    WHEN 'corrected' THEN c.outcome = 'corrected' ELSE c.outcome = 'stands' END"""
CONTESTED_OR_CLAIMED = f"""
                  AND c.opener_id = NEW.giver_id
                  AND CASE WHEN NEW.step IN ({CLAIMS})
                      THEN c.kind = 'lead_pursued' AND o.status IN ('declined', 'expired', 'returned')
                      ELSE c.kind = 'lead_disqualified' AND o.status = 'disqualified' END
                  AND CASE WHEN NEW.step IN ('contested', 'claimed') THEN ctx_org() = NEW.giver_id
                           WHEN NEW.step IN ('corrected', 'restored') THEN c.outcome = 'corrected'
                           ELSE c.outcome = 'stands' END"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _allow(f"{KINDS}, 'lead_pursued'", f"{STEPS}, {CLAIMS}")
    _settled(CONTESTED_OR_CLAIMED, "a lead is contested or claimed by its giver, and corrected by what a case came to")


def _allow(kinds: str, steps: str) -> None:
    for table, column, allowed in (
        ("cases", "kind", kinds),
        ("moderations", "kind", kinds),
        ("lead_contests", "step", steps),
    ):
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{column}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{column} CHECK ({column} IN ({allowed}))")


def _settled(condition: str, message: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION lead_contests_are_settled() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            IF NOT EXISTS (
                SELECT FROM cases c JOIN offers o ON o.id = c.subject_id
                WHERE c.id = NEW.case_id AND c.partnership_id = NEW.partnership_id AND c.subject_id = NEW.offer_id{condition}
            ) THEN
                RAISE EXCEPTION '{message}'
                    USING ERRCODE = 'check_violation';
            END IF;
            NEW.recorded_at := clock_timestamp();
            RETURN NEW;
        END $$
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _settled(CONTESTED, "a disqualified lead is contested by its giver, and corrected by what a case came to")
    tables = ("cases", "moderations", "lead_contests")
    for table in tables:
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"DELETE FROM lead_contests WHERE step IN ({CLAIMS})")
    for table in ("cases", "moderations"):
        op.execute(f"UPDATE {table} SET kind = 'claim' WHERE kind = 'lead_pursued'")
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    _allow(KINDS, STEPS)
