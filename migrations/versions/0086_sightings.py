"""What an own lead was called before stays: a sighting, once made, is neither renamed nor discarded away.

When a lead gets another company or need, or goes, the database keeps since when it stood under the one it had. So a
spelling that is corrected, and whatever the keys make of it later, keeps the moment at which it was seen first, and a
need that was pursued and put away in time is known to have been pursued. Erasing a person renames nothing.
"""

import erasing
import walls
from alembic import op

revision = "0086"
down_revision = "0085"

BEFORE = (
    erasing.FIRST
    + erasing.OF_CONTACTS
    + erasing.OF_OWN_WORDS
    + erasing.OF_IMPORTS
    + erasing.OF_REQUESTS
    + erasing.OF_ROUNDS
    + erasing.OF_ACCOUNTS
    + erasing.OF_ACCOUNT_FILES
    + erasing.OF_POPULATIONS
    + erasing.OF_MAPPINGS
    + erasing.OF_JOINT_ACCOUNTS
    + erasing.OF_YESES
    + erasing.OF_ENABLEMENT
    + erasing.OF_JOINT_PLANS
    + erasing.OF_REGISTRATIONS
    + erasing.OF_PROPOSITIONS
)
NAMED = "company_name, company_domain, need"
RENAMED = """(OLD.company_name, OLD.company_domain, OLD.need)
              IS DISTINCT FROM (NEW.company_name, NEW.company_domain, NEW.need)"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE lead_sightings (
            id uuid NOT NULL DEFAULT gen_random_uuid() CONSTRAINT pk_lead_sightings PRIMARY KEY,
            organization_id uuid NOT NULL
                CONSTRAINT fk_lead_sightings_organization_id REFERENCES organizations,
            lead_id uuid NOT NULL,
            company_name text NOT NULL CONSTRAINT ck_lead_sightings_company_name CHECK (length(company_name) <= 200),
            company_domain text,
            need text NOT NULL CONSTRAINT ck_lead_sightings_need CHECK (length(need) <= 200),
            seen_at timestamptz NOT NULL,
            left_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """
    )
    op.execute("CREATE INDEX ix_lead_sightings_lead_id ON lead_sightings (organization_id, lead_id)")
    op.execute("CREATE INDEX ix_lead_sightings_left_at ON lead_sightings (organization_id, left_at)")
    walls.owned("lead_sightings")
    walls.grant("lead_sightings", "SELECT")
    # What is past its time goes by night, which locks what it removes.
    op.execute(f"GRANT DELETE, UPDATE (left_at) ON lead_sightings TO {walls.roles().worker}")
    walls.grant_to(walls.roles().steps, "lead_sightings", "SELECT, INSERT")
    _kept()
    _renamed(f"{RENAMED} AND NOT erasing()")
    erasing.grant(erasing.OF_SIGHTINGS)
    erasing.define(BEFORE + erasing.OF_SIGHTINGS)


def _kept() -> None:
    """Keep what a lead was called, once; what is called so again has the earlier moment already."""
    op.execute(
        f"""
        CREATE FUNCTION sightings_stay() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            INSERT INTO lead_sightings (organization_id, lead_id, {NAMED}, seen_at)
            SELECT OLD.organization_id, OLD.id, OLD.company_name, OLD.company_domain, OLD.need,
                   coalesce(OLD.renamed_at, OLD.created_at)
            WHERE NOT EXISTS (
                SELECT FROM lead_sightings s
                WHERE s.organization_id = OLD.organization_id AND s.lead_id = OLD.id
                  AND (s.company_name, s.company_domain, s.need)
                      IS NOT DISTINCT FROM (OLD.company_name, OLD.company_domain, OLD.need)
            );
            RETURN NULL;
        END $$
        """
    )
    walls.definer(walls.roles().steps, "sightings_stay()")
    op.execute(f"REVOKE EXECUTE ON FUNCTION sightings_stay() FROM {walls.roles().app}, {walls.roles().worker}")
    op.execute(
        f"CREATE TRIGGER sightings_stay AFTER UPDATE OF {NAMED} ON leads FOR EACH ROW"
        f" WHEN ({RENAMED} AND NOT erasing()) EXECUTE FUNCTION sightings_stay()"
    )
    op.execute("CREATE TRIGGER sightings_outlive AFTER DELETE ON leads FOR EACH ROW EXECUTE FUNCTION sightings_stay()")


def _renamed(condition: str) -> None:
    op.execute("DROP TRIGGER renamed ON leads")
    op.execute(
        f"CREATE TRIGGER renamed BEFORE UPDATE OF {NAMED} ON leads FOR EACH ROW"
        f" WHEN ({condition}) EXECUTE FUNCTION lead_is_renamed()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    erasing.define(BEFORE)
    erasing.revoke(erasing.OF_SIGHTINGS)
    _renamed(RENAMED)
    for trigger in ("sightings_stay", "sightings_outlive"):
        op.execute(f"DROP TRIGGER {trigger} ON leads")
    op.execute("DROP FUNCTION sightings_stay()")
    op.execute("DROP TABLE lead_sightings")
