"""Reading what flowed: monthly reports as both sides read them, and what a month's report is counted from."""

from collections.abc import Iterator
from collections.abc import Mapping as Values
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, func, or_, select

from partnercrm.accounts.flowing import FlowKind
from partnercrm.accounts.models.flows import FlowReport
from partnercrm.accounts.models.joint import JointAccount, JointAccountDomain, JointAccountNumber
from partnercrm.accounts.models.mapping import OverlapDisclosure
from partnercrm.disclosures.models import Disclosure
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.queries import is_open_to
from partnercrm.partnerships.tiers import Tier
from partnercrm.web.paging import Page, page

SORTS: Final = {"month": FlowReport.month}
_COPIED: Final = (*("name", "domain", "city", "country", "industry", "size_band", "relationship", "owner_member_id"),)


class Flowed(NamedTuple):
    """How much one side told in a month, by one way at one tier."""

    discloser_id: UUID
    kind: FlowKind
    tier: Tier
    disclosed: int
    fields: int


def flow_reports_seen_by(actor: Actor) -> Select[FlowReport]:
    """Return the monthly reports of the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(FlowReport).where(
        or_(FlowReport.first_organization_id == mine, FlowReport.second_organization_id == mine),
        is_open_to(actor, FlowReport.partnership_id),
    )


def flow_reports(actor: Actor, partnership_id: UUID, given: Values[str, Any]) -> Page:
    """Return a page of the reports of one partnership, the same rows for both sides. Raises NotFound."""
    partnerships.joined_partnership(actor, partnership_id, loading=())
    rows = flow_reports_seen_by(actor).where(FlowReport.partnership_id == partnership_id)
    given = {**given, "partnership_id": partnership_id}
    return page(actor, rows, given, sorts=SORTS, key=FlowReport.id)


def is_reported(partnership_id: UUID, month: str) -> bool:
    """Tell whether a month was reported already."""
    rows = select(FlowReport.id).where(FlowReport.partnership_id == partnership_id, FlowReport.month == month)
    return db.session().execute(rows.limit(1)).first() is not None


def flowed(partnership_id: UUID, began: date, ended: date) -> Iterator[Flowed]:
    """Yield what stands or stood of what either side told in a month, from the rows that both read."""
    for discloser_id, tier, disclosed, fields in db.session().execute(_leads(partnership_id, began, ended)):
        yield Flowed(discloser_id, FlowKind.LEAD, Tier(tier), disclosed, int(fields or 0))
    for discloser_id, disclosed, fields in db.session().execute(_overlaps(partnership_id, began, ended)):
        yield Flowed(discloser_id, FlowKind.OVERLAP, Tier.PARTNER_INTERNAL, disclosed, int(fields or 0))
    for discloser_id, disclosed, fields in db.session().execute(_joint_accounts(partnership_id, began, ended)):
        yield Flowed(discloser_id, FlowKind.JOINT_ACCOUNT, Tier.PARTNER_INTERNAL, disclosed, int(fields or 0))


def _within(moment: Any, began: date, ended: date) -> ColumnElement[bool]:
    day = func.date(func.timezone("UTC", moment))
    return and_(day >= began, day < ended)


def _leads(partnership_id: UUID, began: date, ended: date) -> Select[*tuple[Any, ...]]:
    return (
        select(Disclosure.discloser_id, Disclosure.tier, func.count(), func.sum(func.cardinality(Disclosure.fields)))
        .where(Disclosure.partnership_id == partnership_id, _within(Disclosure.disclosed_at, began, ended))
        .group_by(Disclosure.discloser_id, Disclosure.tier)
    )


def _overlaps(partnership_id: UUID, began: date, ended: date) -> Select[*tuple[Any, ...]]:
    filled = func.num_nonnulls(*(getattr(OverlapDisclosure, name) for name in _COPIED), type_=Integer)
    return (
        select(OverlapDisclosure.discloser_id, func.count(), func.sum(filled))
        .where(
            OverlapDisclosure.partnership_id == partnership_id, _within(OverlapDisclosure.disclosed_at, began, ended)
        )
        .group_by(OverlapDisclosure.discloser_id)
    )


def _joint_accounts(partnership_id: UUID, began: date, ended: date) -> Select[*tuple[Any, ...]]:
    """Return how many joint accounts each side named, and by how many words, domains and numbers."""
    named = func.num_nonnulls(JointAccount.name, JointAccount.city, JointAccount.country, type_=Integer)
    identified = [
        select(func.count())
        .where(model.joint_account_id == JointAccount.id, model.told_by == JointAccount.opened_by)
        .scalar_subquery()
        for model in (JointAccountDomain, JointAccountNumber)
    ]
    return (
        select(JointAccount.opened_by, func.count(), func.sum(named + identified[0] + identified[1]))
        .where(JointAccount.partnership_id == partnership_id, _within(JointAccount.proposed_at, began, ended))
        .group_by(JointAccount.opened_by)
    )
