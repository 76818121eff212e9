"""Letting an organization's books follow what its deals came to: accrued, clawed back, released; each cent once.

What is posted is always the difference between what an event comes to now and what the books say of it, under the
books' lock and in one transaction. Interrupted anywhere and begun anew, it goes on where it was.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from partnercrm.incentives.accruing import Basis, Event, Owed, credits_of, fees, owed, partners_part, waits_for
from partnercrm.incentives.actions.posting import Draft, Line, insertion, post, write
from partnercrm.incentives.models.ledgers import Accrual, AccrualState
from partnercrm.incentives.plans import Standing, period_start
from partnercrm.incentives.posting import Account, Key, Kind, Waits, by_rule, moved
from partnercrm.incentives.queries import accruing as queries
from partnercrm.incentives.queries.accruing import Lot, Posted, Recorded, Unsettled
from partnercrm.incentives.queries.plans import InForce, PlansOf, plans_of
from partnercrm.incentives.sharing import Portion
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money
from partnercrm.rates.conversion import Table

AT_ONCE: Final = 500


class _Books(NamedTuple):
    """What some events are settled by."""

    organization_id: UUID
    posted: Posted
    recorded: Mapping[tuple[UUID, UUID], Recorded]
    sellers: Mapping[UUID, set[UUID]]
    standings: dict[tuple[UUID, UUID, date], Standing]
    plans: PlansOf
    rates: Table
    today: date
    begun: dict[tuple[UUID, date], InForce | None]

    def in_force(self, user_id: UUID, on: date) -> InForce | None:
        """Return the plan that pays somebody for what happens on a day; looked for once."""
        if (user_id, on) not in self.begun:
            self.begun[user_id, on] = self.plans.in_force(user_id, on)
        return self.begun[user_id, on]


class _Made(NamedTuple):
    """What is to be written."""

    drafts: list[Draft]
    accruals: list[dict[str, Any]]


def accrue(
    actor: Actor,
    after: tuple[datetime, UUID] | None = None,
    deal_id: UUID | None = None,
    *,
    again: bool = False,
    most: int = AT_ONCE,
) -> tuple[datetime, UUID] | None:
    """Let the books follow some events that they do not follow yet, of one deal if it is named.

    Return after which event to go on, None at the end. `again`: also those that waited for a plan.
    """
    queries.lock(actor)
    now = db.now()
    found = queries.unsettled(actor, now, Lot(deal_id, after, most, again))
    if not found:
        return None
    sharings, divisions = queries.sharings(found), queries.divisions(actor, found)
    events = [_event(one, sharings.get(one.revenue.deal_id), divisions.get(one.revenue.deal_id)) for one in found]
    books = _books(actor, found, events, now)
    made = _Made([], [])
    waits = [_settle(actor, one, event, books, made) for one, event in zip(found, events, strict=True)]
    post(actor, made.drafts)
    write(Accrual, made.accruals)
    _keep([_state(actor, one, missing, now) for one, missing in zip(found, waits, strict=True)])
    last = found[-1].revenue
    return (last.happened_at, last.id) if len(found) == most else None


def release(actor: Actor, most: int = 4 * AT_ONCE) -> int:
    """Let some of what was held for its time be due, a journal for each currency; return of how many entries."""
    queries.lock(actor)
    today = db.now().astimezone(UTC).date()
    lines: dict[str, list[Line]] = defaultdict(list)
    for partnership_id, deal_id, revenue_id, user_id, currency, minor in queries.releasable(actor, today, most):
        of = _of(partnership_id, deal_id, revenue_id) | {"user_id": user_id}
        for account, moves in ((Account.HELD, -int(minor)), (Account.DUE, int(minor))):
            lines[currency].append(Line(account, moves, currency, of))
    post(actor, [Draft(Kind.RELEASE, today, those) for those in lines.values()])
    return sum(map(len, lines.values()))


def _event(one: Unsettled, sharing: Any, division: Any) -> Event:
    revenue = one.revenue
    return Event(
        revenue.minor,
        revenue.currency,
        revenue.kind.value,
        one.on,
        revenue.product_line_id,
        one.refunded_minor,
        sharing,
        division,
    )


def _books(actor: Actor, found: list[Unsettled], events: list[Event], now: datetime) -> _Books:
    ids = [one.revenue.id for one in found]
    recorded = queries.recorded(actor, ids)
    sellers: dict[UUID, set[UUID]] = defaultdict(set)
    for revenue_id, user_id in recorded:
        sellers[revenue_id].add(user_id)
    people = {user_id for _, user_id in recorded} | {user_id for one in events for user_id in one.division or ()}
    plans = plans_of(actor, people, {one.accrual.plan_id for one in recorded.values()})
    days = [one.on for one in events]
    currencies = {one.currency for one in events} | {
        version.rules.currency for those in plans.versions.values() for version in those
    }
    return _Books(
        actor.organization_id,
        queries.posted(actor, ids),
        recorded,
        sellers,
        queries.standings(actor, people),
        plans,
        queries.rates_of(currencies, min(days), max(days)),
        now.astimezone(UTC).date(),
        {},
    )


def _settle(actor: Actor, one: Unsettled, event: Event, books: _Books, made: _Made) -> Waits | None:
    """Add what has to be posted for one event; return what is missing before it earns everybody what it should."""
    revenue, on = one.revenue, _day_of(one, event, books.today)
    of = _of(revenue.partnership_id, revenue.deal_id, revenue.id)
    made.drafts.extend(_fee(event, actor.organization_id, books.posted.fees.get(revenue.id, Counter()), on, of))
    waits = waits_for(event, actor.organization_id)
    credited = credits_of(event, actor.organization_id)
    lines: dict[Kind, list[Line]] = defaultdict(list)
    for user_id in sorted({*credited, *books.sellers[revenue.id]}):
        known = books.recorded.get((revenue.id, user_id))
        basis, missing = _basis(user_id, one, known, books)
        waits = waits or missing
        if basis is None:
            continue
        if known is not None and _is_shared_as(one, known):
            # Whatever rates say by now.
            credit: Money | None = Money(basis.credit_minor, basis.plan.currency)
        else:
            shared = Money(credited.get(user_id, 0), event.currency)
            credit = basis.credited(shared, event.on, books.rates)
        now_owed = owed(event, basis, credit) if credit else None
        if credit is None or now_owed is None:
            waits = waits or (Waits.RATE if credit is None else Waits.PLAN)
            continue
        before = books.posted.earned.get((revenue.id, user_id), Counter())
        is_released = (revenue.id, user_id) in books.posted.released
        new = _lines(now_owed, before, of | {"user_id": user_id}, is_released=is_released)
        # Each told by what it is for them: one may gain what another loses.
        lines[Kind.CLAWBACK if now_owed.minor < before.total() else Kind.ACCRUAL] += new
        if known is None or new or known.credit_minor != now_owed.credit_minor or not _is_shared_as(one, known):
            made.accruals.append(_accrual(actor, one, user_id, known, now_owed))
            _stand(books, user_id, one.on, known, now_owed)
    made.drafts.extend(Draft(kind, on, those) for kind, those in lines.items() if those)
    return waits


def _is_shared_as(one: Unsettled, known: Recorded) -> bool:
    """Tell whether an event is shared and divided as when a seller's part of it was put on record."""
    kept = known.accrual
    return (kept.agreement_version, kept.division_version) == (one.agreement_version, one.division_version)


