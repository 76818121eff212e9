"""Reading an organization's books: to each person what is theirs, to who pays what is due; never the partner's."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, case, exists, false, func, select
from sqlalchemy.orm import selectinload

from partnercrm.incentives.models.ledgers import (
    Accrual,
    AccrualState,
    Entry,
    ImportedEarning,
    Journal,
    LeadBonus,
    LedgerPeriod,
    PayOut,
    PayOutStatus,
)
from partnercrm.incentives.plans import CoSell, Rule
from partnercrm.incentives.posting import Account, Kind, Waits
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.kernel.money import Money
from partnercrm.web.paging import Page, page

PAY: Final = "incentives:pay"
# What a person's statement tells of a journal: what was earned by rule, else what became due or was paid.
_TOLD: Final = {Kind.RELEASE: Account.DUE, Kind.PAY_OUT: Account.PAID}


class Balance(NamedTuple):
    """What somebody has in a currency: earned is what was clawed back, held, is due and was paid."""

    currency: str
    earned: Money
    clawed_back: Money
    held: Money
    due: Money
    paid: Money


class StatementLine(NamedTuple):
    """A cent's origin: its deal and event, the rule and the plan's version that made it."""

    deal_id: UUID | None
    revenue_id: UUID | None
    rule: Rule | None
    place: int | None
    amount: Money
    accrual: Accrual | None
    reference: str | None = None
    offer_id: UUID | None = None

    @property
    def plan_id(self) -> UUID | None:
        """By which plan."""
        return self.accrual.plan_id if self.accrual else None

    @property
    def plan_version(self) -> int | None:
        """By which version of it."""
        return self.accrual.plan_version if self.accrual else None

    @property
    def co_sell(self) -> CoSell | None:
        """Which part the partner had."""
        return self.accrual.co_sell if self.accrual else None


class StatementItem(NamedTuple):
    """What one journal says to one person."""

    journal: Journal
    lines: Sequence[StatementLine]

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the journal."""
        return getattr(self.journal, name)

    @property
    def total(self) -> Money:
        """What it comes to; a journal has one currency for one person."""
        return Money(sum(line.amount.minor for line in self.lines), self.lines[0].amount.currency)


def journals_seen_by(actor: Actor) -> Select[Journal]:
    """Return the own organization's journals that say something to the actor."""
    rows = select(Journal).where(Journal.organization_id == actor.organization_id)
    return rows.where(
        exists().where(
            Entry.organization_id == Journal.organization_id,
            Entry.journal_id == Journal.id,
            Entry.user_id == actor.user_id,
        )
    )


def ledger_entries_seen_by(actor: Actor) -> Select[Entry]:
    """Return the actor's own entries: nobody reads a colleague's."""
    return select(Entry).where(Entry.organization_id == actor.organization_id, Entry.user_id == actor.user_id)


def accruals_seen_by(actor: Actor) -> Select[Accrual]:
    """Return by what the actor's own earnings were made."""
    return select(Accrual).where(Accrual.organization_id == actor.organization_id, Accrual.user_id == actor.user_id)


def simulated_accruals_seen_by(actor: Actor) -> Select[Accrual]:
    """Return, to who keeps plans, by what the own organization's people are paid: to try another plan on it."""
    rows = select(Accrual).where(Accrual.organization_id == actor.organization_id)
    return rows if actor.has("incentives:write") else rows.where(false())


def accrual_states_seen_by(actor: Actor) -> Select[AccrualState]:
    """Return, to who pays, how far the own organization's books follow its deals."""
    rows = select(AccrualState).where(AccrualState.organization_id == actor.organization_id)
    return rows if actor.has(PAY) else rows.where(false())


def ledger_periods_seen_by(actor: Actor) -> Select[LedgerPeriod]:
    """Return the months of the own organization's books."""
    return select(LedgerPeriod).where(LedgerPeriod.organization_id == actor.organization_id)


def pay_outs_seen_by(actor: Actor) -> Select[PayOut]:
    """Return, to who pays, the own organization's pay-outs."""
    rows = select(PayOut).where(PayOut.organization_id == actor.organization_id)
    return rows if actor.has(PAY) else rows.where(false())


def balances(actor: Actor) -> list[Balance]:
    """Return what the actor has, by currency."""
    clawed = func.sum(case((Journal.kind == Kind.CLAWBACK, Entry.minor), else_=0))
    rows = (
        ledger_entries_seen_by(actor)
        .join(Journal, (Journal.organization_id == Entry.organization_id) & (Journal.id == Entry.journal_id))
        .with_only_columns(Entry.currency, Entry.account, func.sum(Entry.minor), clawed)
        .group_by(Entry.currency, Entry.account)
    )
    found: dict[str, dict[Account, tuple[int, int]]] = {}
    for currency, account, minor, back in db.rows(rows):
        found.setdefault(currency, {})[account] = (int(minor), int(back))
    told = []
    for currency, sums in sorted(found.items()):
        cost, back = sums.get(Account.COMMISSION, (0, 0))
        minors = (cost - back, -back, *(-sums.get(one, (0, 0))[0] for one in (Account.HELD, Account.DUE, Account.PAID)))
        told.append(Balance(currency, *(Money(minor, currency) for minor in minors)))
    return told


