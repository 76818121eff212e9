"""Phases moved by consent, pauses, exit criteria each side marks as met, and what sides enter about goals."""

import walls
from alembic import op

revision = "0023"
down_revision = "0022"

PHASES = "'proof_of_concept', 'pilot', 'roll_out'"
SIDE = """
    partnership_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    other_id uuid NOT NULL,
    CONSTRAINT fk_{table}_side FOREIGN KEY (partnership_id, organization_id, other_id)
        REFERENCES partnership_sides (partnership_id, organization_id, other_id)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _may_be_paused()
    _moves()
    _marks_and_readings()
    _move()
    _pause()


def _may_be_paused() -> None:
    op.execute("ALTER TABLE partnerships DROP CONSTRAINT ck_partnerships_status")
    op.execute(
        f"""
        ALTER TABLE partnerships
            ADD CONSTRAINT ck_partnerships_status CHECK (status IN ({PHASES}, 'paused', 'ended')),
            ADD COLUMN paused_from text CONSTRAINT ck_partnerships_paused_from CHECK (paused_from IN ({PHASES})),
            ADD COLUMN paused_by uuid,
            ADD CONSTRAINT ck_partnerships_paused
                CHECK (status <> 'paused' OR (paused_from IS NOT NULL AND paused_by IS NOT NULL))
        """
    )


def _moves() -> None:
    op.execute(
        f"""
        CREATE TABLE phase_moves (
            id uuid CONSTRAINT pk_phase_moves PRIMARY KEY,
            from_phase text NOT NULL CONSTRAINT ck_phase_moves_from_phase CHECK (from_phase IN ({PHASES})),
            to_phase text NOT NULL CONSTRAINT ck_phase_moves_to_phase CHECK (to_phase IN ({PHASES})),
            note text NOT NULL CONSTRAINT ck_phase_moves_note CHECK (length(note) <= 2000),
            waiver text CONSTRAINT ck_phase_moves_waiver CHECK (length(waiver) BETWEEN 1 AND 2000),
            waiver_of_other text CONSTRAINT ck_phase_moves_waiver_of_other CHECK (length(waiver_of_other) <= 2000),
            status text NOT NULL
                CONSTRAINT ck_phase_moves_status CHECK (status IN ('open', 'accepted', 'declined', 'withdrawn')),
            answer text NOT NULL CONSTRAINT ck_phase_moves_answer CHECK (length(answer) <= 2000),
            proposed_at timestamptz NOT NULL,
            answered_at timestamptz,
            {SIDE.format(table="phase_moves")},
            CONSTRAINT ck_phase_moves_answered CHECK ((status = 'open') = (answered_at IS NULL))
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX uq_phase_moves_open ON phase_moves (partnership_id) WHERE status = 'open'")
    op.execute(
        "CREATE INDEX ix_phase_moves_partnership_id_proposed_at ON phase_moves (partnership_id, proposed_at, id)"
    )
    walls.shared("phase_moves", "organization_id", "other_id")
    people = f"{walls.roles().app}, {walls.roles().worker}"
    op.execute(
        f"CREATE POLICY own_adds ON phase_moves AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (organization_id = (SELECT ctx_org()) AND status = 'open')"
    )
    walls.grant("phase_moves", "SELECT, INSERT, UPDATE (status, answer, answered_at)")
    walls.grant_to(walls.roles().steps, "phase_moves", "SELECT, UPDATE")
    op.execute("CREATE TRIGGER mutual BEFORE UPDATE ON phase_moves FOR EACH ROW EXECUTE FUNCTION consent_is_mutual()")


def _marks_and_readings() -> None:
    op.execute(
        f"""
        CREATE TABLE criterion_marks (
            id uuid CONSTRAINT pk_criterion_marks PRIMARY KEY,
            criterion_id uuid NOT NULL,
            met_on date NOT NULL,
            evidence text NOT NULL CONSTRAINT ck_criterion_marks_evidence CHECK (length(evidence) BETWEEN 1 AND 2000),
            marked_at timestamptz NOT NULL,
            {SIDE.format(table="criterion_marks")},
            CONSTRAINT uq_criterion_marks_side UNIQUE (partnership_id, criterion_id, organization_id)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE goal_readings (
            id uuid CONSTRAINT pk_goal_readings PRIMARY KEY,
            goal_id uuid NOT NULL,
            value bigint NOT NULL CONSTRAINT ck_goal_readings_value CHECK (value >= 0),
            read_on date NOT NULL,
            note text NOT NULL CONSTRAINT ck_goal_readings_note CHECK (length(note) <= 500),
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            {SIDE.format(table="goal_readings")}
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_goal_readings_partnership_id_goal_id"
        " ON goal_readings (partnership_id, goal_id, read_on, recorded_at)"
    )
    for table in ("criterion_marks", "goal_readings"):
        walls.shared(table, "organization_id", "other_id")
        walls.only_writer(table, "organization_id")
        walls.grant(table, "SELECT, INSERT")
    op.execute(
        "CREATE TRIGGER recorded_now BEFORE INSERT ON goal_readings FOR EACH ROW EXECUTE FUNCTION recorded_at_now()"
    )


def _move() -> None:
    op.execute(
        """
        CREATE FUNCTION step_move_phase(which uuid, waived text, happened timestamptz) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            moved phase_moves;
        BEGIN
            UPDATE phase_moves m SET status = 'accepted', answered_at = happened, waiver_of_other = waived
            FROM partnerships p
            WHERE m.id = which AND m.other_id = ctx_org() AND m.status = 'open'
              AND p.id = m.partnership_id AND p.status = m.from_phase
            RETURNING m.* INTO moved;
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            UPDATE partnerships SET status = moved.to_phase, version = version + 1 WHERE id = moved.partnership_id;
            RETURN true;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_move_phase(uuid, text, timestamptz)")


def _pause() -> None:
    op.execute(
        f"""
        CREATE FUNCTION step_pause_partnership(which uuid) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE partnerships
            SET status = 'paused', paused_from = status, paused_by = ctx_org(), version = version + 1
            WHERE id = which AND status IN ({PHASES}) AND ctx_org() IN (proposer_id, addressee_id);
            RETURN FOUND;
        END $$
        """
    )
    op.execute(
        """
        CREATE FUNCTION step_resume_partnership(which uuid) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE partnerships
            SET status = paused_from, paused_from = NULL, paused_by = NULL, version = version + 1
            WHERE id = which AND status = 'paused' AND paused_by = ctx_org();
            RETURN FOUND;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_pause_partnership(uuid)")
    walls.definer(walls.roles().steps, "step_resume_partnership(uuid)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_resume_partnership(uuid)")
    op.execute("DROP FUNCTION step_pause_partnership(uuid)")
    op.execute("DROP FUNCTION step_move_phase(uuid, text, timestamptz)")
    for table in ("goal_readings", "criterion_marks", "phase_moves"):
        op.execute(f"DROP TABLE {table}")
    op.execute(
        f"""
        ALTER TABLE partnerships
            DROP CONSTRAINT ck_partnerships_paused,
            DROP COLUMN paused_by,
            DROP COLUMN paused_from,
            DROP CONSTRAINT ck_partnerships_status,
            ADD CONSTRAINT ck_partnerships_status CHECK (status IN ({PHASES}, 'ended'))
        """
    )