def _basis(user_id: UUID, one: Unsettled, known: Recorded | None, books: _Books) -> tuple[Basis | None, Waits | None]:
    """Return by what a seller is paid for an event: as it was first put on record, else by the plan of its day."""
    if known is not None:
        kept = known.accrual
        plan = next(
            version.rules for version in books.plans.versions[kept.plan_id] if version.version == kept.plan_version
        )
        standing = Standing(kept.attained_minor, kept.earned_minor)
        basis = Basis(kept.plan_id, kept.plan_version, plan, kept.co_sell, standing, kept.credit_minor, kept.earned)
        return basis, None
    found = books.in_force(user_id, one.on)
    if found is None:
        return None, Waits.PLAN
    if found.rules.trigger.value != one.revenue.kind.value:
        return None, None
    whose = one.revenue
    part = partners_part(books.organization_id, whose.sourced_by, whose.influenced_by, is_late=whose.is_late)
    quota_from = period_start(found.rules.period, one.on)
    standing = books.standings.get((user_id, found.plan_id, quota_from), Standing())
    return Basis(found.plan_id, found.version, found.rules, part, standing), None


def _lines(now: Owed, before: Mapping[Key, int], of: dict[str, Any], *, is_released: bool) -> list[Line]:
    """Return the entries by which a seller has what they have now: what it costs by rule, and what they have of it."""
    currency = now.basis.plan.currency
    lines = [
        Line(Account.COMMISSION, minor, currency, of | key._asdict())
        for key, minor in moved(before, by_rule(now.parts))
    ]
    if net := sum(line.minor for line in lines):
        lines.append(Line(Account.DUE if is_released else Account.HELD, -net, currency, of))
    return lines


