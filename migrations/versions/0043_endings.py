"""What both agreed stays when a partnership ends, and nothing else that was typed in it: no row and no stored answer."""

import walls
from alembic import op

revision = "0043"
down_revision = "0042"

OF_ONE_SIDE = ("criterion_marks", "goal_readings")
SPOKEN = ("phase_moves", *OF_ONE_SIDE)
TEASER = ("need", "note", "contact_role", "country", "industry", "size_band")
# Which things stored answers are about, and of which partnership: for those kept before they said so themselves.
SUBJECTS = (
    *("offers", "offer_questions", "cases", "term_changes", "phase_moves"),
    *("moderations", "partnership_members"),
)
WITH_EVERY_ANSWER = """
                UPDATE idempotency_keys SET body = NULL WHERE partnership_id = which AND body IS NOT NULL;
"""
WITH_ANSWERS_ABOUT_OFFERS = """
                UPDATE offers SET company_name = NULL, version = version + 1
                WHERE partnership_id = which AND company_name IS NOT NULL;
                UPDATE idempotency_keys SET body = NULL
                WHERE organization_id IN (SELECT unnest(ARRAY[proposer_id, addressee_id]) FROM partnerships WHERE id = which)
                  AND subject_id IN (SELECT id FROM offers WHERE partnership_id = which);
"""
EMPTIED_AT_THE_END = """
            IF NEW.status = OLD.status AND NEW.answered_at = OLD.answered_at AND NEW.note = '' AND NEW.answer = ''
               AND EXISTS (SELECT FROM partnerships WHERE id = OLD.partnership_id AND status = 'ended') THEN
                RETURN NEW;
            END IF;"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _answers_name_their_partnership()
    _consent(EMPTIED_AT_THE_END)
    _words_go()
    _end(WITH_EVERY_ANSWER)
    _of_what_is_over_already()


def _answers_name_their_partnership() -> None:
    op.execute("ALTER TABLE idempotency_keys ADD COLUMN partnership_id uuid")
    op.execute(
        "CREATE INDEX ix_idempotency_keys_partnership_id ON idempotency_keys (partnership_id)"
        " WHERE partnership_id IS NOT NULL"
    )
    op.execute(f"GRANT SELECT (partnership_id) ON idempotency_keys TO {walls.roles().steps}")


def _consent(first: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION consent_is_mutual() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN{first}
            IF OLD.status <> 'open' OR ctx_org() IS DISTINCT FROM (
                CASE NEW.status WHEN 'withdrawn' THEN NEW.organization_id
                                WHEN 'open' THEN NULL ELSE NEW.other_id END
            ) THEN
                RAISE EXCEPTION 'what one side proposes the other answers, once'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )


def _words_go() -> None:
    steps = walls.roles().steps
    for table in ("term_changes", *SPOKEN):
        op.execute(f"GRANT DELETE ON {table} TO {steps}")
    for table in OF_ONE_SIDE:
        op.execute(f"GRANT SELECT (partnership_id) ON {table} TO {steps}")
    op.execute(f"GRANT UPDATE ({', '.join(TEASER)}) ON offers TO {steps}")
    op.execute(
        f"""
        CREATE FUNCTION words_end_with_their_partnership() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            {_forgetting("= NEW.id")}
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER words_end AFTER UPDATE OF status ON partnerships FOR EACH ROW"
        " WHEN (NEW.status = 'ended' AND OLD.status <> 'ended') EXECUTE FUNCTION words_end_with_their_partnership()"
    )


def _forgetting(of: str) -> str:
    emptied = ", ".join("need = ''" if name == "need" else f"{name} = NULL" for name in TEASER)
    return "".join(
        f"{statement};\n"
        for statement in (
            f"DELETE FROM term_changes WHERE partnership_id {of} AND status <> 'accepted'",
            f"UPDATE term_changes SET note = '', answer = '' WHERE partnership_id {of}",
            *(f"DELETE FROM {table} WHERE partnership_id {of}" for table in SPOKEN),
            f"UPDATE case_moderators SET declares = NULL WHERE partnership_id {of} AND declares IS NOT NULL",
            f"UPDATE offers SET company_name = NULL, {emptied}, version = version + 1 WHERE partnership_id {of}",
        )
    )


def _end(also: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION step_end_partnership(which uuid, happened timestamptz) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE partnerships SET status = 'ended', ended_at = happened, version = version + 1
            WHERE id = which AND status <> 'ended' AND ctx_org() IN (proposer_id, addressee_id);
            IF FOUND THEN
                DELETE FROM offer_details WHERE partnership_id = which;{also}
                UPDATE partnership_members SET left_at = happened WHERE partnership_id = which AND left_at IS NULL;
            END IF;
        END $$
        """
    )


def _of_what_is_over_already() -> None:
    """Let go what stands since before; the owner sees the rows only while the walls are not forced on it."""
    tables = {*SUBJECTS, *SPOKEN, "case_moderators", "idempotency_keys", "partnerships"}
    for table in sorted(tables):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for table in SUBJECTS:
        op.execute(
            f"UPDATE idempotency_keys k SET partnership_id = s.partnership_id FROM {table} s WHERE s.id = k.subject_id"
        )
    op.execute("UPDATE idempotency_keys k SET partnership_id = p.id FROM partnerships p WHERE p.id = k.subject_id")
    over = "IN (SELECT id FROM partnerships WHERE status = 'ended')"
    op.execute(_forgetting(over))
    op.execute(f"UPDATE idempotency_keys SET body = NULL WHERE partnership_id {over}")
    for table in sorted(tables):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    steps = walls.roles().steps
    _end(WITH_ANSWERS_ABOUT_OFFERS)
    op.execute("DROP TRIGGER words_end ON partnerships")
    op.execute("DROP FUNCTION words_end_with_their_partnership()")
    _consent("")
    op.execute(f"REVOKE UPDATE (contact_role, country, industry, size_band) ON offers FROM {steps}")
    for table in ("term_changes", *SPOKEN):
        op.execute(f"REVOKE DELETE ON {table} FROM {steps}")
    for table in OF_ONE_SIDE:
        op.execute(f"REVOKE SELECT (partnership_id) ON {table} FROM {steps}")
    op.execute("ALTER TABLE idempotency_keys DROP COLUMN partnership_id")
