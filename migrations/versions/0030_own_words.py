"""Each party of a case and of a phase's move writes only its own part, also past the application."""

from alembic import op

revision = "0030"
down_revision = "0029"

STEP = """
        CREATE OR REPLACE FUNCTION cases_step_is_legal() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        DECLARE
            party text := CASE ctx_org() WHEN OLD.opener_id THEN 'opener' WHEN OLD.first_organization_id THEN 'other'
                          WHEN OLD.second_organization_id THEN 'other' WHEN OLD.submitted_to_id THEN 'moderator' END;
        BEGIN
            IF NEW.status = 'closed' AND EXISTS (
                SELECT FROM partnerships WHERE id = OLD.partnership_id AND status = 'ended'
            ) THEN
                RETURN NEW;
            END IF;
            IF NEW.status <> OLD.status AND (OLD.status, NEW.status, party) NOT IN (
                ('open', 'in_discussion', 'other'), ('open', 'in_discussion', 'moderator'),
                ('open', 'decided', 'opener'), ('open', 'decided', 'other'), ('open', 'decided', 'moderator'),
                ('open', 'withdrawn', 'opener'),
                ('in_discussion', 'decided', 'opener'), ('in_discussion', 'decided', 'other'),
                ('in_discussion', 'decided', 'moderator'), ('in_discussion', 'withdrawn', 'opener'),
                ('decided', 'closed', 'opener'), ('decided', 'closed', 'other')
            ) THEN
                RAISE EXCEPTION 'a case cannot go from % to % by its %', OLD.status, NEW.status, party
                    USING ERRCODE = 'check_violation';
            END IF;
            IF party IS NULL
               OR NEW.version <> OLD.version + 1
               OR (NEW.outcome IS DISTINCT FROM OLD.outcome AND NOT (OLD.outcome IS NULL AND NEW.status = 'decided'))
               {proposal}
               OR (NEW.decided_by = 'both' AND OLD.decided_by IS NULL
                   AND (OLD.proposed_by_id IS NULL OR OLD.proposed_by_id = ctx_org() OR party = 'moderator'))
               OR (NEW.decided_by = 'moderator' AND OLD.decided_by IS NULL AND party <> 'moderator')
            THEN
                RAISE EXCEPTION 'a case is decided by both sides or by its moderator, and each speaks for itself'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
PROPOSAL_BEFORE = (
    "OR (NEW.proposal_id IS DISTINCT FROM OLD.proposal_id AND NEW.proposed_by_id IS DISTINCT FROM ctx_org())"
)
PROPOSAL = """OR ((NEW.proposal_id, NEW.proposed_by_id) IS DISTINCT FROM (OLD.proposal_id, OLD.proposed_by_id) AND (
                   OLD.status NOT IN ('open', 'in_discussion') OR NEW.status = 'decided' OR NOT EXISTS (
                       SELECT FROM case_entries e
                       WHERE e.id = NEW.proposal_id AND e.case_id = NEW.id AND e.kind = 'proposal'
                         AND e.author_id = NEW.proposed_by_id AND e.author_id = ctx_org()
                   )))
               OR (NEW.status = 'decided' AND NEW.outcome IS NULL)
               OR (OLD.decided_by IS NOT NULL AND (NEW.decided_by, NEW.decided_at)
                   IS DISTINCT FROM (OLD.decided_by, OLD.decided_at))
               OR (NEW.decided_by = 'both' AND OLD.decided_by IS NULL AND NOT EXISTS (
                   SELECT FROM case_entries e
                   WHERE e.id = OLD.proposal_id AND e.case_id = OLD.id AND e.outcome = NEW.outcome))"""
ADDS = {
    "cases": (
        "opener_id = (SELECT ctx_org()) AND status = 'open' AND submitted_to_id IS NULL",
        (
            " AND submitted_at IS NULL AND proposal_id IS NULL AND proposed_by_id IS NULL"
            " AND outcome IS NULL AND decided_by IS NULL AND decided_at IS NULL"
        ),
    ),
    "case_moderators": (
        "named_by_id = (SELECT ctx_org()) AND status = 'named'",
        " AND moderator_id IS NULL AND moderator_name IS NULL AND declares IS NULL AND answered_at IS NULL",
    ),
    "term_changes": (
        "organization_id = (SELECT ctx_org()) AND status = 'open'",
        " AND answer = '' AND agreed_version IS NULL",
    ),
    "phase_moves": (
        "organization_id = (SELECT ctx_org()) AND status = 'open'",
        " AND waiver_of_other IS NULL AND answer = ''",
    ),
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, (before, more) in ADDS.items():
        op.execute(f"ALTER POLICY own_adds ON {table} WITH CHECK ({before}{more})")
    op.execute(STEP.format(proposal=PROPOSAL))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(STEP.format(proposal=PROPOSAL_BEFORE))
    for table, (before, _) in ADDS.items():
        op.execute(f"ALTER POLICY own_adds ON {table} WITH CHECK ({before})")
