"""Reading what won deals came to, as both sides read it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from partnercrm.deals import involving
from partnercrm.deals.attributing import Attribution
from partnercrm.deals.models import Registration
from partnercrm.deals.models.deals import Deal
from partnercrm.deals.queries import registrations_seen_by, selling
from partnercrm.deals.queries.attributing import attribution
from partnercrm.deals.stages import Stage
from partnercrm.incentives.models.revenues import Revenue, RevenueKind
from partnercrm.incentives.queries import agreements
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.kernel.money import Money
from partnercrm.partnerships.queries import is_open_to
from partnercrm.web.paging import Page, page

SORTS: Final = {"happened_at": Revenue.happened_at}


class RevenueSeen(NamedTuple):
    """An event of a deal's money and what of it was refunded since."""

    revenue: Revenue
    refunded_minor: int

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the event."""
        return getattr(self.revenue, name)

    @property
    def refunded(self) -> Money:
        """What of it was refunded."""
        return Money(self.refunded_minor, self.revenue.currency)

    @property
    def left(self) -> Money:
        """What of it could be refunded still: nothing of a refund."""
        stays = 0 if self.revenue.kind is RevenueKind.REFUNDED else self.revenue.minor - self.refunded_minor
        return Money(stays, self.revenue.currency)


def deal_revenues_seen_by(actor: Actor) -> Select[Revenue]:
    """Return the events of the deals in the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(Revenue).where(
        or_(Revenue.first_organization_id == mine, Revenue.second_organization_id == mine),
        is_open_to(actor, Revenue.partnership_id),
    )


def revenues(actor: Actor, deal_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of what a deal came to. Raises NotFound."""
    rows = deal_revenues_seen_by(actor).where(Revenue.deal_id == selling.deal(actor, deal_id).id)
    found = page(actor, rows, {**given, "deal_id": deal_id}, sorts=SORTS, key=Revenue.id)
    return Page(_seen(actor, found.items), found.next)


def revenue(actor: Actor, revenue_id: UUID) -> RevenueSeen:
    """Return one event. Raises NotFound."""
    rows = deal_revenues_seen_by(actor).where(Revenue.id == revenue_id)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return _seen(actor, [found])[0]


def standing_win(actor: Actor, deal_id: UUID) -> RevenueSeen | None:
    """Return the win of a deal that is not wholly refunded, if there is one."""
    rows = deal_revenues_seen_by(actor).where(Revenue.deal_id == deal_id, Revenue.kind == RevenueKind.WON)
    return next((one for one in _seen(actor, db.session().scalars(rows).all()) if one.left.minor), None)


def by_reference(actor: Actor, deal_id: UUID, kind: RevenueKind, reference: str) -> Revenue | None:
    """Return what is on record of a deal under a reference."""
    rows = deal_revenues_seen_by(actor).where(
        Revenue.deal_id == deal_id, Revenue.kind == kind, Revenue.reference == reference
    )
    return db.session().scalars(rows).one_or_none()


def whose(actor: Actor, of: Deal) -> Attribution:
    """Return whose a deal is by all that is on record of it, whatever moment a story has set."""
    recorded = db.session().execute(select(func.clock_timestamp())).scalar_one()
    return attribution(actor, of.id, max(recorded, db.now()))


def is_late(actor: Actor, of: Deal) -> bool:
    """Tell whether the partner came into a deal only when the customer validated it, or after it was lost before."""
    stage = agreements.came_in(actor, of.id)
    rows = registrations_seen_by(actor).where(Registration.id == of.registration_id)
    before = db.session().scalars(rows.with_only_columns(Registration.lost_before)).one_or_none()
    return stage is not None and involving.is_late(Stage(stage.value), lost_before=bool(before))


def _seen(actor: Actor, found: Sequence[Revenue]) -> list[RevenueSeen]:
    undone = deal_revenues_seen_by(actor).where(Revenue.of_id.in_([one.id for one in found]))
    sums = undone.with_only_columns(Revenue.of_id, func.sum(Revenue.minor)).group_by(Revenue.of_id)
    refunded = {of_id: int(minor) for of_id, minor in db.session().execute(sums)} if found else {}
    return [RevenueSeen(one, refunded.get(one.id, 0)) for one in found]
