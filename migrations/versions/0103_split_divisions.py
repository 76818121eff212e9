"""How a side divides its own share of a deal among its own people, by version: its own alone, changed by nobody."""

import walls
from alembic import op

revision = "0103"
down_revision = "0102"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE split_divisions (
            organization_id uuid NOT NULL,
            deal_id uuid NOT NULL,
            version bigint NOT NULL CONSTRAINT ck_split_divisions_version CHECK (version >= 1),
            partnership_id uuid NOT NULL,
            whole bigint NOT NULL CONSTRAINT ck_split_divisions_whole CHECK (whole BETWEEN 1 AND 1000000000000),
            set_by uuid NOT NULL,
            effective_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT pk_split_divisions PRIMARY KEY (organization_id, deal_id, version),
            CONSTRAINT fk_split_divisions_deal FOREIGN KEY (partnership_id, deal_id)
                REFERENCES deals (partnership_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_split_divisions_side FOREIGN KEY (partnership_id, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id),
            CONSTRAINT fk_split_divisions_set_by FOREIGN KEY (organization_id, set_by)
                REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_split_divisions_deal_id ON split_divisions (partnership_id, deal_id)")
    op.execute("CREATE INDEX ix_split_divisions_side ON split_divisions (partnership_id, organization_id)")
    op.execute("CREATE INDEX ix_split_divisions_set_by ON split_divisions (organization_id, set_by)")
    op.execute(
        "CREATE TRIGGER recorded_now BEFORE INSERT ON split_divisions FOR EACH ROW EXECUTE FUNCTION recorded_at_now()"
    )
    op.execute(
        """
        CREATE TABLE split_participants (
            organization_id uuid NOT NULL,
            deal_id uuid NOT NULL,
            version bigint NOT NULL,
            partnership_id uuid NOT NULL,
            user_id uuid NOT NULL,
            parts bigint NOT NULL CONSTRAINT ck_split_participants_parts CHECK (parts >= 1),
            CONSTRAINT pk_split_participants PRIMARY KEY (organization_id, deal_id, version, user_id),
            CONSTRAINT fk_split_participants_division FOREIGN KEY (organization_id, deal_id, version)
                REFERENCES split_divisions (organization_id, deal_id, version) ON DELETE CASCADE,
            CONSTRAINT fk_split_participants_side FOREIGN KEY (partnership_id, organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id),
            CONSTRAINT fk_split_participants_user FOREIGN KEY (organization_id, user_id)
                REFERENCES users (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_split_participants_side ON split_participants (partnership_id, organization_id)")
    op.execute("CREATE INDEX ix_split_participants_user_id ON split_participants (organization_id, user_id)")
    for table in ("split_divisions", "split_participants"):
        walls.owned(table)
        walls.grant(table, "SELECT, INSERT")
    _whole()


def _whole() -> None:
    """Refuse, when the transaction ends, a division whose parts are not exactly the whole, or of too many."""
    op.execute(
        """
        CREATE FUNCTION division_is_whole() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            IF (SELECT (coalesce(sum(p.parts), 0) <> d.whole) OR count(*) > 200
                FROM split_divisions d
                LEFT JOIN split_participants p USING (organization_id, deal_id, version)
                WHERE (d.organization_id, d.deal_id, d.version) = (NEW.organization_id, NEW.deal_id, NEW.version)
                GROUP BY d.whole) THEN
                RAISE EXCEPTION 'the parts of a division are exactly its whole' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    for table in ("split_divisions", "split_participants"):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER is_whole AFTER INSERT OR UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION division_is_whole()"
        )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("split_participants", "split_divisions"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION division_is_whole()")
