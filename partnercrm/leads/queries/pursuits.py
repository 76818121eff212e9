"""What an agreed window that is over tells of leads that were pursued or known before, and what it is compared with."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Interval, Select, func, literal_column, or_, select

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.companies import every_key
from partnercrm.leads.lifecycle import NOT_TAKEN, ContestStep, OfferStatus
from partnercrm.leads.models import Lead, LeadStep
from partnercrm.leads.models.following import LeadContest, Sighting, WindowTotal
from partnercrm.leads.pursuits import Restored
from partnercrm.leads.queries.verdicts import agreed_since
from partnercrm.leads.windows import Window, all_ended
from partnercrm.partnerships.models import Partnership
from partnercrm.partnerships.queries import is_open_to
from partnercrm.partnerships.queries.known import terms_known
from partnercrm.partnerships.validity import in_force

# 180 days as hours: days of a moment would be those of the connection's zone.
PURSUED_WITHIN: Final = literal_column("interval '4320 hours'", Interval)


def totals_seen_by(actor: Actor) -> Select[WindowTotal]:
    """Return what ended windows told in the living partnerships the actor is a member of."""
    mine = actor.organization_id
    return select(WindowTotal).where(
        or_(WindowTotal.giver_id == mine, WindowTotal.receiver_id == mine),
        is_open_to(actor, WindowTotal.partnership_id),
    )


def totals(actor: Actor, partnership_id: UUID, as_of: datetime) -> Sequence[WindowTotal]:
    """Return what windows had told by `as_of`, in their order; the same for both sides."""
    rows = totals_seen_by(actor).where(WindowTotal.partnership_id == partnership_id, WindowTotal.recorded_at <= as_of)
    return db.session().scalars(rows.order_by(WindowTotal.first_month, WindowTotal.giver_id)).all()


def restored(actor: Actor, partnership_id: UUID, as_of: datetime) -> list[Restored]:
    """Return the leads that cases credited to their givers by `as_of`, each with the month in which its time was over.

    A lead's time is over 180 days after it was offered, or when it came back, whatever is later: by then all is known
    that a window's total counts of it.
    """
    mine = actor.organization_id
    came_back = func.max(LeadStep.happened_at).filter(LeadStep.step.in_(NOT_TAKEN))
    offered = func.max(LeadStep.happened_at).filter(LeadStep.step == OfferStatus.OFFERED)
    over = func.to_char(func.timezone("UTC", func.greatest(offered + PURSUED_WITHIN, came_back)), "YYYY-MM")
    rows = (
        select(LeadContest.giver_id, over)
        .join(LeadStep, LeadStep.offer_id == LeadContest.offer_id)
        .where(
            or_(LeadContest.giver_id == mine, LeadContest.receiver_id == mine),
            is_open_to(actor, LeadContest.partnership_id),
            LeadContest.partnership_id == partnership_id,
            LeadContest.step == ContestStep.RESTORED,
            LeadContest.recorded_at <= as_of,
        )
        .group_by(LeadContest.id, LeadContest.giver_id)
    )
    return [Restored(giver_id, month) for giver_id, month in db.session().execute(rows)]


def untold(actor: Actor, partnership: Partnership, now: datetime) -> list[Window]:
    """Return the agreed windows that are over and of which the actor's organization, as receiver, told nothing yet."""
    known = terms_known(partnership, now)
    anchor = f"{agreed_since(known, now):%Y-%m}"
    told = select(WindowTotal.first_month).where(
        WindowTotal.partnership_id == partnership.id, WindowTotal.receiver_id == actor.organization_id
    )
    done = set(db.session().scalars(told))
    windows = all_ended(f"{now:%Y-%m}", anchor, in_force(known, now).window_months)
    return [window for window in windows if window.first not in done]


def own_pipeline(actor: Actor, before: datetime) -> Mapping[str, datetime]:
    """Return since when the actor's organization has had which company's need, by key, as of its own leads.

    The one place that says what a receiver's own leads are, entered or imported, those renamed or discarded since
    among them, and that we saw them first when they were entered here, or got the company and need, whatever another
    system says of their age.
    """
    seen = func.coalesce(Lead.renamed_at, Lead.created_at)
    present = select(Lead.company_name, Lead.company_domain, Lead.need, seen.label("at")).where(
        Lead.organization_id == actor.organization_id, seen < before
    )
    former = select(Sighting.company_name, Sighting.company_domain, Sighting.need, Sighting.seen_at).where(
        Sighting.organization_id == actor.organization_id, Sighting.seen_at < before
    )
    every = present.union_all(former).subquery()
    named = every.c.company_name, every.c.company_domain, every.c.need
    first: dict[str, datetime] = {}
    for name, domain, need, at in db.rows(select(*named, func.min(every.c.at)).group_by(*named)):
        for key in every_key(name, domain, need):
            first[key] = min(at, first.get(key, at))
    return first
