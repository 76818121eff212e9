"""What a won deal came to: won, invoiced, paid and refunded, as both sides read it; nobody changes it."""

import walls
from alembic import op

revision = "0105"
down_revision = "0104"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _outlive()
    op.execute(
        """
        CREATE TABLE deal_revenues (
            id uuid CONSTRAINT pk_deal_revenues PRIMARY KEY,
            partnership_id uuid NOT NULL,
            first_organization_id uuid NOT NULL,
            second_organization_id uuid NOT NULL,
            deal_id uuid NOT NULL,
            product_line_id uuid,
            sourced_by uuid NOT NULL,
            influenced_by uuid,
            is_late boolean NOT NULL,
            organization_id uuid NOT NULL,
            kind text NOT NULL CONSTRAINT ck_deal_revenues_kind CHECK (kind IN ('won', 'invoiced', 'paid', 'refunded')),
            of_id uuid,
            reference text NOT NULL
                CONSTRAINT ck_deal_revenues_reference CHECK (reference ~ '^[A-Za-z0-9._/-]{0,40}$'),
            minor bigint NOT NULL CONSTRAINT ck_deal_revenues_minor CHECK (minor BETWEEN 1 AND 1000000000000000),
            currency text NOT NULL CONSTRAINT ck_deal_revenues_currency CHECK (currency ~ '^[A-Z]{3}$'),
            happened_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT uq_deal_revenues_deal UNIQUE (partnership_id, deal_id, id),
            CONSTRAINT ck_deal_revenues_side CHECK (organization_id IN (first_organization_id, second_organization_id)),
            CONSTRAINT ck_deal_revenues_of CHECK ((kind = 'refunded') = (of_id IS NOT NULL)),
            CONSTRAINT ck_deal_revenues_referred CHECK (kind NOT IN ('invoiced', 'paid') OR reference <> ''),
            CONSTRAINT fk_deal_revenues_sides FOREIGN KEY (partnership_id, first_organization_id, second_organization_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id),
            CONSTRAINT fk_deal_revenues_of FOREIGN KEY (partnership_id, deal_id, of_id)
                REFERENCES deal_revenues (partnership_id, deal_id, id)
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_deal_revenues_reference ON deal_revenues (partnership_id, deal_id, kind, reference)"
        " WHERE reference <> ''"
    )
    op.execute(
        "CREATE INDEX ix_deal_revenues_deal_id ON deal_revenues"
        " (partnership_id, first_organization_id, second_organization_id, deal_id)"
    )
    op.execute("CREATE INDEX ix_deal_revenues_of_id ON deal_revenues (partnership_id, deal_id, of_id)")
    op.execute("CREATE INDEX ix_deal_revenues_recorded ON deal_revenues (deal_id, happened_at, id)")
    for name in ("first_organization_id", "second_organization_id"):
        op.execute(f"CREATE INDEX ix_deal_revenues_{name} ON deal_revenues ({name}, happened_at, id)")
    op.execute(
        "CREATE TRIGGER recorded_now BEFORE INSERT ON deal_revenues FOR EACH ROW EXECUTE FUNCTION recorded_at_now()"
    )
    _covered()
    people = f"{walls.roles().app}, {walls.roles().worker}"
    walls.shared("deal_revenues", "first_organization_id", "second_organization_id")
    op.execute(
        f"CREATE POLICY own_adds ON deal_revenues AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (organization_id = (SELECT ctx_org()))"
    )
    walls.append_only("deal_revenues")
    walls.grant("deal_revenues", "SELECT, INSERT")


def _outlive() -> None:
    """Keep how a deal is shared and divided when a partnership ends and its deals go: people are paid by it."""
    for table in ("split_proposals", "split_agreements"):
        op.execute(
            f"""
            ALTER TABLE {table} DROP CONSTRAINT fk_{table}_deal,
                ADD CONSTRAINT fk_{table}_sides
                    FOREIGN KEY (partnership_id, first_organization_id, second_organization_id)
                    REFERENCES partnership_sides (partnership_id, organization_id, other_id)
            """
        )
    op.execute("ALTER TABLE split_divisions DROP CONSTRAINT fk_split_divisions_deal")
    # What nobody agreed to goes with the partnership, as it did with its deals.
    op.execute(f"GRANT DELETE ON split_proposals TO {walls.roles().steps}")
    op.execute(
        """
        CREATE FUNCTION splits_end() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        BEGIN
            DELETE FROM split_proposals c
            WHERE c.partnership_id = NEW.id
              AND NOT EXISTS (SELECT FROM split_agreements a
                              WHERE a.partnership_id = c.partnership_id AND a.proposal_id = c.id);
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER splits_end AFTER UPDATE OF status ON partnerships FOR EACH ROW"
        " WHEN (NEW.status = 'ended' AND OLD.status <> 'ended') EXECUTE FUNCTION splits_end()"
    )


