"""Mappings of accounts: which populations two sides compare at which tier, each side's lists, and what epochs tell."""

import walls
from alembic import op

revision = "0065"
down_revision = "0064"

TIERS = ("hidden", "counts", "overlaps", "overlaps_with_fields", "only_yours")
FIELDS = "'name', 'domain', 'city', 'country', 'industry', 'size_band', 'relationship', 'owner'"
WIRES = "'match_ratio', 'list_growth', 'fictitious'"
BOTH = "first_organization_id uuid NOT NULL, second_organization_id uuid NOT NULL"
OF_BOTH = "(partnership_id, first_organization_id, second_organization_id)"
SIDE = """
    partnership_id uuid NOT NULL,
    organization_id uuid NOT NULL,
    other_id uuid NOT NULL,
    CONSTRAINT fk_{table}_side FOREIGN KEY (partnership_id, organization_id, other_id)
        REFERENCES partnership_sides (partnership_id, organization_id, other_id)
"""
OWN = """
    organization_id uuid NOT NULL,
    partnership_id uuid NOT NULL,
    CONSTRAINT fk_{table}_side FOREIGN KEY (partnership_id, organization_id)
        REFERENCES partnership_sides (partnership_id, organization_id)
"""
OF_MAPPING = "FOREIGN KEY (partnership_id, mapping_id) REFERENCES mappings (partnership_id, id) ON DELETE CASCADE"
OF_ACCOUNT = "FOREIGN KEY (organization_id, account_id) REFERENCES accounts (organization_id, id) ON DELETE CASCADE"
SHARED_BY_BOTH = ("mapping_epochs", "mapping_cells", "joint_clusters", "mapping_freezes")
OWNED = ("mapping_sides", "mapping_listings", "mapping_takes", "cluster_members", "disclosed_accounts")
# What the owner of an epoch's steps does with each.
MATCHER = {
    "mapping_lifts": "SELECT",
    "mappings": "SELECT, UPDATE, DELETE",
    "mapping_sides": "SELECT, UPDATE, DELETE",
    "mapping_listings": "SELECT, UPDATE, DELETE",
    "mapping_takes": "SELECT, UPDATE, DELETE",
    "mapping_tallies": "SELECT, INSERT, UPDATE, DELETE",
    "mapping_secrets": "SELECT, INSERT, DELETE",
    "overlap_disclosures": "SELECT, INSERT",
    **dict.fromkeys(
        ("mapping_epochs", "mapping_cells", "mapping_freezes", "joint_clusters", "cluster_members"),
        "SELECT, INSERT, DELETE",
    ),
    "disclosed_accounts": "SELECT, INSERT, DELETE",
}
TABLES = (
    *("mapping_lifts", "mapping_freezes", "overlap_disclosures", "disclosed_accounts", "cluster_members"),
    *(
        "joint_clusters",
        "mapping_secrets",
        "mapping_tallies",
        "mapping_cells",
        "mapping_epochs",
        "mapping_takes",
        "mapping_listings",
    ),
    *("mapping_sides", "mappings"),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _mappings()
    _lists()
    _epochs()
    _clusters()
    _disclosures()
    _freezes()
    _walls()
    _consented()


def _mappings() -> None:
    tiers = ", ".join(f"'{tier}'" for tier in TIERS)
    op.execute(
        f"""
        CREATE TABLE mappings (
            id uuid CONSTRAINT pk_mappings PRIMARY KEY,
            {SIDE.format(table="mappings")},
            label text NOT NULL CONSTRAINT ck_mappings_label CHECK (length(label) BETWEEN 1 AND 80),
            other_label text CONSTRAINT ck_mappings_other_label CHECK (length(other_label) BETWEEN 1 AND 80),
            tier text NOT NULL CONSTRAINT ck_mappings_tier CHECK (tier IN ({tiers})),
            shown text[] NOT NULL CONSTRAINT ck_mappings_shown CHECK (shown <@ ARRAY[{FIELDS}]),
            status text NOT NULL CONSTRAINT ck_mappings_status
                CHECK (status IN ('proposed', 'agreed', 'declined', 'withdrawn', 'stopped')),
            proposed_at timestamptz NOT NULL,
            answered_at timestamptz,
            stopped_at timestamptz,
            stopped_by uuid,
            CONSTRAINT uq_mappings_partnership_id_id UNIQUE (partnership_id, id),
            CONSTRAINT ck_mappings_answered CHECK ((status = 'proposed') = (answered_at IS NULL)),
            CONSTRAINT ck_mappings_agreed CHECK (status NOT IN ('agreed', 'stopped') OR other_label IS NOT NULL),
            CONSTRAINT ck_mappings_stopped CHECK (num_nonnulls(stopped_at, stopped_by) IN (0, 2)
                AND (status = 'stopped') = (stopped_at IS NOT NULL)),
            CONSTRAINT ck_mappings_told CHECK (
                (tier IN ('overlaps_with_fields', 'only_yours')) = (cardinality(shown) > 0))
        )
        """
    )
    op.execute("CREATE INDEX ix_mappings_partnership_id ON mappings (partnership_id, proposed_at, id)")


def _lists() -> None:
    """Say, for each side alone, which population a mapping takes, what its lists were, and how they changed."""
    op.execute(
        f"""
        CREATE TABLE mapping_sides (
            mapping_id uuid NOT NULL,
            {OWN.format(table="mapping_sides")},
            population_id uuid NOT NULL,
            listed_digest bytea,
            compared_digest bytea,
            CONSTRAINT pk_mapping_sides PRIMARY KEY (organization_id, mapping_id),
            CONSTRAINT fk_mapping_sides_mapping {OF_MAPPING},
            CONSTRAINT fk_mapping_sides_population FOREIGN KEY (organization_id, population_id)
                REFERENCES populations (organization_id, id)
        )
        """
    )
    op.execute("CREATE INDEX ix_mapping_sides_mapping_id ON mapping_sides (partnership_id, mapping_id)")
    op.execute("CREATE INDEX ix_mapping_sides_population_id ON mapping_sides (organization_id, population_id)")
    op.execute(
        f"""
        CREATE TABLE mapping_listings (
            account_id uuid NOT NULL,
            {OWN.format(table="mapping_listings")},
            mapping_ids uuid[] NOT NULL,
            fingerprint bytea NOT NULL,
            ripe_at timestamptz NOT NULL,
            CONSTRAINT pk_mapping_listings PRIMARY KEY (organization_id, partnership_id, account_id),
            CONSTRAINT fk_mapping_listings_account {OF_ACCOUNT}
        )
        """
    )
    op.execute("CREATE INDEX ix_mapping_listings_account_id ON mapping_listings (organization_id, account_id)")
    op.execute(
        f"""
        CREATE TABLE mapping_takes (
            id uuid CONSTRAINT pk_mapping_takes PRIMARY KEY,
            {OWN.format(table="mapping_takes")},
            listed bigint NOT NULL CONSTRAINT ck_mapping_takes_listed CHECK (listed >= 0),
            came bigint NOT NULL CONSTRAINT ck_mapping_takes_came CHECK (came >= 0),
            went bigint NOT NULL CONSTRAINT ck_mapping_takes_went CHECK (went >= 0),
            compared bigint NOT NULL DEFAULT 0 CONSTRAINT ck_mapping_takes_compared CHECK (compared >= 0),
            taken_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_mapping_takes_partnership_id ON mapping_takes (organization_id, partnership_id, taken_at)"
    )


def _epochs() -> None:
    """Keep what both sides read of each epoch; what a band was told from neither of them reads."""
    op.execute(
        f"""
        CREATE TABLE mapping_epochs (
            id uuid CONSTRAINT pk_mapping_epochs PRIMARY KEY,
            partnership_id uuid NOT NULL CONSTRAINT fk_mapping_epochs_partnership_id REFERENCES partnerships,
            {BOTH},
            number bigint NOT NULL CONSTRAINT ck_mapping_epochs_number CHECK (number > 0),
            ran_at timestamptz NOT NULL,
            is_frozen boolean NOT NULL,
            first_listed bigint NOT NULL,
            second_listed bigint NOT NULL,
            first_changed bigint NOT NULL,
            second_changed bigint NOT NULL,
            CONSTRAINT uq_mapping_epochs_partnership_id_number UNIQUE (partnership_id, number),
            CONSTRAINT uq_mapping_epochs_partnership_id_id UNIQUE (partnership_id, id)
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE mapping_cells (
            epoch_id uuid NOT NULL,
            mapping_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            {BOTH},
            least bigint NOT NULL CONSTRAINT ck_mapping_cells_least CHECK (least >= 0),
            most bigint CONSTRAINT ck_mapping_cells_most CHECK (most >= least),
            added bigint NOT NULL CONSTRAINT ck_mapping_cells_added CHECK (added >= 0),
            gone bigint NOT NULL CONSTRAINT ck_mapping_cells_gone CHECK (gone >= 0),
            CONSTRAINT pk_mapping_cells PRIMARY KEY (epoch_id, mapping_id),
            CONSTRAINT fk_mapping_cells_mapping {OF_MAPPING},
            CONSTRAINT fk_mapping_cells_epoch FOREIGN KEY (partnership_id, epoch_id)
                REFERENCES mapping_epochs (partnership_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_mapping_cells_mapping_id ON mapping_cells (partnership_id, mapping_id)")
    op.execute(
        f"""
        CREATE TABLE mapping_tallies (
            mapping_id uuid CONSTRAINT pk_mapping_tallies PRIMARY KEY,
            partnership_id uuid NOT NULL,
            count bigint NOT NULL,
            epoch bigint NOT NULL,
            CONSTRAINT fk_mapping_tallies_mapping {OF_MAPPING}
        )
        """
    )
    op.execute("CREATE INDEX ix_mapping_tallies_mapping_id ON mapping_tallies (partnership_id, mapping_id)")
    op.execute(
        """
        CREATE TABLE mapping_secrets (
            partnership_id uuid CONSTRAINT pk_mapping_secrets PRIMARY KEY
                CONSTRAINT fk_mapping_secrets_partnership_id REFERENCES partnerships,
            secret bytea NOT NULL CONSTRAINT ck_mapping_secrets_secret CHECK (length(secret) = 32)
        )
        """
    )


def _clusters() -> None:
    op.execute(
        f"""
        CREATE TABLE joint_clusters (
            id uuid CONSTRAINT pk_joint_clusters PRIMARY KEY,
            partnership_id uuid NOT NULL,
            {BOTH},
            mapping_id uuid NOT NULL,
            since bigint NOT NULL,
            told_at timestamptz NOT NULL,
            CONSTRAINT uq_joint_clusters_partnership_id_id UNIQUE (partnership_id, id),
            CONSTRAINT fk_joint_clusters_mapping {OF_MAPPING}
        )
        """
    )
    op.execute("CREATE INDEX ix_joint_clusters_mapping_id ON joint_clusters (partnership_id, mapping_id, told_at, id)")
    op.execute(
        f"""
        CREATE TABLE cluster_members (
            cluster_id uuid NOT NULL,
            account_id uuid NOT NULL,
            {OWN.format(table="cluster_members")},
            CONSTRAINT pk_cluster_members PRIMARY KEY (organization_id, cluster_id, account_id),
            CONSTRAINT fk_cluster_members_cluster FOREIGN KEY (partnership_id, cluster_id)
                REFERENCES joint_clusters (partnership_id, id) ON DELETE CASCADE,
            CONSTRAINT fk_cluster_members_account {OF_ACCOUNT}
        )
        """
    )
    op.execute("CREATE INDEX ix_cluster_members_cluster_id ON cluster_members (partnership_id, cluster_id)")
    op.execute("CREATE INDEX ix_cluster_members_account_id ON cluster_members (organization_id, account_id)")


def _disclosures() -> None:
    """Copy what is disclosed into rows both read; which account each is a copy of, its own side alone knows."""
    op.execute(
        f"""
        CREATE TABLE disclosed_accounts (
            disclosure_id uuid NOT NULL,
            account_id uuid NOT NULL,
            {OWN.format(table="disclosed_accounts")},
            CONSTRAINT pk_disclosed_accounts PRIMARY KEY (organization_id, disclosure_id),
            CONSTRAINT fk_disclosed_accounts_account {OF_ACCOUNT}
        )
        """
    )
    op.execute("CREATE INDEX ix_disclosed_accounts_account_id ON disclosed_accounts (organization_id, account_id)")
    op.execute("CREATE INDEX ix_disclosed_accounts_partnership_id ON disclosed_accounts (partnership_id)")
    op.execute(
        f"""
        CREATE TABLE overlap_disclosures (
            id uuid CONSTRAINT pk_overlap_disclosures PRIMARY KEY,
            discloser_id uuid NOT NULL,
            receiver_id uuid NOT NULL,
            partnership_id uuid NOT NULL,
            mapping_id uuid NOT NULL,
            cluster_id uuid,
            name text,
            domain text,
            city text,
            country text,
            industry text,
            size_band text,
            relationship text,
            owner_member_id uuid,
            disclosed_at timestamptz NOT NULL,
            CONSTRAINT fk_overlap_disclosures_sides FOREIGN KEY (partnership_id, discloser_id, receiver_id)
                REFERENCES partnership_sides (partnership_id, organization_id, other_id),
            CONSTRAINT fk_overlap_disclosures_account FOREIGN KEY (discloser_id, id)
                REFERENCES disclosed_accounts (organization_id, disclosure_id) ON DELETE CASCADE,
            CONSTRAINT fk_overlap_disclosures_mapping {OF_MAPPING},
            CONSTRAINT fk_overlap_disclosures_cluster FOREIGN KEY (partnership_id, cluster_id)
                REFERENCES joint_clusters (partnership_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_overlap_disclosures_discloser_id ON overlap_disclosures (discloser_id, id)")
    op.execute("CREATE INDEX ix_overlap_disclosures_cluster_id ON overlap_disclosures (partnership_id, cluster_id)")
    op.execute(
        "CREATE INDEX ix_overlap_disclosures_mapping_id ON overlap_disclosures (partnership_id, mapping_id, name, id)"
    )


def _freezes() -> None:
    """Stop everything until a manager of either side has lifted it; the two hands are rows of their own."""
    op.execute(
        f"""
        CREATE TABLE mapping_freezes (
            id uuid CONSTRAINT pk_mapping_freezes PRIMARY KEY,
            partnership_id uuid NOT NULL CONSTRAINT fk_mapping_freezes_partnership_id REFERENCES partnerships,
            {BOTH},
            about_id uuid NOT NULL,
            wire text NOT NULL CONSTRAINT ck_mapping_freezes_wire CHECK (wire IN ({WIRES})),
            frozen_at timestamptz NOT NULL,
            CONSTRAINT uq_mapping_freezes_partnership_id_id UNIQUE (partnership_id, id),
            CONSTRAINT ck_mapping_freezes_about CHECK (about_id IN (first_organization_id, second_organization_id))
        )
        """
    )
    op.execute(
        f"""
        CREATE TABLE mapping_lifts (
            freeze_id uuid NOT NULL,
            {SIDE.format(table="mapping_lifts")},
            lifted_at timestamptz NOT NULL,
            CONSTRAINT pk_mapping_lifts PRIMARY KEY (freeze_id, organization_id),
            CONSTRAINT fk_mapping_lifts_freeze FOREIGN KEY (partnership_id, freeze_id)
                REFERENCES mapping_freezes (partnership_id, id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_mapping_lifts_freeze_id ON mapping_lifts (partnership_id, freeze_id)")


def _walls() -> None:
    people = f"{walls.roles().app}, {walls.roles().worker}"
    walls.shared("mappings", "organization_id", "other_id")
    op.execute(
        f"CREATE POLICY own_adds ON mappings AS RESTRICTIVE FOR INSERT TO {people}"
        " WITH CHECK (organization_id = (SELECT ctx_org()) AND status = 'proposed')"
    )
    walls.grant(
        "mappings",
        "SELECT, INSERT, UPDATE (status, other_label, tier, shown, answered_at, stopped_at, stopped_by)",
    )
    for table in SHARED_BY_BOTH:
        walls.shared(table, "first_organization_id", "second_organization_id")
        walls.grant(table, "SELECT")
    walls.shared("overlap_disclosures", "discloser_id", "receiver_id")
    walls.grant("overlap_disclosures", "SELECT")
    walls.shared("mapping_lifts", "organization_id", "other_id")
    walls.only_writer("mapping_lifts", "organization_id")
    walls.grant("mapping_lifts", "SELECT, INSERT")
    for table in OWNED:
        walls.owned(table)
    for table in ("cluster_members", "disclosed_accounts"):
        walls.grant(table, "SELECT")
    walls.grant("mapping_sides", "SELECT, INSERT, UPDATE (listed_digest)")
    walls.grant("mapping_listings", "SELECT, INSERT, UPDATE, DELETE")
    walls.grant("mapping_takes", "SELECT, INSERT")
    for table in ("mapping_tallies", "mapping_secrets"):
        walls.wall(table, "false")
    for table, rights in MATCHER.items():
        walls.grant_to(walls.roles().matcher, table, rights)


def _consented() -> None:
    """Let each side answer what the other proposed, never beyond it, and either stop what both agreed."""
    ranks = ", ".join(f"'{tier}'" for tier in TIERS)
    op.execute(
        f"""
        CREATE FUNCTION mappings_are_consented() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $$
        DECLARE
            side text := CASE ctx_org() WHEN OLD.organization_id THEN 'proposer' WHEN OLD.other_id THEN 'other' END;
            is_within boolean := NEW.shown <@ OLD.shown
                AND array_position(ARRAY[{ranks}], NEW.tier) <= array_position(ARRAY[{ranks}], OLD.tier);
            is_same boolean := (NEW.shown, NEW.tier) = (OLD.shown, OLD.tier);
        BEGIN
            IF NOT ((OLD.status, NEW.status, side) = ('proposed', 'agreed', 'other') AND is_within
                OR (OLD.status, NEW.status, side) IN (('proposed', 'declined', 'other'),
                    ('proposed', 'withdrawn', 'proposer'), ('agreed', 'stopped', 'other'),
                    ('agreed', 'stopped', 'proposer')) AND is_same) THEN
                RAISE EXCEPTION 'a mapping cannot go from % to % by %', OLD.status, NEW.status, side
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER consented BEFORE UPDATE ON mappings FOR EACH ROW WHEN (NOT erasing())"
        " EXECUTE FUNCTION mappings_are_consented()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION mappings_are_consented()")