def statement(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of what the books say to the actor, of one period if it is named."""
    rows = journals_seen_by(actor)
    if given.get("period_on"):
        rows = rows.where(Journal.period_on == given["period_on"])
    found = page(actor, rows, given, sorts={"recorded_at": Journal.recorded_at}, key=Journal.id)
    lines = _lines(actor, found.items)
    return Page([StatementItem(one, lines[one.id]) for one in found.items], found.next)


def statement_item(actor: Actor, journal_id: UUID) -> StatementItem:
    """Return what one journal says to the actor. Raises NotFound."""
    found = db.session().scalars(journals_seen_by(actor).where(Journal.id == journal_id)).one_or_none()
    lines = _lines(actor, [found])[found.id] if found else []
    if found is None or not lines:
        raise NotFound
    return StatementItem(found, lines)


def _lines(actor: Actor, journals: Collection[Journal]) -> dict[UUID, list[StatementLine]]:
    kinds = {one.id: one.kind for one in journals}
    rows = ledger_entries_seen_by(actor).where(Entry.journal_id.in_(kinds)).order_by(Entry.journal_id, Entry.line)
    entries = db.session().scalars(rows).all()
    made = accruals_seen_by(actor).where(Accrual.revenue_id.in_({one.revenue_id for one in entries}))
    accruals = {one.revenue_id: one for one in db.session().scalars(made.order_by(Accrual.revision))}
    references = _references(actor, [one for one, kind in kinds.items() if kind is Kind.IMPORT])
    offers = _offers(actor, [one for one, kind in kinds.items() if kind is Kind.BONUS])
    found: dict[UUID, list[StatementLine]] = {one: [] for one in kinds}
    for one in entries:
        told = _TOLD.get(kinds[one.journal_id], Account.COMMISSION)
        if one.account is told:
            minor = one.minor if told is Account.COMMISSION else -one.minor
            accrual = accruals.get(one.revenue_id) if one.revenue_id else None
            amount, about = Money(minor, one.currency), (references.get(one.journal_id), offers.get(one.journal_id))
            line = StatementLine(one.deal_id, one.revenue_id, one.rule, one.place, amount, accrual, *about)
            found[one.journal_id].append(line)
    return found


def lead_bonuses_seen_by(actor: Actor) -> Select[LeadBonus]:
    """Return the actor's own bonuses for leads."""
    mine = LeadBonus.organization_id == actor.organization_id, LeadBonus.user_id == actor.user_id
    return select(LeadBonus).where(*mine)


def _references(actor: Actor, journal_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return under which key another system knows what these journals posted."""
    if not journal_ids:
        return {}
    rows = select(ImportedEarning.journal_id, ImportedEarning.external_id).where(
        ImportedEarning.organization_id == actor.organization_id, ImportedEarning.journal_id.in_(journal_ids)
    )
    return dict(db.rows(rows))


def _offers(actor: Actor, journal_ids: Collection[UUID]) -> Mapping[UUID | None, UUID]:
    """Return for which leads these journals posted a bonus."""
    if not journal_ids:
        return {}
    rows = lead_bonuses_seen_by(actor).where(LeadBonus.journal_id.in_(journal_ids))
    return {one.journal_id: one.offer_id for one in db.session().scalars(rows)}


def due(actor: Actor) -> list[Money]:
    """Return, to who pays, what is due to everybody it is due to, by currency."""
    if not actor.has(PAY):
        return []
    each = (
        select(Entry.currency, func.sum(Entry.minor).label("minor"))
        .where(Entry.organization_id == actor.organization_id, Entry.account == Account.DUE)
        .group_by(Entry.currency, Entry.user_id)
        .having(func.sum(Entry.minor) < 0)
        .subquery()
    )
    rows = select(each.c.currency, func.sum(each.c.minor)).group_by(each.c.currency).order_by(each.c.currency)
    return [Money(-int(minor), currency) for currency, minor in db.rows(rows)]


def waiting(actor: Actor) -> dict[Waits, int]:
    """Return how many events of the own organization's deals earn nothing yet, by what is missing."""
    rows = (
        accrual_states_seen_by(actor)
        .where(AccrualState.waits_for.is_not(None))
        .with_only_columns(AccrualState.waits_for, func.count())
        .group_by(AccrualState.waits_for)
    )
    return dict(sorted((waits, count) for waits, count in db.rows(rows)))


def periods(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of the months of the books."""
    sorts = {"starts_on": LedgerPeriod.starts_on}
    return page(actor, ledger_periods_seen_by(actor), given, sorts=sorts, key=LedgerPeriod.starts_on)


def period(actor: Actor, starts_on: date) -> LedgerPeriod | None:
    """Return one month of the books, if anything was ever posted to it."""
    rows = ledger_periods_seen_by(actor).where(LedgerPeriod.starts_on == starts_on)
    return db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()


def first_open(actor: Actor) -> LedgerPeriod | None:
    """Return the first month that is not closed."""
    rows = ledger_periods_seen_by(actor).where(LedgerPeriod.closed_at.is_(None))
    return db.session().scalars(rows.order_by(LedgerPeriod.starts_on).limit(1)).one_or_none()


def pay_outs(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of pay-outs."""
    rows = pay_outs_seen_by(actor).options(selectinload(PayOut.lines))
    return page(actor, rows, given, sorts={"proposed_at": PayOut.proposed_at}, key=PayOut.id)


def counts_open(actor: Actor) -> int:
    """Return how many pay-outs wait for the actor, who did not propose them."""
    rows = pay_outs_seen_by(actor).where(PayOut.status == PayOutStatus.PROPOSED, PayOut.proposed_by != actor.user_id)
    return db.session().execute(rows.with_only_columns(func.count())).scalar_one()


def pay_out(actor: Actor, pay_out_id: UUID, *, lock: bool = False) -> PayOut:
    """Return one pay-out with its lines. Raises NotFound."""
    rows = pay_outs_seen_by(actor).where(PayOut.id == pay_out_id).options(selectinload(PayOut.lines))
    if lock:
        rows = rows.with_for_update(of=PayOut)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found
