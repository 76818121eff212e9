"""The steps of a mapping's epochs, which the worker alone takes, and what goes with a mapping, a copy, a partnership.

`matcher_lists` and `matcher_before` hand both sides' lists to the worker; `matcher_tell` writes what came of comparing
them in one transaction, for mappings that are still agreed by then.
"""

import erasing
import walls
from alembic import op

revision = "0066"
down_revision = "0065"

READ = ("accounts", "account_domains", "account_numbers", "partnerships", "partnership_members")
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
)
WORKERS = (
    "sweep_mappings(timestamptz)",
    "matcher_lists(uuid, timestamptz)",
    "matcher_before(uuid)",
    "matcher_tell(uuid, timestamptz, jsonb, uuid[], uuid[], uuid[], uuid[], uuid[])",
)
STANDING = "(SELECT count(*) FROM mapping_lifts l WHERE l.freeze_id = f.id) < 2"
LIVES = "status NOT IN ('paused', 'ended')"
COPIED = {
    "name": "a.name",
    "domain": """(SELECT min(d.domain) FROM account_domains d
                  WHERE d.organization_id = t.organization_id AND d.account_id = t.account_id AND d.kind = 'web')""",
    **{name: f"a.{name}" for name in ("city", "country", "industry", "size_band", "relationship")},
    "owner": """(SELECT m.id FROM partnership_members m
                 WHERE m.partnership_id = which AND m.organization_id = t.organization_id AND m.user_id = a.owner_id
                   AND m.left_at IS NULL)""",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    matcher = walls.roles().matcher
    for table in READ:
        walls.grant_to(matcher, table, "SELECT")
    _sweep()
    _lists()
    _before()
    _tell()
    for signature in WORKERS:
        walls.definer(matcher, signature)
        op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM {walls.roles().app}")
    _ends()
    _erasing()


def _erasing() -> None:
    steps = walls.roles().steps
    for table in ("mappings", "overlap_disclosures"):
        op.execute(f"CREATE POLICY for_{steps} ON {table} TO {steps} USING (true) WITH CHECK (true)")
    erasing.grant(erasing.OF_MAPPINGS)
    erasing.define(ERASED + erasing.OF_MAPPINGS)


def _sweep() -> None:
    op.execute(
        f"""
        CREATE FUNCTION sweep_mappings(before timestamptz) RETURNS TABLE (organization_id uuid, partnership_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT p.proposer_id, p.id FROM partnerships p
            WHERE p.{LIVES}
              AND EXISTS (SELECT FROM mappings m WHERE m.partnership_id = p.id AND m.status = 'agreed')
              AND NOT EXISTS (SELECT FROM mapping_epochs e WHERE e.partnership_id = p.id AND e.ran_at > before
                                AND NOT e.is_frozen)
              AND NOT EXISTS (SELECT FROM mapping_freezes f WHERE f.partnership_id = p.id AND {STANDING})
            ORDER BY p.id
        $$
        """
    )


def _lists() -> None:
    op.execute(
        """
        CREATE FUNCTION matcher_lists(which uuid, at timestamptz) RETURNS TABLE (
            organization_id uuid, account_id uuid, name text, domains text[], numbers text[], country text, city text,
            postal_code text, mapping_ids uuid[], is_ripe boolean, is_fictitious boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT a.organization_id, a.id, a.name,
                   ARRAY(SELECT DISTINCT d.domain FROM account_domains d
                         WHERE d.organization_id = a.organization_id AND d.account_id = a.id ORDER BY 1),
                   ARRAY(SELECT concat_ws('|', n.scheme, coalesce(n.country, ''), n.number) FROM account_numbers n
                         WHERE n.organization_id = a.organization_id AND n.account_id = a.id ORDER BY 1),
                   a.country, a.city, a.postal_code, coalesce(l.mapping_ids, '{}'), coalesce(l.ripe_at <= at, false),
                   a.seeded_for IS NOT NULL
            FROM accounts a
            LEFT JOIN mapping_listings l
              ON l.organization_id = a.organization_id AND l.account_id = a.id AND l.partnership_id = which
            WHERE (l.account_id IS NOT NULL AND a.seeded_for IS NULL OR a.seeded_for = which)
              AND a.organization_id IN (SELECT unnest(ARRAY[p.proposer_id, p.addressee_id])
                                        FROM partnerships p WHERE p.id = which)
            ORDER BY a.organization_id, a.id
        $$
        """
    )


def _before() -> None:
    op.execute(
        """
        CREATE FUNCTION matcher_before(which uuid) RETURNS jsonb
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
            SELECT jsonb_build_object(
                'epoch', coalesce((SELECT max(e.number) FROM mapping_epochs e WHERE e.partnership_id = which), 0) + 1,
                'secret', (SELECT encode(s.secret, 'hex') FROM mapping_secrets s WHERE s.partnership_id = which),
                'tiers', (SELECT coalesce(jsonb_object_agg(m.id, m.tier), '{}') FROM mappings m
                          WHERE m.partnership_id = which AND m.status = 'agreed'),
                'told', (SELECT coalesce(jsonb_object_agg(t.mapping_id, jsonb_build_array(t.count, t.epoch)), '{}')
                         FROM mapping_tallies t WHERE t.partnership_id = which),
                'joints', (SELECT coalesce(jsonb_agg(jsonb_build_array(j.id, j.mapping_id, j.since,
                               ARRAY(SELECT c.account_id FROM cluster_members c WHERE c.partnership_id = which
                                     AND c.cluster_id = j.id AND c.organization_id = j.first_organization_id),
                               ARRAY(SELECT c.account_id FROM cluster_members c WHERE c.partnership_id = which
                                     AND c.cluster_id = j.id AND c.organization_id = j.second_organization_id))), '[]')
                           FROM joint_clusters j WHERE j.partnership_id = which),
                'changed', (SELECT coalesce(jsonb_agg(jsonb_build_array(s.organization_id, s.mapping_id)), '[]')
                            FROM mapping_sides s
                            WHERE s.partnership_id = which AND s.compared_digest IS DISTINCT FROM s.listed_digest),
                'takes', (SELECT coalesce(jsonb_agg(jsonb_build_array(
                                     t.organization_id, t.taken_at, t.came, t.went, t.compared) ORDER BY t.taken_at), '[]')
                          FROM mapping_takes t WHERE t.partnership_id = which),
                'lifted', (SELECT coalesce(jsonb_agg(jsonb_build_array(f.about_id, f.wire, l.lifted_at)), '[]')
                           FROM mapping_freezes f
                           CROSS JOIN LATERAL (SELECT max(i.lifted_at) AS lifted_at, count(*) AS hands
                                               FROM mapping_lifts i WHERE i.freeze_id = f.id) l
                           WHERE f.partnership_id = which AND l.hands = 2))
        $$
        """
    )


def _tell() -> None:
    op.execute(
        f"""
        CREATE FUNCTION matcher_tell(which uuid, at timestamptz, told jsonb, joints uuid[], of_mappings uuid[],
                                     clusters uuid[], sides uuid[], accounts_in uuid[]) RETURNS boolean
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            one uuid;
            other uuid;
            epoch uuid := gen_random_uuid();
            present bigint := (told->>'epoch')::bigint;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended('mapping/' || which, 0));
            -- Whoever stops a mapping meanwhile waits, and then takes away what is written here.
            PERFORM FROM mappings WHERE partnership_id = which AND status = 'agreed' ORDER BY id FOR SHARE;
            SELECT least(proposer_id, addressee_id), greatest(proposer_id, addressee_id) INTO one, other
            FROM partnerships WHERE id = which AND {LIVES};
            IF NOT FOUND OR EXISTS (SELECT FROM mapping_epochs WHERE partnership_id = which AND number >= present)
               OR EXISTS (SELECT FROM mapping_freezes f WHERE f.partnership_id = which AND {STANDING}) THEN
                RETURN false;
            END IF;
            {_epoch()}
            {_joints()}
            {_copies()}
            RETURN true;
        END $$
        """
    )


def _epoch() -> str:
    return """INSERT INTO mapping_epochs (id, partnership_id, first_organization_id, second_organization_id, number, ran_at,
                                        is_frozen, first_listed, second_listed, first_changed, second_changed)
            SELECT epoch, which, one, other, present, at, jsonb_array_length(told->'freezes') > 0,
                   (told->'listed'->>0)::bigint, (told->'listed'->>1)::bigint, (told->'changed'->>0)::bigint,
                   (told->'changed'->>1)::bigint;
            INSERT INTO mapping_freezes (id, partnership_id, first_organization_id, second_organization_id, about_id,
                                         wire, frozen_at)
            SELECT gen_random_uuid(), which, one, other, (f->>0)::uuid, f->>1, at
            FROM jsonb_array_elements(told->'freezes') AS f;
            IF jsonb_array_length(told->'freezes') > 0 THEN
                RETURN true;
            END IF;
            INSERT INTO mapping_cells (epoch_id, mapping_id, partnership_id, first_organization_id,
                                       second_organization_id, least, most, added, gone)
            SELECT epoch, m.id, which, one, other, (c->>1)::bigint, (c->>2)::bigint, (c->>3)::bigint, (c->>4)::bigint
            FROM jsonb_array_elements(told->'cells') AS c
            JOIN mappings m ON m.id = (c->>0)::uuid AND m.partnership_id = which AND m.status = 'agreed';
            INSERT INTO mapping_tallies AS t (mapping_id, partnership_id, count, epoch)
            SELECT m.id, which, (c->>5)::bigint, (c->>6)::bigint
            FROM jsonb_array_elements(told->'cells') AS c
            JOIN mappings m ON m.id = (c->>0)::uuid AND m.partnership_id = which AND m.status = 'agreed'
            ON CONFLICT (mapping_id) DO UPDATE SET count = excluded.count, epoch = excluded.epoch;
            UPDATE mapping_sides s SET compared_digest = s.listed_digest
            FROM jsonb_array_elements(told->'compared') AS c
            WHERE s.partnership_id = which AND s.organization_id = (c->>0)::uuid AND s.mapping_id = (c->>1)::uuid;
            UPDATE mapping_takes t SET compared = spent.lists
            FROM (SELECT (c->>0)::uuid AS side, count(*) AS lists FROM jsonb_array_elements(told->'spent') AS c
                  GROUP BY 1) AS spent
            WHERE t.partnership_id = which AND t.organization_id = spent.side AND t.taken_at = (
                SELECT max(u.taken_at) FROM mapping_takes u
                WHERE u.partnership_id = which AND u.organization_id = spent.side);"""


def _joints() -> str:
    """Return what keeps the companies told of: those that go on keep their row, members are added before others go."""
    return """DELETE FROM joint_clusters j
            WHERE j.partnership_id = which AND j.id NOT IN (SELECT unnest(joints));
            INSERT INTO joint_clusters (id, partnership_id, first_organization_id, second_organization_id, mapping_id,
                                        since, told_at)
            SELECT j.id, which, one, other, m.id, present, at
            FROM unnest(joints, of_mappings) AS j (id, mapping_id)
            JOIN mappings m ON m.id = j.mapping_id AND m.partnership_id = which AND m.status = 'agreed'
            ON CONFLICT (id) DO NOTHING;
            INSERT INTO cluster_members (cluster_id, account_id, organization_id, partnership_id)
            SELECT j.id, c.account_id, c.side, which
            FROM unnest(clusters, sides, accounts_in) AS c (cluster_id, side, account_id)
            JOIN joint_clusters j ON j.id = c.cluster_id AND j.partnership_id = which
            JOIN accounts a ON a.organization_id = c.side AND a.id = c.account_id AND c.side IN (one, other)
            ON CONFLICT DO NOTHING;
            DELETE FROM cluster_members c
            WHERE c.partnership_id = which AND (c.cluster_id, c.account_id) NOT IN (
                SELECT * FROM unnest(clusters, accounts_in));"""


def _copies() -> str:
    """Return what copies exactly the agreed fields anew: of what both have, and at the last tier of what one has."""
    columns = ", ".join("owner_member_id" if name == "owner" else name for name in COPIED)
    values = ", ".join(f"CASE WHEN '{name}' = ANY (t.shown) THEN {value} END" for name, value in COPIED.items())
    return f"""DELETE FROM disclosed_accounts WHERE partnership_id = which;
            WITH told_of AS MATERIALIZED (
                SELECT gen_random_uuid() AS id, m.id AS mapping_id, m.shown, j.id AS cluster_id, j.told_at,
                       c.organization_id, c.account_id
                FROM mappings m
                JOIN joint_clusters j ON j.partnership_id = which AND j.mapping_id = m.id
                JOIN cluster_members c ON c.partnership_id = which AND c.cluster_id = j.id
                WHERE m.partnership_id = which AND m.status = 'agreed' AND m.tier IN ('overlaps_with_fields', 'only_yours')
                UNION ALL
                SELECT gen_random_uuid(), m.id, m.shown, NULL, at, l.organization_id, l.account_id
                FROM mappings m
                JOIN mapping_listings l ON l.partnership_id = which AND m.id = ANY (l.mapping_ids) AND l.ripe_at <= at
                WHERE m.partnership_id = which AND m.status = 'agreed' AND m.tier = 'only_yours' AND NOT EXISTS (
                    SELECT FROM joint_clusters j JOIN cluster_members c ON c.partnership_id = which AND c.cluster_id = j.id
                    WHERE j.partnership_id = which AND j.mapping_id = m.id
                      AND c.organization_id = l.organization_id AND c.account_id = l.account_id)
            ), kept AS (
                INSERT INTO disclosed_accounts (disclosure_id, account_id, organization_id, partnership_id)
                SELECT t.id, t.account_id, t.organization_id, which FROM told_of t
            )
            INSERT INTO overlap_disclosures (id, discloser_id, receiver_id, partnership_id, mapping_id, cluster_id,
                                             disclosed_at, {columns})
            SELECT t.id, t.organization_id, CASE t.organization_id WHEN one THEN other ELSE one END, which, t.mapping_id,
                   t.cluster_id, t.told_at, {values}
            FROM told_of t JOIN accounts a ON a.organization_id = t.organization_id AND a.id = t.account_id;"""


def _ends() -> None:
    """Keep a secret with a partnership's first mapping; take what was told away with mapping, account, partnership."""
    _trigger(
        "mappings_begin",
        "AFTER INSERT ON mappings FOR EACH ROW",
        """INSERT INTO mapping_secrets (partnership_id, secret)
            VALUES (NEW.partnership_id, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))
            ON CONFLICT DO NOTHING;""",
    )
    _trigger(
        "mappings_stop",
        "AFTER UPDATE OF status ON mappings FOR EACH ROW WHEN (NEW.status = 'stopped' AND OLD.status <> 'stopped')",
        """DELETE FROM disclosed_accounts d USING overlap_disclosures o
            WHERE o.partnership_id = NEW.partnership_id AND o.mapping_id = NEW.id
              AND d.organization_id = o.discloser_id AND d.disclosure_id = o.id;
            DELETE FROM joint_clusters WHERE partnership_id = NEW.partnership_id AND mapping_id = NEW.id;
            DELETE FROM mapping_cells WHERE partnership_id = NEW.partnership_id AND mapping_id = NEW.id;
            DELETE FROM mapping_tallies WHERE partnership_id = NEW.partnership_id AND mapping_id = NEW.id;
            DELETE FROM mapping_sides WHERE partnership_id = NEW.partnership_id AND mapping_id = NEW.id;
            DELETE FROM mapping_listings
            WHERE partnership_id = NEW.partnership_id AND mapping_ids <@ ARRAY[NEW.id];
            UPDATE mapping_listings SET mapping_ids = array_remove(mapping_ids, NEW.id)
            WHERE partnership_id = NEW.partnership_id AND NEW.id = ANY (mapping_ids);""",
    )
    _trigger(
        "clusters_end",
        "AFTER DELETE ON cluster_members FOR EACH ROW",
        """DELETE FROM joint_clusters j
            WHERE j.partnership_id = OLD.partnership_id AND j.id = OLD.cluster_id AND NOT EXISTS (
                SELECT FROM cluster_members c WHERE c.organization_id = OLD.organization_id
                  AND c.cluster_id = OLD.cluster_id);""",
    )
    _trigger(
        "mappings_end",
        "AFTER UPDATE OF status ON partnerships FOR EACH ROW WHEN (NEW.status = 'ended' AND OLD.status <> 'ended')",
        " ".join(
            f"DELETE FROM {table} WHERE partnership_id = NEW.id;"
            for table in (
                *("mappings", "disclosed_accounts", "mapping_listings", "mapping_takes"),
                *("mapping_epochs", "mapping_freezes", "mapping_secrets"),
            )
        ),
    )


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
    walls.definer(walls.roles().matcher, f"{name}()")
    op.execute(f"REVOKE EXECUTE ON FUNCTION {name}() FROM {walls.roles().app}, {walls.roles().worker}")
    op.execute(f"CREATE TRIGGER {name} {moment} EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    matcher = walls.roles().matcher
    erasing.define(ERASED)
    erasing.revoke(erasing.OF_MAPPINGS)
    for table in ("mappings", "overlap_disclosures"):
        op.execute(f"DROP POLICY for_{walls.roles().steps} ON {table}")
    op.execute("DROP TRIGGER mappings_end ON partnerships")
    op.execute("DROP TRIGGER clusters_end ON cluster_members")
    for name in ("mappings_stop", "mappings_begin"):
        op.execute(f"DROP TRIGGER {name} ON mappings")
    for name in ("mappings_end()", "clusters_end()", "mappings_stop()", "mappings_begin()", *reversed(WORKERS)):
        op.execute(f"DROP FUNCTION {name}")
    for table in READ:
        op.execute(f"DROP POLICY for_{matcher} ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM {matcher}")
