"""What two sides settle: cases, their owners and their file, and the moderator whom both name for one case."""

import walls
from alembic import op

revision = "0013"
down_revision = "0012"

STATUSES = "'open', 'in_discussion', 'decided', 'closed', 'withdrawn'"
KINDS = "'lead_disqualified', 'cause_analysis', 'claim', 'appeal', 'dispute'"
OUTCOMES = "'corrected', 'stands', 'arranged'"
SIDES = "partnership_id, first_organization_id, second_organization_id"
WHO_READS = (
    "(SELECT ctx_org()) = first_organization_id OR (SELECT ctx_org()) = second_organization_id"
    " OR (SELECT ctx_org()) = submitted_to_id"
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _cases()
    _entries()
    _owners()
    _moderators()
    _walls()
    _legal_steps()
    _entries_are_own()
    _close()
    _name()
    _answer()
    _ending()


def _cases() -> None:
    op.execute(
        f"""
        CREATE TABLE cases (
            id uuid CONSTRAINT pk_cases PRIMARY KEY,
            partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL,
            first_name text NOT NULL,
            second_name text NOT NULL,
            opener_id uuid NOT NULL,
            kind text NOT NULL CONSTRAINT ck_cases_kind CHECK (kind IN ({KINDS})),
            subject text CONSTRAINT ck_cases_subject CHECK (subject ~ '^[a-z_]{{1,60}}$'),
            subject_id uuid,
            status text NOT NULL CONSTRAINT ck_cases_status CHECK (status IN ({STATUSES})),
            due_on date NOT NULL,
            proposal_id uuid,
            proposed_by_id uuid,
            outcome text CONSTRAINT ck_cases_outcome CHECK (outcome IN ({OUTCOMES})),
            decided_by text CONSTRAINT ck_cases_decided_by CHECK (decided_by IN ('both', 'moderator')),
            opened_at timestamptz NOT NULL,
            decided_at timestamptz,
            closed_at timestamptz,
            submitted_to_id uuid CONSTRAINT fk_cases_submitted_to_id REFERENCES organizations,
            submitted_at timestamptz,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT uq_cases_whole UNIQUE ({SIDES}, id),
            CONSTRAINT fk_cases_sides FOREIGN KEY ({SIDES})
                REFERENCES partnership_sides (partnership_id, organization_id, other_id),
            CONSTRAINT ck_cases_sides CHECK (first_organization_id < second_organization_id),
            CONSTRAINT ck_cases_opener CHECK (opener_id IN (first_organization_id, second_organization_id)),
            CONSTRAINT ck_cases_about CHECK ((subject IS NULL) = (subject_id IS NULL)),
            CONSTRAINT ck_cases_proposal CHECK ((proposal_id IS NULL) = (proposed_by_id IS NULL)),
            CONSTRAINT ck_cases_decision CHECK (
                (outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by IS NULL)
            ),
            CONSTRAINT ck_cases_closed CHECK ((status IN ('closed', 'withdrawn')) = (closed_at IS NOT NULL)),
            CONSTRAINT ck_cases_moderator CHECK (
                submitted_to_id IS NULL
                OR (closed_at IS NULL AND submitted_to_id NOT IN (first_organization_id, second_organization_id))
            )
        )
        """
    )
    op.execute("CREATE INDEX ix_cases_partnership_id_opened_at ON cases (partnership_id, opened_at, id)")
    op.execute("CREATE INDEX ix_cases_subject_id ON cases (subject_id) WHERE subject_id IS NOT NULL")
    op.execute("CREATE INDEX ix_cases_submitted_to_id ON cases (submitted_to_id) WHERE submitted_to_id IS NOT NULL")


def _entries() -> None:
    op.execute(
        f"""
        CREATE TABLE case_entries (
            id uuid CONSTRAINT pk_case_entries PRIMARY KEY,
            case_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL,
            submitted_to_id uuid CONSTRAINT fk_case_entries_submitted_to_id REFERENCES organizations,
            author_id uuid NOT NULL,
            kind text NOT NULL CONSTRAINT ck_case_entries_kind CHECK (kind IN (
                'claim', 'statement', 'question', 'evidence', 'proposal', 'decision',
                'submission', 'withdrawal', 'closing'
            )),
            title text CONSTRAINT ck_case_entries_title CHECK (length(title) BETWEEN 1 AND 200),
            text text NOT NULL CONSTRAINT ck_case_entries_text CHECK (length(text) <= 4000),
            next_step text CONSTRAINT ck_case_entries_next_step CHECK (length(next_step) <= 2000),
            facts jsonb NOT NULL,
            outcome text CONSTRAINT ck_case_entries_outcome CHECK (outcome IN ({OUTCOMES})),
            happened_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT fk_case_entries_case FOREIGN KEY ({SIDES}, case_id) REFERENCES cases ({SIDES}, id),
            CONSTRAINT ck_case_entries_evidence CHECK ((kind = 'evidence') = (title IS NOT NULL)),
            CONSTRAINT ck_case_entries_decision CHECK ((kind IN ('proposal', 'decision')) = (outcome IS NOT NULL))
        )
        """
    )
    op.execute("CREATE INDEX ix_case_entries_case_id_recorded_at ON case_entries (case_id, recorded_at, id)")
    op.execute("CREATE INDEX ix_case_entries_partnership_id ON case_entries (partnership_id)")
    op.execute(
        "CREATE TRIGGER recorded_now BEFORE INSERT ON case_entries FOR EACH ROW EXECUTE FUNCTION recorded_at_now()"
    )


def _owners() -> None:
    op.execute(
        f"""
        CREATE TABLE case_owners (
            id uuid CONSTRAINT pk_case_owners PRIMARY KEY,
            case_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            member_id uuid NOT NULL,
            since timestamptz NOT NULL,
            until timestamptz,
            CONSTRAINT fk_case_owners_case FOREIGN KEY ({SIDES}, case_id) REFERENCES cases ({SIDES}, id),
            CONSTRAINT fk_case_owners_member FOREIGN KEY (organization_id, member_id)
                REFERENCES partnership_members (organization_id, id),
            CONSTRAINT ck_case_owners_side CHECK (organization_id IN (first_organization_id, second_organization_id))
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_case_owners_present ON case_owners (organization_id, case_id) WHERE until IS NULL"
    )
    op.execute("CREATE INDEX ix_case_owners_case_id ON case_owners (case_id)")


def _moderators() -> None:
    op.execute(
        f"""
        CREATE TABLE case_moderators (
            id uuid CONSTRAINT pk_case_moderators PRIMARY KEY,
            case_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL,
            address text NOT NULL CONSTRAINT ck_case_moderators_address CHECK (address = lower(address)),
            named_by_id uuid NOT NULL,
            status text NOT NULL CONSTRAINT ck_case_moderators_status
                CHECK (status IN ('named', 'invited', 'accepted', 'declined', 'dropped')),
            moderator_id uuid CONSTRAINT fk_case_moderators_moderator_id REFERENCES organizations,
            moderator_name text,
            declares text,
            named_at timestamptz NOT NULL,
            answered_at timestamptz,
            CONSTRAINT uq_case_moderators_partnership_id_id UNIQUE (partnership_id, id),
            CONSTRAINT fk_case_moderators_case FOREIGN KEY ({SIDES}, case_id) REFERENCES cases ({SIDES}, id),
            CONSTRAINT ck_case_moderators_named_by
                CHECK (named_by_id IN (first_organization_id, second_organization_id))
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_case_moderators_standing ON case_moderators (partnership_id, case_id)"
        " WHERE status IN ('named', 'invited', 'accepted')"
    )
    op.execute("CREATE INDEX ix_case_moderators_case_id ON case_moderators (case_id)")
    op.execute(
        f"""
        CREATE TABLE moderations (
            id uuid CONSTRAINT pk_moderations PRIMARY KEY,
            organization_id uuid CONSTRAINT fk_moderations_organization_id REFERENCES organizations,
            user_id uuid,
            partnership_id uuid NOT NULL,
            naming_id uuid NOT NULL CONSTRAINT uq_moderations_naming_id UNIQUE,
            case_id uuid NOT NULL,
            first_name text NOT NULL,
            second_name text NOT NULL,
            kind text NOT NULL CONSTRAINT ck_moderations_kind CHECK (kind IN ({KINDS})),
            status text NOT NULL CONSTRAINT ck_moderations_status CHECK (status IN ('open', 'accepted')),
            declares text,
            received_at timestamptz NOT NULL,
            CONSTRAINT fk_moderations_naming FOREIGN KEY (partnership_id, naming_id)
                REFERENCES case_moderators (partnership_id, id),
            CONSTRAINT fk_moderations_organization_id_user_id
                FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_moderations_organization_id_user_id ON moderations (organization_id, user_id)")
    op.execute("CREATE INDEX ix_moderations_partnership_id ON moderations (partnership_id)")
    op.execute("CREATE INDEX ix_moderations_case_id ON moderations (case_id)")


def _walls() -> None:
    people = f"{walls.roles().app}, {walls.roles().worker}"
    walls.wall("cases", WHO_READS)
    walls.wall("case_entries", WHO_READS)
    walls.shared("case_owners", "first_organization_id", "second_organization_id")
    walls.only_writer("case_owners", "organization_id")
    walls.shared("case_moderators", "first_organization_id", "second_organization_id")
    walls.owned("moderations")
    for table, condition in (
        ("cases", "opener_id = (SELECT ctx_org()) AND status = 'open' AND submitted_to_id IS NULL"),
        ("case_entries", "author_id = (SELECT ctx_org())"),
        ("case_moderators", "named_by_id = (SELECT ctx_org()) AND status = 'named'"),
    ):
        op.execute(f"CREATE POLICY own_adds ON {table} AS RESTRICTIVE FOR INSERT TO {people} WITH CHECK ({condition})")
    changing = "status, proposal_id, proposed_by_id, outcome, decided_by, decided_at, version"
    walls.grant("cases", f"SELECT, INSERT, UPDATE ({changing})")
    walls.grant("case_entries", "SELECT, INSERT")
    walls.grant("case_owners", "SELECT, INSERT, UPDATE (until)")
    walls.grant("case_moderators", "SELECT, INSERT")
    walls.grant("moderations", "SELECT")
    steps = walls.roles().steps
    walls.grant_to(steps, "cases", "SELECT, UPDATE")
    walls.grant_to(steps, "case_entries", "SELECT, UPDATE, DELETE")
    walls.grant_to(steps, "case_owners", "SELECT, UPDATE")
    walls.grant_to(steps, "case_moderators", "SELECT, UPDATE")
    walls.grant_to(steps, "moderations", "SELECT, INSERT, UPDATE, DELETE")


def _legal_steps() -> None:
    op.execute(
        """
        CREATE FUNCTION cases_step_is_legal() RETURNS trigger LANGUAGE plpgsql
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
               OR (NEW.proposal_id IS DISTINCT FROM OLD.proposal_id AND NEW.proposed_by_id IS DISTINCT FROM ctx_org())
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
    )
    op.execute("CREATE TRIGGER legal_step BEFORE UPDATE ON cases FOR EACH ROW EXECUTE FUNCTION cases_step_is_legal()")


def _entries_are_own() -> None:
    op.execute(
        """
        CREATE FUNCTION case_entries_are_own() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        DECLARE
            about cases;
        BEGIN
            SELECT * INTO about FROM cases WHERE id = NEW.case_id;
            IF NOT FOUND OR about.closed_at IS NOT NULL OR (
                ctx_org() = about.submitted_to_id AND NEW.kind NOT IN ('statement', 'question', 'decision')
            ) THEN
                RAISE EXCEPTION 'this case does not take that from this side'
                    USING ERRCODE = 'check_violation';
            END IF;
            NEW.submitted_to_id := about.submitted_to_id;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER own_entry BEFORE INSERT ON case_entries FOR EACH ROW EXECUTE FUNCTION case_entries_are_own()"
    )


def _close() -> None:
    op.execute(
        """
        CREATE FUNCTION step_close_case(which uuid, how text, happened timestamptz) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE cases SET status = how, closed_at = happened, submitted_to_id = NULL, version = version + 1
            WHERE id = which AND closed_at IS NULL AND how IN ('closed', 'withdrawn')
              AND ctx_org() IN (first_organization_id, second_organization_id);
            IF FOUND THEN
                UPDATE case_entries SET submitted_to_id = NULL WHERE case_id = which AND submitted_to_id IS NOT NULL;
                DELETE FROM moderations WHERE case_id = which;
            END IF;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_close_case(uuid, text, timestamptz)")


def _name() -> None:
    op.execute(
        """
        CREATE FUNCTION step_invite_moderator(which uuid, happened timestamptz) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            named case_moderators;
        BEGIN
            UPDATE case_moderators SET status = 'invited'
            WHERE id = which AND status = 'named' AND named_by_id <> ctx_org()
              AND ctx_org() IN (first_organization_id, second_organization_id)
            RETURNING * INTO named;
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            INSERT INTO moderations (
                id, organization_id, user_id, partnership_id, naming_id, case_id, first_name, second_name, kind,
                status, received_at
            )
            SELECT gen_random_uuid(), u.organization_id, u.id, c.partnership_id, which, c.id, c.first_name,
                   c.second_name, c.kind, 'open', happened
            FROM cases c LEFT JOIN LATERAL (
                SELECT organization_id, id FROM users
                WHERE email = named.address AND disabled_at IS NULL
                  AND organization_id NOT IN (c.first_organization_id, c.second_organization_id)
                ORDER BY created_at, id LIMIT 1
            ) u ON true
            WHERE c.id = named.case_id;
            RETURN true;
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION step_drop_moderator(which uuid, happened timestamptz) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE case_moderators m SET status = 'dropped', answered_at = happened
            WHERE m.id = which AND m.status IN ('named', 'invited', 'accepted')
              AND ctx_org() IN (m.first_organization_id, m.second_organization_id)
              AND NOT EXISTS (SELECT FROM cases c WHERE c.id = m.case_id AND c.submitted_at IS NOT NULL);
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            DELETE FROM moderations WHERE naming_id = which;
            RETURN true;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_invite_moderator(uuid, timestamptz)")
    walls.definer(walls.roles().steps, "step_drop_moderator(uuid, timestamptz)")


def _answer() -> None:
    op.execute(
        """
        CREATE FUNCTION step_answer_moderation(
            which uuid, whom uuid, accepts boolean, says text, happened timestamptz
        ) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            asked moderations;
        BEGIN
            SELECT * INTO asked FROM moderations
            WHERE id = which AND organization_id = ctx_org() AND user_id = whom;
            UPDATE case_moderators m
            SET status = CASE WHEN accepts THEN 'accepted' ELSE 'declined' END, answered_at = happened,
                moderator_id = CASE WHEN accepts THEN o.id END, moderator_name = CASE WHEN accepts THEN o.name END,
                declares = says
            FROM organizations o
            WHERE m.id = asked.naming_id AND m.status = 'invited' AND o.id = ctx_org();
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            IF accepts THEN
                UPDATE moderations SET status = 'accepted', declares = says WHERE id = which;
            ELSE
                DELETE FROM moderations WHERE id = which;
            END IF;
            RETURN true;
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION step_submit_case(which uuid, happened timestamptz) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE cases c SET submitted_to_id = m.moderator_id, submitted_at = happened, version = version + 1
            FROM case_moderators m
            WHERE c.id = which AND m.case_id = which AND m.status = 'accepted'
              AND c.status IN ('open', 'in_discussion') AND c.submitted_at IS NULL
              AND ctx_org() IN (c.first_organization_id, c.second_organization_id);
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            UPDATE case_entries e SET submitted_to_id = c.submitted_to_id
            FROM cases c WHERE c.id = which AND e.case_id = which;
            RETURN true;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_answer_moderation(uuid, uuid, boolean, text, timestamptz)")
    walls.definer(walls.roles().steps, "step_submit_case(uuid, timestamptz)")


def _ending() -> None:
    op.execute(
        """
        CREATE FUNCTION cases_end_with_their_partnership() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM case_entries WHERE partnership_id = NEW.id;
            DELETE FROM moderations WHERE partnership_id = NEW.id;
            UPDATE cases SET status = 'closed', closed_at = NEW.ended_at, submitted_to_id = NULL, version = version + 1
            WHERE partnership_id = NEW.id AND closed_at IS NULL;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER cases_end AFTER UPDATE OF status ON partnerships FOR EACH ROW"
        " WHEN (NEW.status = 'ended' AND OLD.status <> 'ended') EXECUTE FUNCTION cases_end_with_their_partnership()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER cases_end ON partnerships")
    for signature in (
        "cases_end_with_their_partnership()",
        "step_submit_case(uuid, timestamptz)",
        "step_answer_moderation(uuid, uuid, boolean, text, timestamptz)",
        "step_drop_moderator(uuid, timestamptz)",
        "step_invite_moderator(uuid, timestamptz)",
        "step_close_case(uuid, text, timestamptz)",
    ):
        op.execute(f"DROP FUNCTION {signature}")
    for table in ("moderations", "case_moderators", "case_owners", "case_entries", "cases"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION case_entries_are_own()")
    op.execute("DROP FUNCTION cases_step_is_legal()")