def _covered() -> None:
    """Refuse a refund beyond what it undoes, and a deal that is won while it is."""
    op.execute(
        """
        CREATE FUNCTION revenue_is_covered() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        DECLARE
            undone deal_revenues;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended('deal_revenues ' || NEW.deal_id, 0));
            IF NEW.kind = 'refunded' THEN
                SELECT * INTO undone FROM deal_revenues r
                WHERE r.partnership_id = NEW.partnership_id AND r.deal_id = NEW.deal_id AND r.id = NEW.of_id;
                IF undone.kind = 'refunded' OR undone.currency <> NEW.currency OR undone.happened_at > NEW.happened_at
                   OR NEW.minor > undone.minor - (
                       SELECT coalesce(sum(r.minor), 0) FROM deal_revenues r
                       WHERE r.partnership_id = NEW.partnership_id AND r.deal_id = NEW.deal_id AND r.of_id = NEW.of_id
                   ) THEN
                    RAISE EXCEPTION 'a refund undoes no more than there is' USING ERRCODE = 'check_violation';
                END IF;
            ELSIF NEW.kind = 'won' AND EXISTS (
                SELECT FROM deal_revenues w
                WHERE w.partnership_id = NEW.partnership_id AND w.deal_id = NEW.deal_id AND w.kind = 'won'
                  AND w.minor > (
                      SELECT coalesce(sum(r.minor), 0) FROM deal_revenues r
                      WHERE r.partnership_id = w.partnership_id AND r.deal_id = w.deal_id AND r.of_id = w.id
                  )
            ) THEN
                RAISE EXCEPTION 'a deal is won once, until that is undone' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER is_covered BEFORE INSERT ON deal_revenues FOR EACH ROW EXECUTE FUNCTION revenue_is_covered()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE deal_revenues")
    op.execute("DROP FUNCTION revenue_is_covered()")
    op.execute("DROP TRIGGER splits_end ON partnerships")
    op.execute("DROP FUNCTION splits_end()")
    op.execute(f"REVOKE DELETE ON split_proposals FROM {walls.roles().steps}")
    for table in ("split_divisions", "split_agreements", "split_proposals"):
        op.execute(f"DELETE FROM {table} t WHERE NOT EXISTS (SELECT FROM deals d WHERE d.id = t.deal_id)")
    for table in ("split_proposals", "split_agreements"):
        op.execute(
            f"""
            ALTER TABLE {table} DROP CONSTRAINT fk_{table}_sides,
                ADD CONSTRAINT fk_{table}_deal
                    FOREIGN KEY (partnership_id, first_organization_id, second_organization_id, deal_id)
                    REFERENCES deals (partnership_id, first_organization_id, second_organization_id, id)
                    ON DELETE CASCADE
            """
        )
    op.execute(
        "ALTER TABLE split_divisions ADD CONSTRAINT fk_split_divisions_deal FOREIGN KEY (partnership_id, deal_id)"
        " REFERENCES deals (partnership_id, id) ON DELETE CASCADE"
    )