def _fee(
    event: Event, organization_id: UUID, before: Mapping[Portion, int], on: date, of: dict[str, Any]
) -> Iterable[Draft]:
    after = fees(event, organization_id)
    lines = []
    for portion in sorted({*before, *after}):
        if minor := after.get(portion, 0) - before.get(portion, 0):
            about = of | {"portion": portion}
            lines.append(Line(Account.PARTNER, minor, event.currency, about))
            lines.append(Line(Account.FEES, -minor, event.currency, about))
    return [Draft(Kind.FEE, on, lines)] if lines else []


def _day_of(one: Unsettled, event: Event, today: date) -> date:
    """Return the day of what is posted: the event's, that of the refund that came since, else today."""
    if one.state is None:
        return event.on
    if one.state.refunded_minor != one.refunded_minor and one.refunded_at:
        return one.refunded_at.astimezone(UTC).date()
    return today


def _accrual(actor: Actor, one: Unsettled, user_id: UUID, known: Recorded | None, now: Owed) -> dict[str, Any]:
    basis, revenue = now.basis, one.revenue
    return {
        "organization_id": actor.organization_id,
        "revenue_id": revenue.id,
        "user_id": user_id,
        "revision": known.accrual.revision + 1 if known else 1,
        "partnership_id": revenue.partnership_id,
        "deal_id": revenue.deal_id,
        "plan_id": basis.plan_id,
        "plan_version": basis.plan_version,
        "agreement_version": one.agreement_version,
        "division_version": one.division_version,
        "co_sell": basis.co_sell,
        "currency": basis.plan.currency,
        "quota_from": basis.quota_from(one.on),
        "releases_on": basis.releases_on(one.on),
        "credit_minor": basis.credit_minor,
        "attained_minor": basis.standing.attained_minor,
        "earned_minor": basis.standing.earned_minor,
        "credit_change": now.credit_minor - (known.credit_minor if known else 0),
        "earned_change": now.minor - (known.earned_minor if known else 0),
        "parts": [list(part) for part in basis.earned],
    }


def _stand(books: _Books, user_id: UUID, on: date, known: Recorded | None, now: Owed) -> None:
    """Let the next event of the same person find them where this one leaves them."""
    key = user_id, now.basis.plan_id, now.basis.quota_from(on)
    before = books.standings.get(key, Standing())
    books.standings[key] = Standing(
        before.attained_minor + now.credit_minor - (known.credit_minor if known else 0),
        before.earned_minor + now.minor - (known.earned_minor if known else 0),
    )


def _state(actor: Actor, one: Unsettled, waits: Waits | None, now: datetime) -> dict[str, Any]:
    return {
        "organization_id": actor.organization_id,
        "revenue_id": one.revenue.id,
        "partnership_id": one.revenue.partnership_id,
        "deal_id": one.revenue.deal_id,
        "agreement_version": one.agreement_version,
        "division_version": one.division_version,
        "refunded_minor": one.refunded_minor,
        "waits_for": waits,
        "settled_at": now,
    }


def _keep(states: list[dict[str, Any]]) -> None:
    """Write down what events were settled by, in place of what stood there."""
    made = insertion(AccrualState, tuple(states[0]))
    changing = ("agreement_version", "division_version", "refunded_minor", "waits_for", "settled_at")
    update = {name: getattr(made.excluded, name) for name in changing}
    kept = made.on_conflict_do_update(constraint="pk_accrual_states", set_=update)
    db.session().execute(kept, {"rows": db.as_rows(states)})


def _of(partnership_id: UUID, deal_id: UUID, revenue_id: UUID) -> dict[str, Any]:
    return {"partnership_id": partnership_id, "deal_id": deal_id, "revenue_id": revenue_id}
