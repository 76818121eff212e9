"""Deal registrations: what both sides read of them, the steps they rest on, and what each side keeps to itself."""

import erasing
import walls
from alembic import op

revision = "0077"
down_revision = "0076"

ERASED = (
    erasing.FIRST
    + erasing.OF_CONTACTS
    + erasing.OF_OWN_WORDS
    + erasing.OF_IMPORTS
    + erasing.OF_REQUESTS
    + erasing.OF_ROUNDS
    + erasing.OF_ACCOUNTS
    + erasing.OF_ACCOUNT_FILES
    + erasing.OF_POPULATIONS
    + erasing.OF_MAPPINGS
    + erasing.OF_JOINT_ACCOUNTS
    + erasing.OF_YESES
    + erasing.OF_ENABLEMENT
    + erasing.OF_JOINT_PLANS
)
SIDES = """partnership_id uuid NOT NULL,
            organization_id uuid NOT NULL,
            other_id uuid NOT NULL"""
OF_REGISTRATION = """FOREIGN KEY (partnership_id, registration_id)
                REFERENCES registrations (partnership_id, id) ON DELETE CASCADE"""
KINDS = "'proposal_sent', 'need_confirmed', 'meeting_held', 'registered'"
OPEN = "'submitted', 'in_review', 'action_required', 'approved', 'extended'"
# What a registration says of the deal: it changes where the other side asked for it, and nowhere else.
SAID = ("involvement", "value_band", "value_minor", "currency", "close_on", "asks")
BACKDATING = "90 days"
STEPS = (
    *(("submitted", "in_review", "reviewer"), ("action_required", "in_review", "registrant")),
    *(
        (before, after, "reviewer")
        for before in ("submitted", "in_review")
        for after in ("action_required", "approved", "rejected")
    ),
    *((before, "extended", "registrant") for before in ("approved", "extended")),
    *((before, "withdrawn", "registrant") for before in OPEN.replace("'", "").split(", ")),
    *((before, after, "record") for before in OPEN.replace("'", "").split(", ") for after in ("expired", "rejected")),
    *((before, "approved", "record") for before in ("submitted", "in_review")),
    ("rejected", "submitted", "record"),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _registrations()
    _evidence()
    _own()
    _walls()
    _legal()
    erasing.grant(erasing.OF_REGISTRATIONS)
    walls.grant_to(walls.roles().steps, "registrations", "SELECT (id)")
    erasing.define(ERASED + erasing.OF_REGISTRATIONS)


def _registrations() -> None:
    op.execute(
        f"""
        CREATE TABLE registrations (
            id uuid CONSTRAINT pk_registrations PRIMARY KEY,
            {SIDES},
            joint_account_id uuid NOT NULL,
            product_line_id uuid,
            status text NOT NULL CONSTRAINT ck_registrations_status
                CHECK (status IN ({OPEN}, 'rejected', 'withdrawn', 'expired')),
            reason text CONSTRAINT ck_registrations_reason CHECK (reason IN ('not_eligible', 'direct_deal',
                'no_joint_value', 'too_little_information', 'other', 'earlier_evidence', 'appeal')),
            note text NOT NULL CONSTRAINT ck_registrations_note CHECK (length(note) <= 500),
            involvement text NOT NULL CONSTRAINT ck_registrations_involvement
                CHECK (involvement IN ('co_sell', 'visibility_only')),
            value_band text NOT NULL CONSTRAINT ck_registrations_value_band
                CHECK (value_band IN ('under_10k', '10k_50k', '50k_250k', '250k_1m', 'over_1m')),
            value_minor bigint CONSTRAINT ck_registrations_value_minor CHECK (value_minor >= 0),
            currency text NOT NULL CONSTRAINT ck_registrations_currency CHECK (currency ~ '^[A-Z]{{3}}$'),
            close_on date NOT NULL,
            asks text NOT NULL CONSTRAINT ck_registrations_asks CHECK (length(asks) <= 500),
            asked_fields text[] NOT NULL CONSTRAINT ck_registrations_asked_fields
                CHECK (asked_fields <@ ARRAY['value', 'close_on', 'asks', 'involvement']),
            direct_deal boolean,
            submitted_at timestamptz NOT NULL,
            waits_since timestamptz NOT NULL,
            respond_by timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            approved_at timestamptz,
            decided_at timestamptz,
            outweighed_at timestamptz,
            outweighed_by text CONSTRAINT ck_registrations_outweighed_by CHECK (outweighed_by IN ({KINDS})),
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT uq_registrations_partnership_id_id UNIQUE (partnership_id, id),
            CONSTRAINT uq_registrations_sides UNIQUE (partnership_id, organization_id, other_id, id),
            CONSTRAINT ck_registrations_rejected CHECK ((status = 'rejected') = (reason IS NOT NULL)),
            CONSTRAINT ck_registrations_asked CHECK ((status = 'action_required') = (asked_fields <> '{{}}')),
            CONSTRAINT ck_registrations_approved CHECK (status NOT IN ('approved', 'extended') OR approved_at IS NOT NULL),
            CONSTRAINT ck_registrations_decided CHECK (
                (status IN ('submitted', 'in_review', 'action_required')) = (decided_at IS NULL)),
            CONSTRAINT ck_registrations_outweighed CHECK (
                (outweighed_at IS NULL) = (outweighed_by IS NULL)
                AND (reason IS DISTINCT FROM 'earlier_evidence' OR outweighed_at IS NOT NULL)),
            CONSTRAINT fk_registrations_side FOREIGN KEY (partnership_id, organization_id, other_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id),
            CONSTRAINT fk_registrations_joint_account FOREIGN KEY (partnership_id, joint_account_id)
                REFERENCES joint_accounts (partnership_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_registrations_open ON registrations (partnership_id, joint_account_id, product_line_id)"
        f" NULLS NOT DISTINCT WHERE status IN ({OPEN})"
    )
    op.execute(
        "CREATE INDEX ix_registrations_joint_account_id ON registrations (partnership_id, joint_account_id, submitted_at)"
    )
    for name in ("organization_id", "other_id"):
        for order in ("submitted_at", "respond_by"):
            op.execute(f"CREATE INDEX ix_registrations_{name}_{order} ON registrations ({name}, {order}, id)")


def _evidence() -> None:
    op.execute(
        f"""
        CREATE TABLE registration_evidence (
            id uuid CONSTRAINT pk_registration_evidence PRIMARY KEY,
            {SIDES},
            registration_id uuid NOT NULL,
            kind text NOT NULL CONSTRAINT ck_registration_evidence_kind CHECK (kind IN ({KINDS})),
            happened_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT fk_registration_evidence_registration
                FOREIGN KEY (partnership_id, organization_id, other_id, registration_id)
                REFERENCES registrations (partnership_id, organization_id, other_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_registration_evidence_registration_id"
        " ON registration_evidence (partnership_id, organization_id, other_id, registration_id)"
    )
    op.execute("CREATE INDEX ix_registration_evidence_of ON registration_evidence (registration_id, happened_at)")
    op.execute(
        "CREATE TRIGGER recorded_now BEFORE INSERT ON registration_evidence FOR EACH ROW"
        " EXECUTE FUNCTION recorded_at_now()"
    )


def _own() -> None:
    op.execute(
        f"""
        CREATE TABLE registration_sides (
            organization_id uuid NOT NULL,
            registration_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            owner_id uuid NOT NULL,
            value_minor bigint NOT NULL CONSTRAINT ck_registration_sides_value_minor CHECK (value_minor >= 0),
            CONSTRAINT pk_registration_sides PRIMARY KEY (organization_id, registration_id),
            CONSTRAINT fk_registration_sides_registration {OF_REGISTRATION},
            CONSTRAINT fk_registration_sides_owner FOREIGN KEY (organization_id, owner_id)
                REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE registration_reminders (
            organization_id uuid NOT NULL,
            registration_id uuid NOT NULL,
            alarm text NOT NULL CONSTRAINT ck_registration_reminders_alarm
                CHECK (alarm IN ('review_due', 'review_late', 'time_over')),
            due_at timestamptz NOT NULL,
            partnership_id uuid NOT NULL,
            fired_at timestamptz NOT NULL,
            CONSTRAINT pk_registration_reminders PRIMARY KEY (organization_id, registration_id, alarm, due_at),
            CONSTRAINT fk_registration_reminders_registration {OF_REGISTRATION}
        )
        """
    )
    op.execute("CREATE INDEX ix_registration_sides_owner_id ON registration_sides (organization_id, owner_id)")
    for table in ("registration_sides", "registration_reminders"):
        op.execute(f"CREATE INDEX ix_{table}_registration_id ON {table} (partnership_id, registration_id)")


def _walls() -> None:
    people = f"{walls.roles().app}, {walls.roles().worker}"
    mine = "organization_id = (SELECT ctx_org())"
    walls.shared("registrations", "organization_id", "other_id")
    op.execute(
        f"CREATE POLICY own_adds ON registrations AS RESTRICTIVE FOR INSERT TO {people} WITH CHECK ("
        f"{mine} AND (status = 'submitted' OR (status = 'rejected' AND reason = 'earlier_evidence')))"
    )
    changed = (
        *("status", "reason", "note", *SAID, "asked_fields", "direct_deal", "waits_since", "respond_by", "ends_at"),
        *("approved_at", "decided_at", "outweighed_at", "outweighed_by", "joint_account_id", "version"),
    )
    walls.grant("registrations", f"SELECT, INSERT, UPDATE ({', '.join(changed)})")
    walls.shared("registration_evidence", "organization_id", "other_id")
    op.execute(
        f"CREATE POLICY own_adds ON registration_evidence AS RESTRICTIVE FOR INSERT TO {people} WITH CHECK ({mine})"
    )
    walls.grant("registration_evidence", "SELECT, INSERT")
    walls.owned("registration_sides")
    walls.grant("registration_sides", "SELECT, INSERT, UPDATE (owner_id, value_minor)")
    walls.owned("registration_reminders")
    walls.grant("registration_reminders", "SELECT, INSERT")


def _legal() -> None:
    """Let each side take its own steps; a place is lost only to earlier evidence or to a decided appeal."""
    listed = ", ".join(str(step) for step in STEPS)
    said = ", ".join(f"NEW.{name}" for name in SAID), ", ".join(f"OLD.{name}" for name in SAID)
    op.execute(
        f"""
        CREATE FUNCTION registrations_step_is_legal() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        DECLARE
            side text := CASE ctx_org() WHEN OLD.organization_id THEN 'registrant' WHEN OLD.other_id THEN 'reviewer' END;
            is_appealed boolean := NEW.reason = 'appeal' OR OLD.status = 'rejected';
            party text := CASE WHEN NEW.status = 'expired' OR is_appealed OR NEW.reason = 'earlier_evidence'
                               THEN 'record' ELSE side END;
        BEGIN
            IF NEW.status <> OLD.status OR (NEW.status = 'extended' AND NEW.ends_at <> OLD.ends_at) THEN
                IF side IS NULL OR (OLD.status, NEW.status, party) NOT IN ({listed}) THEN
                    RAISE EXCEPTION 'a registration cannot go from % to % by its %', OLD.status, NEW.status, side
                        USING ERRCODE = 'check_violation';
                END IF;
                IF NEW.status = 'rejected' AND NEW.reason = 'earlier_evidence' AND NEW.outweighed_at > (
                    SELECT min(greatest(e.happened_at, e.recorded_at - interval '{BACKDATING}'))
                    FROM registration_evidence e WHERE e.registration_id = OLD.id) THEN
                    RAISE EXCEPTION 'only earlier evidence takes a place' USING ERRCODE = 'check_violation';
                END IF;
                IF is_appealed AND NOT EXISTS (
                    SELECT FROM cases c JOIN registrations r ON r.id = c.subject_id
                    WHERE c.subject = 'registrations' AND c.outcome = 'corrected'
                      AND r.partnership_id = OLD.partnership_id AND r.joint_account_id = OLD.joint_account_id
                      AND r.product_line_id IS NOT DISTINCT FROM OLD.product_line_id
                      AND (r.id = OLD.id) = (OLD.status = 'rejected')) THEN
                    RAISE EXCEPTION 'only a decided appeal takes or gives back a place'
                        USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            IF ({said[0]}) IS DISTINCT FROM ({said[1]})
               AND NOT (side = 'registrant' AND OLD.status = 'action_required' AND NEW.status = 'in_review') THEN
                RAISE EXCEPTION 'what a registration says changes where the other side asked for it'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER legal_step BEFORE UPDATE ON registrations FOR EACH ROW WHEN (NOT erasing())"
        " EXECUTE FUNCTION registrations_step_is_legal()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(ERASED)
    for table in ("registration_reminders", "registration_sides", "registration_evidence", "registrations"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION registrations_step_is_legal()")
