"""What leads came to by a measure, in rows that sum to their total: counts, and values in one currency. Exact, pure.

Every amount is converted and scaled by itself, to whole minor units; whatever groups are made of amounts, their sums
are then sums of the same integers.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.kernel.money import Money
from partnercrm.leads.bands import ValueBand
from partnercrm.leads.lifecycle import OfferStatus

LEAST_CLOSED: Final = 8
Convert = Callable[[Money, date], Money | None]


class Reckoned(StrEnum):
    """What is reckoned: leads that came so far, what givers expected of accepted ones, what was won."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    QUALIFIED = "qualified"
    WON = "won"
    EXPECTED_VALUE = "expected_value"
    WON_VALUE = "won_value"


class By(StrEnum):
    """Into which rows a sum is divided."""

    MONTH = "month"
    PRODUCT = "product"
    REGION = "region"
    INDUSTRY = "industry"


STEP_OF: Final = {
    Reckoned.OFFERED: OfferStatus.OFFERED,
    Reckoned.ACCEPTED: OfferStatus.ACCEPTED,
    Reckoned.QUALIFIED: OfferStatus.QUALIFIED,
    Reckoned.WON: OfferStatus.WON,
    Reckoned.EXPECTED_VALUE: OfferStatus.ACCEPTED,
    Reckoned.WON_VALUE: OfferStatus.WON,
}
VALUES: Final = frozenset({Reckoned.EXPECTED_VALUE, Reckoned.WON_VALUE})


class Alike(NamedTuple):
    """Steps that are alike: the row they belong to (None: not given), whose, when, what they tell, how many."""

    key: str | None
    giver_id: UUID
    on_day: date | None
    currency: str | None
    minor: int | None
    band: ValueBand | None
    steps: int


class InBand(NamedTuple):
    """How many leads were told in one band of a currency."""

    band: ValueBand
    currency: str
    leads: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What one side gave: leads, and of values what they come to, what was told, and what cannot be summed.

    `value` is the sum in the report's currency of what could be converted, scaled where that was asked; `as_told` are
    the sums of amounts in their own currencies, `unconverted` those of them for which there was no rate.
    """

    leads: int
    value: Money | None
    as_told: list[Money]
    unconverted: list[Money]
    in_bands: list[InBand]
    untold: int


@dataclass(frozen=True, slots=True)
class Row:
    """What both sides gave of one month, product line, country or industry; `key` None: not given."""

    key: str | None
    name: str | None
    first: Cell
    second: Cell


@dataclass(frozen=True, slots=True)
class Realised:
    """What became of a side's expectations: closed leads of which both are known exactly, and their two sums.

    `ratio` is won over expected, by which expectations are scaled; None until eight leads are closed.
    """

    closed: int
    expected: Money
    won: Money

    @property
    def ratio(self) -> Fraction | None:
        """How much of what was expected came true."""
        if self.closed < LEAST_CLOSED or not self.expected.minor:
            return None
        return Fraction(self.won.minor, self.expected.minor)


class Closed(NamedTuple):
    """Leads closed alike: what was expected on the day of acceptance, what was won when they closed; how many."""

    giver_id: UUID
    expected: Money
    accepted_on: date
    won: Money | None
    closed_on: date
    leads: int


def realised(closed: Iterable[Closed], currency: str, convert: Convert) -> Realised:
    """Return how a side's expectations came true, of leads whose amounts can be converted."""
    leads = expected = won = 0
    for one in closed:
        hoped = convert(one.expected, one.accepted_on)
        came = convert(one.won, one.closed_on) if one.won else Money(0, currency)
        if hoped is not None and came is not None:
            leads += one.leads
            expected += hoped.minor * one.leads
            won += came.minor * one.leads
    return Realised(leads, Money(expected, currency), Money(won, currency))


def cell(steps: Iterable[Alike], currency: str | None, convert: Convert, scale: Fraction | None = None) -> Cell:
    """Return what steps of one side sum to; without a currency only leads are counted."""
    leads = value = untold = 0
    as_told: Counter[str] = Counter()
    unconverted: Counter[str] = Counter()
    in_bands: Counter[tuple[str, ValueBand]] = Counter()
    for one in steps:
        leads += one.steps
        if currency is None:
            continue
        if one.minor is not None and one.currency and one.on_day:
            as_told[one.currency] += one.minor * one.steps
            converted = convert(Money(one.minor, one.currency), one.on_day)
            if converted is None:
                unconverted[one.currency] += one.minor * one.steps
            else:
                value += (converted.minor if scale is None else round(converted.minor * scale)) * one.steps
        elif one.band and one.currency:
            in_bands[one.currency, one.band] += one.steps
        else:
            untold += one.steps
    return Cell(
        leads,
        Money(value, currency) if currency else None,
        _sums(as_told),
        _sums(unconverted),
        [InBand(band, code, in_bands[code, band]) for code, band in sorted(in_bands, key=_band_place)],
        untold,
    )


def rows(
    steps: Sequence[Alike], cells: Callable[[Iterable[Alike]], tuple[Cell, Cell]], names: Mapping[str, str]
) -> list[Row]:
    """Return a row for each key in the order of names, else of keys; what has none comes last."""
    by_key: dict[str | None, list[Alike]] = defaultdict(list)
    for one in steps:
        by_key[one.key].append(one)
    ordered = sorted(by_key, key=lambda key: (key is None, names.get(key or "", key or ""), key or ""))
    return [Row(key, names.get(key) if key else None, *cells(by_key[key])) for key in ordered]


def _sums(by_currency: Mapping[str, int]) -> list[Money]:
    return [Money(by_currency[currency], currency) for currency in sorted(by_currency)]


def _band_place(key: tuple[str, ValueBand]) -> tuple[str, int]:
    return key[0], _ORDER.index(key[1])


_ORDER: Final = tuple(ValueBand)
