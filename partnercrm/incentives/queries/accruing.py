"""Reading what an organization's books have to follow: its deals' money, how that is shared, and what was posted.

For jobs, on the organization's own behalf and in its own books; what the partner's side divides is not read, nor there.
A seller is paid for what was won whether the partnership lives or has ended.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, aliased

from partnercrm.incentives.models.agreements import SplitAgreement
from partnercrm.incentives.models.divisions import SplitDivision, SplitParticipant
from partnercrm.incentives.models.ledgers import Accrual, AccrualState, Entry, LedgerPeriod
from partnercrm.incentives.models.revenues import Revenue, RevenueKind
from partnercrm.incentives.plans import Standing
from partnercrm.incentives.posting import Account, Key, Waits
from partnercrm.incentives.sharing import Portion, Sharing
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.rates import queries as rates
from partnercrm.rates.conversion import Table


@dataclass(frozen=True)
class Unsettled:
    """An event whose agreement, division or refunds are not those the books follow; `state` None: none ever were."""

    revenue: Revenue
    agreement_version: int
    division_version: int
    refunded: Decimal | int
    refunded_at: datetime | None
    state: AccrualState | None

    @property
    def refunded_minor(self) -> int:
        """What of it was refunded, in minor units."""
        return int(self.refunded)

    @cached_property
    def on(self) -> date:
        """The day of the event, in UTC."""
        return self.revenue.happened_at.astimezone(UTC).date()


_ORDER: Final = (Revenue.happened_at, Revenue.id)


class Lot(NamedTuple):
    """Of which deal (None: all), after which event, and how many events to settle; `again`: what waited, too."""

    deal_id: UUID | None
    after: tuple[datetime, UUID] | None
    most: int
    again: bool


class Posted(NamedTuple):
    """What the books say of some events: by seller and rule, of fees, and of whom something was released."""

    earned: Mapping[tuple[UUID, UUID], Counter[Key]]
    fees: Mapping[UUID, Counter[Portion]]
    released: frozenset[tuple[UUID, UUID]]


class Recorded(NamedTuple):
    """What a seller was last said to have of an event, and what all revisions came to."""

    accrual: Accrual
    credit_minor: int
    earned_minor: int


def lock(actor: Actor) -> None:
    """Hold the organization's books until the transaction ends: postings follow one another."""
    key = func.hashtextextended(f"ledger {actor.organization_id}", 0)
    db.session().execute(select(func.pg_advisory_xact_lock(key)))


def unsettled(actor: Actor, now: datetime, lot: Lot) -> list[Unsettled]:
    """Return events that the books do not follow yet, oldest first."""
    followed = _followed(actor, now, lot)
    # Of either side by its own index, oldest first, so that nobody looks through all there is for a lot of it.
    sides = Revenue.first_organization_id, Revenue.second_organization_id
    ids = union_all(*(_oldest(actor, followed, lot, side) for side in sides)).subquery()
    rows = followed.rows.where(Revenue.id.in_(select(ids.c.id))).order_by(*_ORDER).limit(lot.most)
    found = db.session().execute(rows.execution_options(populate_existing=True))
    return [Unsettled(*row) for row in found]


class _Followed(NamedTuple):
    """Events beside what the books follow of them, and the condition that this is not how they stand."""

    rows: Select[Any]
    differs: ColumnElement[bool]


def _followed(actor: Actor, now: datetime, lot: Lot) -> _Followed:
    agreement, division = _agreed(now), _divided(actor, now)
    undone = aliased(Revenue)
    refunds = select(func.sum(undone.minor).label("minor"), func.max(undone.happened_at).label("happened_at"))
    of_deal = undone.partnership_id == Revenue.partnership_id, undone.deal_id == Revenue.deal_id
    refunded = refunds.where(*of_deal, undone.of_id == Revenue.id).lateral()
    minor = func.coalesce(refunded.c.minor, 0)
    ours = AccrualState.organization_id == actor.organization_id
    rows = (
        select(Revenue, agreement, division, minor, refunded.c.happened_at, AccrualState)
        .join(refunded, onclause=Revenue.id.is_not(None))
        .outerjoin(AccrualState, and_(ours, AccrualState.revenue_id == Revenue.id))
    )
    differs = or_(
        AccrualState.revenue_id.is_(None),
        AccrualState.agreement_version != agreement,
        AccrualState.division_version != division,
        AccrualState.refunded_minor != minor,
        AccrualState.waits_for.in_([Waits.PLAN, Waits.RATE] if lot.again else []),
    )
    return _Followed(rows, differs)


