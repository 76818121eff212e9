"""What partners agree about sharing deals: templates of splits, and how much overlay there may be at most."""

from alembic import op

revision = "0101"
down_revision = "0100"

COLUMNS = {
    "overlay_cap_percent": "bigint NOT NULL DEFAULT 0 CHECK (overlay_cap_percent BETWEEN 0 AND 100)",
    "split_templates": "jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(split_templates) = 'array')",
}
TABLES = ("partnership_terms", "term_drafts", "term_changes")
TERMS = (
    *("share_given_percent", "tolerance_points", "response_hours", "offer_days", "value_disclosure", "kind"),
    *("follow_up_hours", "snooze_days", "trust_advance", "measure", "window_months", "moderator_email", "tiers"),
    *("goals", "criteria", "product_lines", "regions", "review_hours", "review_default", "protection_days"),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        for name, kind in COLUMNS.items():
            named = kind.replace("CHECK", f"CONSTRAINT ck_{table}_{name} CHECK")
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {named}")
    _agree((*TERMS, *COLUMNS))


def _agree(columns: tuple[str, ...]) -> None:
    """Let the step by which both have agreed copy these columns."""
    names = ", ".join(columns)
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION step_agree_terms(which uuid, happened timestamptz) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            agreed term_changes;
        BEGIN
            UPDATE term_changes c SET status = 'accepted', answered_at = happened, agreed_version = c.based_on + 1
            FROM partnerships p
            WHERE c.id = which AND c.other_id = ctx_org() AND c.status = 'open'
              AND p.id = c.partnership_id AND p.status <> 'ended'
            RETURNING c.* INTO agreed;
            IF NOT FOUND THEN
                RETURN NULL;
            END IF;
            INSERT INTO partnership_terms (
                partnership_id, version, first_organization_id, second_organization_id, effective_at, change_id, {names}
            )
            SELECT c.partnership_id, c.agreed_version, least(c.organization_id, c.other_id),
                   greatest(c.organization_id, c.other_id),
                   greatest(happened, c.effective_on::timestamp AT TIME ZONE 'UTC'), c.id, {names}
            FROM term_changes c WHERE c.id = agreed.id;
            RETURN agreed.agreed_version;
        END $$
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _agree(TERMS)
    dropped = ", ".join(f"DROP COLUMN {name}" for name in COLUMNS)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} {dropped}")
