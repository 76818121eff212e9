"""Reading whether a conflict can still be appealed."""

from partnercrm.calendars import queries as calendars
from partnercrm.calendars.business_time import due_days
from partnercrm.cases import queries as cases
from partnercrm.cases.models import Case
from partnercrm.deals.models import Registration
from partnercrm.deals.queries import RegistrationSeen
from partnercrm.deals.registering import APPEAL_DAYS, Party, RejectReason
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor


def may_appeal(actor: Actor, seen: RegistrationSeen) -> bool:
    """Tell whether the actor's side may appeal that its claim was outweighed: once, within ten working days."""
    is_ours = seen.party is Party.REGISTRANT and actor.has("deals:write") and actor.has("cases:write")
    if not is_ours or seen.reason is not RejectReason.EARLIER_EVIDENCE or seen.decided_at is None:
        return False
    hours = calendars.working_hours(actor, None)
    return clock.now() <= due_days(hours, seen.decided_at, APPEAL_DAYS) and case_of(actor, seen) is None


def case_of(actor: Actor, seen: RegistrationSeen) -> Case | None:
    """Return the case that an appeal opened, if the actor reads it."""
    rows = cases.cases_seen_by(actor).where(Case.subject == Registration.__tablename__, Case.subject_id == seen.id)
    return db.session().scalars(rows.order_by(Case.opened_at.desc()).limit(1)).one_or_none()
