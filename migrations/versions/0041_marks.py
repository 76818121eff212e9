"""Marks by which leads of one company, and of one need, are told to belong together; nobody reads them.

A mark is a hash under a secret of the partnership, kept when the details are gone; it ends in figures alone. When a
partnership ends its secret goes, and with it whatever could lead from a mark to a name.
"""

import walls
from alembic import op

revision = "0041"
down_revision = "0040"

MARKED = """
    INSERT INTO offer_marks (offer_id, partnership_id, giver_id, receiver_id, company_mark, need_mark)
    SELECT d.offer_id, d.partnership_id, d.giver_id, d.receiver_id,
           sha256(s.salt || convert_to(split_part(d.company_key, '|', 1), 'UTF8')),
           sha256(s.salt || convert_to(d.company_key, 'UTF8'))
    FROM offer_details d JOIN partnership_salts s USING (partnership_id)
"""
SALTED = """
    INSERT INTO partnership_salts (partnership_id, salt)
    SELECT {which}, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _tables()
    _marking()
    _forgetting()
    _figures()
    _what_stands_already()


def _tables() -> None:
    op.execute(
        """
        CREATE TABLE partnership_salts (
            partnership_id uuid CONSTRAINT pk_partnership_salts PRIMARY KEY
                CONSTRAINT fk_partnership_salts_partnership_id REFERENCES partnerships,
            salt bytea NOT NULL CONSTRAINT ck_partnership_salts_salt CHECK (length(salt) = 32)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE offer_marks (
            offer_id uuid CONSTRAINT pk_offer_marks PRIMARY KEY,
            partnership_id uuid NOT NULL,
            giver_id uuid NOT NULL,
            receiver_id uuid NOT NULL,
            company_mark bytea NOT NULL,
            need_mark bytea NOT NULL,
            CONSTRAINT fk_offer_marks_offer FOREIGN KEY (partnership_id, giver_id, receiver_id, offer_id)
                REFERENCES offers (partnership_id, giver_id, receiver_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_offer_marks_partnership_id_need_mark ON offer_marks (partnership_id, need_mark)")
    steps = walls.roles().steps
    walls.wall("partnership_salts", "false")
    walls.grant_to(steps, "partnership_salts", "SELECT, INSERT, DELETE")
    walls.wall("offer_marks", "false")
    walls.grant_to(steps, "offer_marks", "SELECT, INSERT")
    for table in ("lead_steps", "lead_contests"):
        walls.grant_to(steps, table, "SELECT")


def _trigger(name: str, moment: str, body: str) -> None:
    op.execute(
        f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            {body}
            RETURN NULL;
        END $$
        """
    )
    walls.definer(walls.roles().steps, f"{name}()")
    op.execute(f"REVOKE EXECUTE ON FUNCTION {name}() FROM {walls.roles().app}, {walls.roles().worker}")
    op.execute(f"CREATE TRIGGER {name} {moment} EXECUTE FUNCTION {name}()")


def _marking() -> None:
    _trigger(
        "offers_are_marked",
        "AFTER INSERT ON offer_details FOR EACH ROW",
        f"""
            IF NOT EXISTS (SELECT FROM partnership_salts WHERE partnership_id = NEW.partnership_id) THEN
                {SALTED.format(which="NEW.partnership_id")} ON CONFLICT DO NOTHING;
            END IF;
            {MARKED} WHERE d.offer_id = NEW.offer_id;
        """,
    )


def _forgetting() -> None:
    _trigger(
        "salts_end",
        "AFTER UPDATE OF status ON partnerships FOR EACH ROW WHEN (NEW.status = 'ended')",
        "DELETE FROM partnership_salts WHERE partnership_id = NEW.id;",
    )


def _figures() -> None:
    """Give either side how many clusters of which size there are; offers without a mark are alone."""
    op.execute(
        """
        CREATE FUNCTION step_lead_clusters(which uuid, at timestamptz)
        RETURNS TABLE (month text, giver_id uuid, step text, size bigint, clusters bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT c.month, c.giver_id, c.step, c.size, count(*) FROM (
                SELECT to_char(timezone('UTC', s.happened_at), 'YYYY-MM') AS month, s.giver_id,
                       CASE s.step WHEN 'disqualified' THEN 'qualified' ELSE s.step END AS step, count(*) AS size
                FROM lead_steps s LEFT JOIN offer_marks m USING (offer_id)
                WHERE s.partnership_id = which AND s.recorded_at <= at
                  AND (SELECT ctx_org()) IN (s.giver_id, s.receiver_id)
                  AND (s.step IN ('accepted', 'qualified', 'won')
                       OR s.step = 'offered' AND NOT EXISTS (
                           SELECT FROM lead_steps w
                           WHERE w.offer_id = s.offer_id AND w.step = 'withdrawn' AND w.recorded_at <= at)
                       OR s.step = 'disqualified' AND EXISTS (
                           SELECT FROM lead_contests k
                           WHERE k.offer_id = s.offer_id AND k.step = 'corrected' AND k.recorded_at <= at))
                GROUP BY 1, 2, 3, coalesce(m.company_mark, uuid_send(s.offer_id))
            ) AS c
            GROUP BY 1, 2, 3, 4
        $$
        """
    )
    walls.definer(walls.roles().steps, "step_lead_clusters(uuid, timestamptz)")


def _what_stands_already() -> None:
    """Mark what stands since before; the owner sees the rows only while the walls are not forced on it."""
    tables = ("offers", "offer_details", "partnerships", "partnership_salts", "offer_marks")
    for table in tables:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"{SALTED.format(which='id')} FROM partnerships WHERE status <> 'ended'")
    op.execute(MARKED)
    for table in tables:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    steps = walls.roles().steps
    op.execute("DROP FUNCTION step_lead_clusters(uuid, timestamptz)")
    for trigger, table in (("salts_end", "partnerships"), ("offers_are_marked", "offer_details")):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
        op.execute(f"DROP FUNCTION {trigger}()")
    for table in ("lead_steps", "lead_contests"):
        op.execute(f"DROP POLICY for_{steps} ON {table}")
        op.execute(f"REVOKE SELECT ON {table} FROM {steps}")
    op.execute("DROP TABLE offer_marks")
    op.execute("DROP TABLE partnership_salts")
