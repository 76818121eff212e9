"""Who may queue a job for whom: an organization for itself and its partners, never in another's own affairs."""

import walls
from alembic import op

revision = "0045"
down_revision = "0044"

# Told to organizations that need not be partners: a moderator's words to both sides and theirs to them, an answer to a
# proposal. Each reads again, under the wall of the organization it is for, whether there is anything to tell.
TO_OTHERS = (
    *("cases.take_effect", "cases.tell_of_answer", "cases.tell_of_follower", "cases.tell_of_question"),
    *("cases.tell_of_submission", "partnerships.tell_of_decline"),
)
OWN_AFFAIRS = "^(identity|integrations)[.]"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    listed = ", ".join(f"'{name}'" for name in TO_OTHERS)
    op.execute(
        f"""
        CREATE FUNCTION job_stays_among_partners() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        DECLARE
            mine uuid := ctx_org();
            meant uuid := NEW.args->>'organization_id';
        BEGIN
            IF meant = mine
               OR (meant IS NULL AND mine IS NULL AND NEW.task_name = 'identity.find_accounts')
               OR (mine IS NOT NULL AND meant IS NOT NULL AND NEW.task_name IN ({listed}))
               OR (NEW.task_name !~ '{OWN_AFFAIRS}'
                   AND EXISTS (SELECT FROM partnership_sides WHERE organization_id = mine AND other_id = meant)) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'a job is queued for oneself, or for a partner and not in its own affairs'
                USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER job_stays_among_partners BEFORE INSERT ON procrastinate.procrastinate_jobs FOR EACH ROW"
        f" WHEN (current_user = '{walls.roles().app}') EXECUTE FUNCTION job_stays_among_partners()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER job_stays_among_partners ON procrastinate.procrastinate_jobs")
    op.execute("DROP FUNCTION job_stays_among_partners()")
