"""Stored answers about a deal go with its company's name, when that is taken back, as those of its registration do."""

import walls
from alembic import op

revision = "0097"
down_revision = "0096"

OF_DEALS = " OR subject_id IN (SELECT d.id FROM deals d WHERE d.joint_account_id = NEW.id)"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    walls.grant_to(walls.roles().steps, "deals", "SELECT (id, joint_account_id)")
    _answers_go(OF_DEALS)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _answers_go("")
    steps = walls.roles().steps
    op.execute(f"DROP POLICY for_{steps} ON deals")
    op.execute(f"REVOKE SELECT (id, joint_account_id) ON deals FROM {steps}")


def _answers_go(also: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION registration_answers_go() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            UPDATE idempotency_keys SET body = NULL
            WHERE subject_id IN (SELECT r.id FROM registrations r WHERE r.joint_account_id = NEW.id){also};
            RETURN NULL;
        END $$
        """
    )
