"""Taking an import back: what nobody touched since goes or is put back as it was; the rest stays and is listed."""

import json
from uuid import UUID

from sqlalchemy import func, select, text

from partnercrm.activity.actions import record
from partnercrm.identity.queries.staying import followers
from partnercrm.integrations.actions import targets
from partnercrm.integrations.actions.weighing import by_sets, parameters
from partnercrm.integrations.models import ImportState
from partnercrm.integrations.queries import imports
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor


def take_back(actor: Actor, import_id: UUID) -> None:
    """Discard what the import entered and put back what it changed, as far as nobody touched them since."""
    db.session().execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"import/{import_id}", 0))))
    one = imports.import_at_work(actor, import_id)
    if one.state is not ImportState.UNDOING:
        return
    follow = followers(actor, imports.former_owners(one), one.brings.scope)
    asked = parameters(one) | {
        "followers": json.dumps({str(leaver): next_ and str(next_) for leaver, next_ in follow.items()}),
        "applied_at": one.ended_at,
        "now": clock.now(),
    }
    by_sets()
    target = targets.of(one)
    for statement in (target.lock_touched, target.put_back, *target.after_putting_back, target.discard):
        db.session().execute(text(statement), asked)
    one.state, one.ended_at = ImportState.UNDONE, clock.now()
    db.session().flush()
    record(Actor(actor.organization_id, one.user_id), "import.undone", one)
