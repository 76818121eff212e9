"""Reading receipts, and counting them without their content."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from partnercrm.disclosures.models import Disclosure
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.queries import is_open_to
from partnercrm.partnerships.tiers import Tier
from partnercrm.web.paging import Page, page

SORTS = {"disclosed_at": Disclosure.disclosed_at}


class Flow(NamedTuple):
    """What flowed in one month from one side at one tier: counts, no content."""

    month: date
    discloser_id: UUID
    tier: Tier
    disclosed: int
    fields: int
    revoked: int


def disclosures_seen_by(actor: Actor) -> Select[Disclosure]:
    """Return what was shown, either way, in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(Disclosure).where(
        or_(Disclosure.discloser_id == mine, Disclosure.receiver_id == mine),
        Disclosure.disclosed_at.is_not(None),
        is_open_to(actor, Disclosure.partnership_id),
    )


def receipts(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of the receipts of one partnership. Raises NotFound."""
    joined = partnerships.joined_partnership(actor, partnership_id)
    rows = disclosures_seen_by(actor).where(Disclosure.partnership_id == joined.id)
    for name in ("tier", "subject_id", "discloser_id"):
        if name in given:
            rows = rows.where(getattr(Disclosure, name) == given[name])
    if "stands" in given:
        rows = rows.where(Disclosure.revoked_at.is_(None) == given["stands"])
    return page(actor, rows, given, sorts=SORTS, key=Disclosure.id)


def receipts_of(actor: Actor, subject: str, subject_id: UUID) -> Sequence[Disclosure]:
    """Return the receipts about one thing, oldest first, at most 50."""
    rows = disclosures_seen_by(actor).where(Disclosure.subject == subject, Disclosure.subject_id == subject_id)
    return db.session().scalars(rows.order_by(Disclosure.disclosed_at, Disclosure.id).limit(50)).all()


def flows(actor: Actor, partnership_id: UUID) -> Sequence[Flow]:
    """Return what flowed in one partnership, by month, side and tier; both sides read the same. Raises NotFound."""
    joined = partnerships.joined_partnership(actor, partnership_id)
    month = func.date_trunc("month", Disclosure.disclosed_at, "UTC")
    groups = (month, Disclosure.discloser_id, Disclosure.tier)
    rows = (
        disclosures_seen_by(actor)
        .where(Disclosure.partnership_id == joined.id)
        .with_only_columns(
            *groups,
            func.count(),
            func.sum(func.cardinality(Disclosure.fields)),
            func.count(Disclosure.revoked_at),
        )
        .group_by(*groups)
        .order_by(*groups)
    )
    return [
        Flow(began.date(), discloser_id, Tier(tier), disclosed, int(fields), revoked)
        for began, discloser_id, tier, disclosed, fields, revoked in db.session().execute(rows)
    ]
