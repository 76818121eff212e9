"""What an exchange came to by a measure in a window, in rows, in one currency: a sum over the append-only steps."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Text, and_, cast, func, null, or_
from sqlalchemy.orm import aliased

from partnercrm.kernel import db
from partnercrm.kernel.money import Money
from partnercrm.leads import reckoning
from partnercrm.leads.lifecycle import ContestStep, OfferStatus
from partnercrm.leads.models import LeadStep, Offer, money_of
from partnercrm.leads.models.following import LeadContest
from partnercrm.leads.queries import contests
from partnercrm.leads.queries.credits import is_repeated
from partnercrm.leads.queries.spans import in_span
from partnercrm.leads.reckoning import STEP_OF, VALUES, Alike, By, Cell, Closed, Realised, Reckoned, Row
from partnercrm.leads.spans import Span
from partnercrm.leads.tallies import Tally
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import Terms
from partnercrm.rates import queries as rates
from partnercrm.rates.conversion import BASE, Table
from partnercrm.rates.models import RateVersion

_DAY: Final = cast(func.timezone("UTC", LeadStep.happened_at), Date)
_KEYS: Final[Mapping[By, ColumnElement[Any]]] = {
    By.MONTH: func.to_char(func.timezone("UTC", LeadStep.happened_at), "YYYY-MM"),
    By.PRODUCT: cast(Offer.product_line_id, Text),
    By.REGION: Offer.country.expression,
    By.INDUSTRY: Offer.industry.expression,
}
_TOLD: Final[tuple[ColumnElement[Any], ...]] = (
    _DAY,
    LeadStep.currency.expression,
    LeadStep.value_minor.expression,
    LeadStep.value_band.expression,
)


class Asked(NamedTuple):
    """What is asked of the record: which months, which measure (None: the agreed one), which rows and currency."""

    window: Span = Span()
    measure: Reckoned | None = None
    by: By = By.MONTH
    currency: str = BASE


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The sum that was asked for: its total and rows, the version of the rates, what expectations came to by side."""

    measure: Reckoned
    by: By
    window: Span
    currency: str
    rates: RateVersion | None
    realised: tuple[Realised, Realised] | None
    total: tuple[Cell, Cell]
    rows: list[Row]

    @property
    def share_first(self) -> Fraction | None:
        """The first organization's share of the total, in [0, 1]: of values where these are reckoned, else of leads."""
        first, second = (cell.leads if cell.value is None else cell.value.minor for cell in self.total)
        return Fraction(first, first + second) if first + second else None


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of a partnership at a moment: its steps, their tallies by month, its sides and terms.

    `restored` are the cases by which leads that were not taken are credited.
    """

    partnership_id: UUID
    as_of: datetime
    rows: Callable[[], Select[Any]]
    restored: Callable[[], Select[Any]]
    tallies: Sequence[Tally]
    sides: Sequence[UUID]
    agreed: Sequence[Terms]


def reckoned(known: Known, asked: Asked, agreed_measure: Measure) -> Reckoning:
    """Return what was asked of the steps that were known; sides are ordered by organization."""
    measure = asked.measure or Reckoned(agreed_measure.value)
    version = rates.version_known(known.as_of)
    found = _alike(known, measure, asked)
    closed = _closed(known) if measure is Reckoned.EXPECTED_VALUE else []
    convert = partial(_converted, _table(version, asked.currency, found, closed), asked.currency)
    realised = [
        reckoning.realised([one for one in closed if one.giver_id == side], asked.currency, convert)
        for side in known.sides
    ]
    scales = [came.ratio for came in realised]
    currency = asked.currency if measure in VALUES else None

    def cells(steps: Iterable[Alike]) -> tuple[Cell, Cell]:
        by_side: dict[UUID, list[Alike]] = {side: [] for side in known.sides}
        for one in steps:
            by_side[one.giver_id].append(one)
        first, second = (
            reckoning.cell(by_side[side], currency, convert, scale)
            for side, scale in zip(known.sides, scales, strict=True)
        )
        return first, second

    return Reckoning(
        measure=measure,
        by=asked.by,
        window=asked.window,
        currency=asked.currency,
        rates=version,
        realised=(realised[0], realised[1]) if measure is Reckoned.EXPECTED_VALUE else None,
        total=cells(found),
        rows=reckoning.rows(found, cells, _names(asked.by, known.agreed)),
    )


def is_counted(measure: Reckoned, partnership_id: UUID, as_of: datetime) -> ColumnElement[bool]:
    """Tell of a step whether it counts by a measure, as known at `as_of`: of a company's need one in 90 days."""
    counts: ColumnElement[bool] = LeadStep.step == STEP_OF[measure]
    if measure is Reckoned.QUALIFIED:
        return and_(or_(counts, contests.is_corrected(as_of)), ~is_repeated(partnership_id, as_of))
    if STEP_OF[measure] is OfferStatus.ACCEPTED:
        return and_(counts, ~is_repeated(partnership_id, as_of, Measure.ACCEPTED))
    return counts


