"""Taking an import back: what nobody touched since goes or is put back as it was; the rest stays and is listed."""

import json
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text

from partnercrm.activity.actions import record
from partnercrm.identity.queries.staying import followers
from partnercrm.integrations.actions.weighing import MINE, VALUES, by_sets, parameters
from partnercrm.integrations.models import ImportState
from partnercrm.integrations.queries import imports
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor

_TYPES: Final = {
    "contact_channels": "text[]",
    "contact_informed_on": "date",
    "expected_close_on": "date",
    "value_minor": "bigint",
    "owner_id": "uuid",
}
# Whoever left is followed by their successor; where nobody is, who has the lead keeps it.
_OWNER: Final = """
    CASE WHEN jsonb_exists(CAST(:followers AS jsonb), CAST(f.owner_id AS text))
        THEN coalesce(CAST(CAST(:followers AS jsonb) ->> CAST(f.owner_id AS text) AS uuid), l.owner_id)
        ELSE f.owner_id END
"""
_BACK: Final = ", ".join(f"{name} = {_OWNER if name == 'owner_id' else f'f.{name}'}" for name in VALUES)
_SHAPE: Final = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in VALUES)
_LOCK: Final = f"""
    SELECT count(*) FROM (
        SELECT l.id FROM leads l WHERE l.organization_id = :organization_id AND l.connector = :connector AND (
            l.id IN (SELECT r.lead_id FROM lead_import_rows r WHERE {MINE})
            OR l.id IN (SELECT r.lead_id FROM lead_import_changes r WHERE {MINE}))
        ORDER BY l.external_id COLLATE "C" FOR UPDATE OF l
    ) AS locked
"""  # noqa: S608 - composed of constants
_PUT_BACK: Final = f"""
    WITH back AS (
        UPDATE leads AS l SET {_BACK}, version = l.version + 1
        FROM lead_import_changes r, jsonb_to_record(r.former) AS f({_SHAPE})
        WHERE {MINE} AND l.organization_id = r.organization_id AND l.id = r.lead_id AND l.version = r.version
          AND NOT EXISTS (
              SELECT FROM offered_leads g JOIN offers o ON o.id = g.offer_id
              WHERE g.organization_id = l.organization_id AND g.lead_id = l.id AND o.offered_at >= :applied_at)
        RETURNING l.id
    )
    UPDATE lead_import_changes AS r SET put_back = true FROM back WHERE {MINE} AND r.lead_id = back.id
"""  # noqa: S608
_DISCARD: Final = f"""
    DELETE FROM leads AS l USING lead_import_rows r
    WHERE {MINE} AND r.faults IS NULL AND l.organization_id = r.organization_id AND l.id = r.lead_id AND l.version = 1
      AND NOT EXISTS (SELECT FROM offered_leads o WHERE o.organization_id = l.organization_id AND o.lead_id = l.id)
      AND NOT EXISTS (
          SELECT FROM round_picks p
          WHERE p.organization_id = l.organization_id AND p.lead_id = l.id AND p.offer_id IS NOT NULL)
"""  # noqa: S608


def take_back(actor: Actor, import_id: UUID) -> None:
    """Discard the leads the import entered and put back those it changed, as far as nobody touched them since."""
    db.session().execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"import/{import_id}", 0))))
    one = imports.import_at_work(actor, import_id)
    if one.state is not ImportState.UNDOING:
        return
    follow = followers(actor, imports.former_owners(one), "leads:write")
    asked = parameters(one) | {
        "followers": json.dumps({str(leaver): next_ and str(next_) for leaver, next_ in follow.items()}),
        "applied_at": one.ended_at,
    }
    by_sets()
    for statement in (_LOCK, _PUT_BACK, _DISCARD):
        db.session().execute(text(statement), asked)
    one.state, one.ended_at = ImportState.UNDONE, clock.now()
    db.session().flush()
    record(Actor(actor.organization_id, one.user_id), "import.undone", one)