def _oldest(actor: Actor, followed: _Followed, lot: Lot, side: InstrumentedAttribute[UUID]) -> Select[UUID]:
    """Return which events of one side come next that the books do not follow."""
    rows = followed.rows.with_only_columns(Revenue.id, maintain_column_froms=True)
    rows = rows.where(side == actor.organization_id, Revenue.kind != RevenueKind.REFUNDED, followed.differs)
    if lot.after is not None:
        rows = rows.where(tuple_(Revenue.happened_at, Revenue.id) > lot.after)
    if lot.deal_id is not None:
        rows = rows.where(Revenue.deal_id == lot.deal_id)
    return rows.order_by(*_ORDER).limit(lot.most)


def _agreed(now: datetime) -> ColumnElement[int]:
    """Return which agreement about an event's deal is in force; 0: none."""
    begun = select(func.max(SplitAgreement.version)).where(
        SplitAgreement.deal_id == Revenue.deal_id, SplitAgreement.effective_at <= now
    )
    return func.coalesce(begun.scalar_subquery(), 0)


def _divided(actor: Actor, now: datetime) -> ColumnElement[int]:
    """Return which division of the own side's share is in force; 0: none."""
    begun = select(func.max(SplitDivision.version)).where(
        SplitDivision.organization_id == actor.organization_id,
        SplitDivision.deal_id == Revenue.deal_id,
        SplitDivision.effective_at <= now,
    )
    return func.coalesce(begun.scalar_subquery(), 0)


def sharings(found: Iterable[Unsettled]) -> Mapping[UUID, Sharing]:
    """Return how the deals of events are shared, by deal."""
    wanted = {(one.revenue.deal_id, one.agreement_version) for one in found if one.agreement_version}
    rows = select(SplitAgreement).where(tuple_(SplitAgreement.deal_id, SplitAgreement.version).in_(wanted))
    return {one.deal_id: one.sharing for one in db.session().scalars(rows)} if wanted else {}


def divisions(actor: Actor, found: Iterable[Unsettled]) -> Mapping[UUID, Mapping[UUID, Fraction]]:
    """Return how the own side divides its share of these deals, by deal and person."""
    wanted = {(one.revenue.deal_id, one.division_version) for one in found if one.division_version}
    if not wanted:
        return {}
    rows = (
        select(SplitDivision.deal_id, SplitParticipant.user_id, SplitParticipant.parts, SplitDivision.whole)
        .join(
            SplitParticipant,
            and_(
                SplitParticipant.organization_id == SplitDivision.organization_id,
                SplitParticipant.deal_id == SplitDivision.deal_id,
                SplitParticipant.version == SplitDivision.version,
            ),
        )
        .where(
            SplitDivision.organization_id == actor.organization_id,
            tuple_(SplitDivision.deal_id, SplitDivision.version).in_(wanted),
        )
    )
    divided: dict[UUID, dict[UUID, Fraction]] = defaultdict(dict)
    for deal_id, user_id, parts, whole in db.rows(rows):
        divided[deal_id][user_id] = Fraction(parts, whole)
    return divided


def posted(actor: Actor, revenue_ids: Collection[UUID]) -> Posted:
    """Return what the books say of events."""
    sums = (
        select(
            Entry.revenue_id,
            Entry.user_id,
            Entry.rule,
            Entry.place,
            Entry.portion,
            Entry.account,
            func.sum(Entry.minor),
        )
        .where(Entry.organization_id == actor.organization_id, Entry.revenue_id.in_(revenue_ids))
        .group_by(Entry.revenue_id, Entry.user_id, Entry.rule, Entry.place, Entry.portion, Entry.account)
    )
    earned: dict[tuple[UUID, UUID], Counter[Key]] = defaultdict(Counter)
    fees: dict[UUID, Counter[Portion]] = defaultdict(Counter)
    released = set()
    for revenue_id, user_id, rule, place, portion, account, minor in db.rows(sums):
        if account is Account.COMMISSION:
            earned[revenue_id, user_id][Key(rule, place)] = int(minor)
        elif account is Account.PARTNER:
            fees[revenue_id][portion] = int(minor)
        elif account is Account.DUE:
            released.add((revenue_id, user_id))
    return Posted(earned, fees, frozenset(released))


