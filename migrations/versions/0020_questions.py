"""Questions about an offered lead: the receiver asks, the giver answers, both read; gone when the partnership ends."""

import walls
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE offer_questions (
            id uuid CONSTRAINT pk_offer_questions PRIMARY KEY,
            partnership_id uuid NOT NULL,
            giver_id uuid NOT NULL,
            receiver_id uuid NOT NULL,
            offer_id uuid NOT NULL,
            question text NOT NULL CONSTRAINT ck_offer_questions_question CHECK (length(question) BETWEEN 1 AND 2000),
            asked_at timestamptz NOT NULL,
            answer text CONSTRAINT ck_offer_questions_answer CHECK (length(answer) BETWEEN 1 AND 2000),
            answered_at timestamptz,
            CONSTRAINT fk_offer_questions_offer FOREIGN KEY (partnership_id, giver_id, receiver_id, offer_id)
                REFERENCES offers (partnership_id, giver_id, receiver_id, id),
            CONSTRAINT ck_offer_questions_answered CHECK ((answer IS NULL) = (answered_at IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX ix_offer_questions_offer_id ON offer_questions (offer_id, asked_at, id)")
    op.execute("CREATE INDEX ix_offer_questions_partnership_id ON offer_questions (partnership_id)")
    walls.shared("offer_questions", "giver_id", "receiver_id")
    people = f"{walls.roles().app}, {walls.roles().worker}"
    op.execute(
        f"CREATE POLICY receiver_asks ON offer_questions AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (receiver_id = (SELECT ctx_org()) AND answer IS NULL)"
    )
    op.execute(
        f"CREATE POLICY giver_answers ON offer_questions AS RESTRICTIVE FOR UPDATE TO {people}"
        " USING (giver_id = (SELECT ctx_org()) AND answer IS NULL) WITH CHECK (giver_id = (SELECT ctx_org()))"
    )
    walls.grant("offer_questions", "SELECT, INSERT, UPDATE (answer, answered_at)")
    _gone_with_the_partnership()


def _gone_with_the_partnership() -> None:
    walls.grant_to(walls.roles().steps, "offer_questions", "SELECT, DELETE")
    op.execute(
        """
        CREATE FUNCTION forget_questions() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM offer_questions WHERE partnership_id = NEW.id;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER forget_questions AFTER UPDATE OF status ON partnerships FOR EACH ROW"
        " WHEN (NEW.status = 'ended' AND OLD.status <> 'ended') EXECUTE FUNCTION forget_questions()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TRIGGER forget_questions ON partnerships")
    op.execute("DROP FUNCTION forget_questions()")
    op.execute("DROP TABLE offer_questions")
