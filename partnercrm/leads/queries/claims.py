"""What came of a partner's leads, for the organization and for who asks: answered from the record, kept nowhere.

Of the organization it says what the report says to both sides, no more and no finer: so the difference between its
figures and the asker's own is nothing that the two did not tell before. Nobody is asked for but oneself.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.lifecycle import ContestStep, OfferStatus
from partnercrm.leads.models import LeadStep, Offer
from partnercrm.leads.models.following import LeadContest
from partnercrm.leads.models.routing import Assignment
from partnercrm.leads.queries import reports
from partnercrm.leads.queries.reports import Report, SideReport, steps_seen_by
from partnercrm.leads.queries.routing import assignments_seen_by
from partnercrm.partnerships.models import Member


class Given(NamedTuple):
    """What a partner gave the organization, as the report of both sides has it."""

    offered: int
    accepted: int
    qualified: int
    won: int
    waiting: int
    median_seconds: int | None


class Mine(NamedTuple):
    """What of it is with the asker: asked first about, taken on, and what came of that."""

    asked_first: int
    accepted: int
    qualified: int
    won: int
    last_accepted_at: datetime | None
    median_seconds: int | None


class ClaimCheck(NamedTuple):
    """The answer to "I have not had one qualified lead from this partner"."""

    partnership_id: UUID
    partner: str
    as_of: datetime
    given: Given
    mine: Mine


def claim_check(actor: Actor, partnership_id: UUID) -> ClaimCheck:
    """Return what came of a partner's leads, for the organization and for the actor alone. Raises NotFound."""
    report = reports.reciprocity_report(actor, partnership_id, None)
    theirs, ours = _sides(actor, report)
    return ClaimCheck(partnership_id, theirs.name, report.as_of, _given(theirs, ours), _mine(actor, partnership_id))


def _sides(actor: Actor, report: Report) -> tuple[SideReport, SideReport]:
    first, second = report.first, report.second
    return (second, first) if first.organization_id == actor.organization_id else (first, second)


def _given(theirs: SideReport, ours: SideReport) -> Given:
    def came_to(*steps: str) -> int:
        return sum(theirs.given.get(step, 0) for step in steps)

    return Given(
        offered=came_to(OfferStatus.OFFERED),
        accepted=came_to(OfferStatus.ACCEPTED),
        qualified=came_to(OfferStatus.QUALIFIED),
        won=came_to(OfferStatus.WON),
        waiting=ours.responses.waiting,
        median_seconds=ours.responses.median_seconds,
    )


def _mine(actor: Actor, partnership_id: UUID) -> Mine:
    """Return the actor's own; a program's token is nobody's."""
    taken = _taken_by(actor, partnership_id)
    steps = (
        steps_seen_by(actor)
        .where(LeadStep.offer_id.in_(taken))
        .with_only_columns(LeadStep.step, func.count(), func.max(LeadStep.happened_at))
        .group_by(LeadStep.step)
    )
    found: Mapping[OfferStatus, Any] = {step: (count, last) for step, count, last in db.session().execute(steps)}
    corrected = select(func.count()).select_from(LeadContest)
    corrected = corrected.where(LeadContest.offer_id.in_(taken), LeadContest.step == ContestStep.CORRECTED)
    taking = (Offer.id.in_(taken), Offer.answered_at.is_not(None))
    waited: ColumnElement[Any] = func.extract("epoch", Offer.answered_at - Offer.offered_at)
    median = select(func.percentile_disc(0.5).within_group(waited)).where(*taking)
    mine = assignments_seen_by(actor).where(
        Assignment.partnership_id == partnership_id, Assignment.assignee_id == actor.user_id
    )
    asked = select(func.count()).select_from(mine.subquery())
    seconds = db.session().execute(median).scalar_one()
    accepted, last = found.get(OfferStatus.ACCEPTED, (0, None))
    return Mine(
        asked_first=db.session().execute(asked).scalar_one(),
        accepted=accepted,
        qualified=found.get(OfferStatus.QUALIFIED, (0, None))[0] + db.session().execute(corrected).scalar_one(),
        won=found.get(OfferStatus.WON, (0, None))[0],
        last_accepted_at=last,
        median_seconds=None if seconds is None else int(seconds),
    )


def _taken_by(actor: Actor, partnership_id: UUID) -> Select[UUID]:
    return (
        select(Offer.id)
        .join(Member, Member.id == Offer.receiver_member_id)
        .where(Offer.partnership_id == partnership_id, Offer.receiver_id == actor.organization_id)
        .where(Member.organization_id == actor.organization_id, Member.user_id == actor.user_id)
    )


def evidence(found: ClaimCheck, names: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the organization's part, in the words given by field, to be copied into a case; never the person's."""
    counted = found.given._asdict()
    return {
        "title": names["title"],
        "facts": [{"name": names[name], "value": str(counted[name])} for name in counted if name in names],
    }
