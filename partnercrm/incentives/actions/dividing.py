"""Dividing the own side's share of a deal among its own people; no row the other side reads changes by it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.deals.queries import selling
from partnercrm.identity import queries as identity
from partnercrm.incentives.models import SplitDivision, SplitParticipant
from partnercrm.incentives.queries import divisions as queries
from partnercrm.incentives.queries.divisions import DivisionSeen
from partnercrm.kernel import clock, db, jobs, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotAllowed, Told
from partnercrm.partnerships import queries as partnerships


def divide_share(actor: Actor, deal_id: UUID, given: Mapping[str, Any], expected: str | None) -> DivisionSeen:
    """Divide the own side's share of a deal from now on, or from a later day; what was divided before stays on record.

    Raises NotAllowed, Stale, Invalid.
    """
    if actor.user_id is None:
        raise NotAllowed
    deal = selling.deal(actor, deal_id)
    partnerships.held_partnership(actor, deal.partnership_id)
    # The own side's lock, not the deal's: the other side never waits for it.
    db.session().execute(select(func.pg_advisory_xact_lock(func.hashtextextended(_lock(actor, deal_id), 0))))
    latest = queries.latest_version(actor, deal_id)
    versions.require(expected, queries.version_tag(deal_id, latest))
    if wrong := [*_wrong(actor, deal_id, given)]:
        raise Invalid(wrong)
    made = SplitDivision(
        organization_id=actor.organization_id,
        deal_id=deal_id,
        version=latest + 1,
        partnership_id=deal.partnership_id,
        whole=given["whole"],
        set_by=actor.user_id,
        effective_at=_begins(given),
    )
    db.session().add(made)
    db.session().flush()
    jobs.defer("incentives.accrue", actor.organization_id, at=made.effective_at, deal_id=deal_id)
    _name(made, given["participants"])
    record(actor, "division.set", made)
    return queries.division(actor, deal_id)


def _name(made: SplitDivision, participants: Iterable[Mapping[str, Any]]) -> None:
    db.session().add_all(
        SplitParticipant(
            organization_id=made.organization_id,
            deal_id=made.deal_id,
            version=made.version,
            partnership_id=made.partnership_id,
            user_id=one["user_id"],
            parts=one["parts"],
        )
        for one in participants
    )
    db.session().flush()


def _lock(actor: Actor, deal_id: UUID) -> str:
    return f"division/{actor.organization_id}/{deal_id}"


def _begins(given: Mapping[str, Any]) -> datetime:
    now, day = clock.now(), given.get("effective_on")
    return max(now, datetime.combine(day, time(), UTC)) if day else now


def _wrong(actor: Actor, deal_id: UUID, given: Mapping[str, Any]) -> Iterator[FieldError]:
    known = {one.id for one in identity.colleagues(actor)} | queries.who_had_parts(actor, deal_id)
    named = Counter(one["user_id"] for one in given["participants"])
    for place, one in enumerate(given["participants"]):
        if one["user_id"] not in known:
            yield FieldError(f"participants.{place}.user_id", "Name somebody of your company.")
        elif named[one["user_id"]] > 1:
            yield FieldError(f"participants.{place}.user_id", "This person stands here twice.")
    if (total := sum(one["parts"] for one in given["participants"])) != given["whole"]:
        message = Told("The parts come to %(sum)d, not to exactly %(whole)d.", sum=total, whole=given["whole"])
        yield FieldError("participants", message)
    if given.get("effective_on") and given["effective_on"] < clock.now().date():
        yield FieldError("effective_on", "A division holds from today on, or later; never from the past.")
