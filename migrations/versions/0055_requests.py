"""Requests to offer beyond the agreed trust advance: the giver's own, gone when they are settled or sharing ends."""

import erasing
import walls
from alembic import op

revision = "0055"
down_revision = "0054"

BEFORE = erasing.FIRST + erasing.OF_CONTACTS + erasing.OF_OWN_WORDS + erasing.OF_IMPORTS


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE offer_requests (
            id uuid CONSTRAINT pk_offer_requests PRIMARY KEY,
            organization_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            lead_id uuid NOT NULL,
            asker_id uuid NOT NULL,
            product_line_id uuid,
            message text NOT NULL CONSTRAINT ck_offer_requests_message CHECK (length(message) <= 2000),
            shows_company boolean NOT NULL,
            role_only boolean NOT NULL,
            note text NOT NULL CONSTRAINT ck_offer_requests_note CHECK (length(note) <= 500),
            status text NOT NULL CONSTRAINT ck_offer_requests_status CHECK (status IN ('waiting', 'declined')),
            asked_at timestamptz NOT NULL,
            answer text CONSTRAINT ck_offer_requests_answer CHECK (length(answer) BETWEEN 1 AND 500),
            answered_at timestamptz,
            version bigint NOT NULL DEFAULT 1,
            CONSTRAINT uq_offer_requests_organization_id_lead_id UNIQUE (organization_id, lead_id),
            CONSTRAINT ck_offer_requests_answered CHECK (
                (status = 'declined') = (answered_at IS NOT NULL) AND (answer IS NULL OR status = 'declined')
            ),
            CONSTRAINT fk_offer_requests_side FOREIGN KEY (partnership_id, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id),
            CONSTRAINT fk_offer_requests_lead FOREIGN KEY (organization_id, lead_id)
                REFERENCES leads (organization_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_offer_requests_asker FOREIGN KEY (organization_id, asker_id)
                REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_offer_requests_asked_at ON offer_requests (organization_id, asked_at, id)")
    op.execute("CREATE INDEX ix_offer_requests_partnership_id ON offer_requests (partnership_id, organization_id)")
    op.execute("CREATE INDEX ix_offer_requests_asker_id ON offer_requests (organization_id, asker_id)")
    walls.owned("offer_requests")
    walls.grant("offer_requests", "SELECT, INSERT, UPDATE (asker_id, status, answer, answered_at, version), DELETE")
    _gone_with_the_partnership()
    erasing.grant(erasing.OF_REQUESTS)
    erasing.define(BEFORE + erasing.OF_REQUESTS)


def _gone_with_the_partnership() -> None:
    walls.grant_to(walls.roles().steps, "offer_requests", "SELECT, DELETE")
    op.execute(
        """
        CREATE FUNCTION forget_requests() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM offer_requests WHERE partnership_id = NEW.id;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER forget_requests AFTER UPDATE OF status ON partnerships FOR EACH ROW"
        " WHEN (NEW.status = 'ended' AND OLD.status <> 'ended') EXECUTE FUNCTION forget_requests()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    op.execute("DROP TRIGGER forget_requests ON partnerships")
    op.execute("DROP FUNCTION forget_requests()")
    op.execute("DROP TABLE offer_requests")