def _alike(known: Known, measure: Reckoned, asked: Asked) -> list[Alike]:
    """Return the steps that count, alike ones together; of what is only counted neither day nor value."""
    step = STEP_OF[measure]
    if asked.by is By.MONTH and measure not in VALUES:
        counting = {step, ContestStep.RESTORED} if measure is Reckoned.QUALIFIED else {step}
        told = [one for one in known.tallies if one.step in counting and one.counting and asked.window.holds(one.month)]
        return [Alike(one.month, one.giver_id, None, None, None, None, one.counting) for one in told]
    counts = is_counted(measure, known.partnership_id, known.as_of)
    kinds = (_KEYS[asked.by], LeadStep.giver_id.expression)
    alike = (*kinds, *_TOLD) if measure in VALUES else kinds
    untold = () if measure in VALUES else (null(),) * len(_TOLD)
    rows = known.rows() if asked.by is By.MONTH else known.rows().join(Offer, Offer.id == LeadStep.offer_id)
    found: Select[Any] = (
        rows.where(counts, in_span(asked.window, LeadStep.happened_at))
        .with_only_columns(*alike, *untold, func.count())
        .group_by(*alike)
    )
    restored = _restored(known, asked) if measure is Reckoned.QUALIFIED else []
    return [*(Alike(*row) for row in db.rows(found)), *restored]


def _restored(known: Known, asked: Asked) -> list[Alike]:
    """Return the cases that credit a lead, by what its offer says of it."""
    kinds = (_KEYS[asked.by], LeadContest.giver_id.expression)
    found: Select[Any] = (
        known.restored()
        .join(Offer, Offer.id == LeadContest.offer_id)
        .where(in_span(asked.window, LeadContest.happened_at))
        .with_only_columns(*kinds, *(null(),) * len(_TOLD), func.count())
        .group_by(*kinds)
    )
    return [Alike(*row) for row in db.rows(found)]


def _closed(known: Known) -> list[Closed]:
    """Return the leads that were won or lost, of which both the expectation and what came is known exactly."""
    accepted = aliased(LeadStep)
    accepted_on = cast(func.timezone("UTC", accepted.happened_at), Date)
    ends = or_(LeadStep.step == OfferStatus.LOST, LeadStep.value_minor.is_not(None))
    kinds: tuple[ColumnElement[Any], ...] = (
        *(LeadStep.giver_id.expression, accepted.value_minor.expression, accepted.currency.expression, accepted_on),
        *(LeadStep.value_minor.expression, LeadStep.currency.expression, _DAY),
    )
    found: Select[Any] = (
        known.rows()
        .join(accepted, and_(accepted.offer_id == LeadStep.offer_id, accepted.step == OfferStatus.ACCEPTED))
        .where(
            LeadStep.step.in_((OfferStatus.WON, OfferStatus.LOST)),
            ends,
            accepted.value_minor.is_not(None),
            accepted.recorded_at <= known.as_of,
        )
        .with_only_columns(*kinds, func.count())
        .group_by(*kinds)
    )
    return [
        Closed(giver, Money(hoped, code), accepted_on, money_of(won, currency), closed_on, leads)
        for giver, hoped, code, accepted_on, won, currency, closed_on, leads in db.rows(found)
    ]


def _table(version: RateVersion | None, currency: str, found: Sequence[Alike], closed: Sequence[Closed]) -> Table:
    """Return the rates of all that is to be converted."""
    days = {one.on_day for one in found if one.on_day and one.currency}
    days |= {day for one in closed for day in (one.accepted_on, one.closed_on)}
    currencies = {one.currency for one in found if one.currency} | {one.expected.currency for one in closed}
    currencies |= {one.won.currency for one in closed if one.won} | {currency}
    return rates.table(version, currencies, min(days), max(days)) if days else Table(())


def _converted(table: Table, currency: str, amount: Money, on_day: date) -> Money | None:
    return table.converted(amount, currency, on_day)


def _names(by: By, agreed: Sequence[Terms]) -> Mapping[str, str]:
    """Return what product lines are called by the latest terms that name them."""
    if by is not By.PRODUCT:
        return {}
    return {str(line.id): line.name for terms in agreed for line in terms.product_lines}