def recorded(actor: Actor, revenue_ids: Collection[UUID]) -> Mapping[tuple[UUID, UUID], Recorded]:
    """Return what sellers were last said to have of events, by event and seller."""
    mine = Accrual.organization_id == actor.organization_id, Accrual.revenue_id.in_(revenue_ids)
    last = select(Accrual).where(*mine).ext(distinct_on(Accrual.revenue_id, Accrual.user_id))
    rows = last.order_by(Accrual.revenue_id, Accrual.user_id, Accrual.revision.desc())
    sums = select(Accrual.revenue_id, Accrual.user_id, func.sum(Accrual.credit_change), func.sum(Accrual.earned_change))
    totals = {
        (one, user): (int(credit), int(earned))
        for one, user, credit, earned in db.rows(sums.where(*mine).group_by(Accrual.revenue_id, Accrual.user_id))
    }
    return {
        (one.revenue_id, one.user_id): Recorded(one, *totals[one.revenue_id, one.user_id])
        for one in db.session().scalars(rows)
    }


def standings(actor: Actor, user_ids: Collection[UUID]) -> dict[tuple[UUID, UUID, date], Standing]:
    """Return what people's deals and earnings come to on record, by person, plan and the first day of a period."""
    key = Accrual.user_id, Accrual.plan_id, Accrual.quota_from
    rows = (
        select(*key, func.sum(Accrual.credit_change), func.sum(Accrual.earned_change))
        .where(Accrual.organization_id == actor.organization_id, Accrual.user_id.in_(user_ids))
        .group_by(*key)
    )
    return {
        (user_id, plan_id, begins): Standing(int(credit), int(earned))
        for user_id, plan_id, begins, credit, earned in db.rows(rows)
    }


def rates_of(currencies: Collection[str], begins: date, ends: date) -> Table:
    """Return the rates between these currencies for the days of events, as they are known by now."""
    return rates.table(rates.version_known(db.now()), currencies, begins, ends)


def last_closed(actor: Actor) -> date | None:
    """Return the first day of the last period that is closed."""
    rows = select(func.max(LedgerPeriod.starts_on)).where(
        LedgerPeriod.organization_id == actor.organization_id, LedgerPeriod.closed_at.is_not(None)
    )
    return db.session().execute(rows).scalar_one()


def releasable(actor: Actor, on: date, most: int) -> Sequence[Row[UUID, UUID, UUID, UUID, str, int]]:
    """Return what is held beyond its time: of which deal and event, whose, and how much (a credit, so negative)."""
    mine = actor.organization_id
    over = (
        select(Accrual.revenue_id, Accrual.user_id)
        .where(Accrual.organization_id == mine)
        .group_by(Accrual.revenue_id, Accrual.user_id)
        .having(func.max(Accrual.releases_on) <= on)
        .subquery()
    )
    key = Entry.partnership_id, Entry.deal_id, Entry.revenue_id, Entry.user_id, Entry.currency
    held = (
        select(*key, func.sum(Entry.minor))
        .join(over, and_(over.c.revenue_id == Entry.revenue_id, over.c.user_id == Entry.user_id))
        .where(Entry.organization_id == mine, Entry.account == Account.HELD)
        .group_by(*key)
        .having(func.sum(Entry.minor) != 0)
        .order_by(Entry.revenue_id, Entry.user_id)
        .limit(most)
    )
    return db.rows(held)


def balances(actor: Actor, account: Account, currency: str) -> Mapping[UUID, int]:
    """Return what everybody has on an account in a currency, by person: credits are negative."""
    rows = (
        select(Entry.user_id, func.sum(Entry.minor))
        .where(
            Entry.organization_id == actor.organization_id,
            Entry.account == account,
            Entry.currency == currency,
            Entry.user_id.is_not(None),
        )
        .group_by(Entry.user_id)
    )
    return {user_id: int(minor) for user_id, minor in db.rows(rows)}
