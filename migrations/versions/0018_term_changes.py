"""Changes of the terms: drafts of one side, proposals both read, and the step by which both have agreed."""

import walls
from alembic import op

revision = "0018"
down_revision = "0017"

TERMS = {
    "share_given_percent": "bigint NOT NULL CHECK (share_given_percent BETWEEN 1 AND 99)",
    "tolerance_points": "bigint NOT NULL CHECK (tolerance_points BETWEEN 0 AND 49)",
    "response_hours": "bigint NOT NULL CHECK (response_hours BETWEEN 1 AND 2160)",
    "offer_days": "bigint NOT NULL CHECK (offer_days BETWEEN 1 AND 365)",
    "value_disclosure": "text NOT NULL CHECK (value_disclosure IN ('band', 'exact'))",
    "kind": "text CHECK (kind IN ('referral', 'co_sell', 'resell', 'technology', 'services', 'strategic'))",
    "follow_up_hours": "bigint NOT NULL CHECK (follow_up_hours BETWEEN 1 AND 2160)",
    "snooze_days": "bigint NOT NULL CHECK (snooze_days BETWEEN 0 AND 90)",
    "trust_advance": "bigint CHECK (trust_advance BETWEEN 1 AND 1000)",
    "measure": "text NOT NULL CHECK (measure IN ('offered', 'accepted', 'qualified', 'won'))",
    "window_months": "bigint CHECK (window_months BETWEEN 1 AND 60)",
    "moderator_email": "text CHECK (moderator_email = lower(moderator_email))",
    "tiers": "jsonb NOT NULL CHECK (jsonb_typeof(tiers) = 'object')",
    "goals": "jsonb NOT NULL CHECK (jsonb_typeof(goals) = 'array')",
    "criteria": "jsonb NOT NULL CHECK (jsonb_typeof(criteria) = 'array')",
    "product_lines": "jsonb NOT NULL CHECK (jsonb_typeof(product_lines) = 'array')",
    "regions": "text[] NOT NULL",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _tables()
    _walls()
    _mutual_consent()
    _agree()


def _columns(table: str) -> str:
    named = {name: kind.replace("CHECK", f"CONSTRAINT ck_{table}_{name} CHECK") for name, kind in TERMS.items()}
    return ", ".join(f"{name} {kind}" for name, kind in named.items())


def _tables() -> None:
    op.execute(
        f"""
        CREATE TABLE term_drafts (
            id uuid CONSTRAINT pk_term_drafts PRIMARY KEY,
            partnership_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            based_on bigint NOT NULL,
            note text NOT NULL CONSTRAINT ck_term_drafts_note CHECK (length(note) <= 2000),
            effective_on date,
            {_columns("term_drafts")},
            version bigint NOT NULL DEFAULT 1,
            saved_at timestamptz NOT NULL,
            CONSTRAINT uq_term_drafts_organization_id_partnership_id UNIQUE (organization_id, partnership_id),
            CONSTRAINT fk_term_drafts_side FOREIGN KEY (partnership_id, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE term_changes (
            id uuid CONSTRAINT pk_term_changes PRIMARY KEY,
            partnership_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            other_id uuid NOT NULL,
            based_on bigint NOT NULL,
            note text NOT NULL CONSTRAINT ck_term_changes_note CHECK (length(note) <= 2000),
            effective_on date,
            {_columns("term_changes")},
            status text NOT NULL
                CONSTRAINT ck_term_changes_status CHECK (status IN ('open', 'accepted', 'declined', 'withdrawn')),
            answer text NOT NULL CONSTRAINT ck_term_changes_answer CHECK (length(answer) <= 2000),
            agreed_version bigint,
            proposed_at timestamptz NOT NULL,
            answered_at timestamptz,
            CONSTRAINT uq_term_changes_partnership_id_id UNIQUE (partnership_id, id),
            CONSTRAINT ck_term_changes_agreed CHECK ((status = 'accepted') = (agreed_version IS NOT NULL)),
            CONSTRAINT ck_term_changes_answered CHECK ((status = 'open') = (answered_at IS NULL)),
            CONSTRAINT fk_term_changes_side FOREIGN KEY (partnership_id, organization_id, other_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id)
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX uq_term_changes_open ON term_changes (partnership_id) WHERE status = 'open'")
    op.execute(
        "CREATE INDEX ix_term_changes_partnership_id_proposed_at ON term_changes (partnership_id, proposed_at, id)"
    )
    op.execute("ALTER TABLE partnership_terms ADD COLUMN change_id uuid")
    op.execute(
        "ALTER TABLE partnership_terms ADD CONSTRAINT fk_partnership_terms_change"
        " FOREIGN KEY (partnership_id, change_id) REFERENCES term_changes (partnership_id, id)"
    )


def _walls() -> None:
    walls.owned("term_drafts")
    walls.grant("term_drafts", "SELECT, INSERT, UPDATE, DELETE")
    walls.shared("term_changes", "organization_id", "other_id")
    people = f"{walls.roles().app}, {walls.roles().worker}"
    op.execute(
        f"CREATE POLICY own_adds ON term_changes AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (organization_id = (SELECT ctx_org()) AND status = 'open')"
    )
    walls.grant("term_changes", "SELECT, INSERT, UPDATE (status, answer, answered_at)")
    walls.grant_to(walls.roles().steps, "term_changes", "SELECT, UPDATE")


def _mutual_consent() -> None:
    op.execute(
        """
        CREATE FUNCTION consent_is_mutual() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
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
    op.execute("CREATE TRIGGER mutual BEFORE UPDATE ON term_changes FOR EACH ROW EXECUTE FUNCTION consent_is_mutual()")


def _agree() -> None:
    names = ", ".join(TERMS)
    op.execute(
        f"""
        CREATE FUNCTION step_agree_terms(which uuid, happened timestamptz) RETURNS bigint
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
    walls.definer(walls.roles().steps, "step_agree_terms(uuid, timestamptz)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_agree_terms(uuid, timestamptz)")
    op.execute("ALTER TABLE partnership_terms DROP COLUMN change_id")
    op.execute("DROP TABLE term_changes")
    op.execute("DROP FUNCTION consent_is_mutual()")
    op.execute("DROP TABLE term_drafts")
