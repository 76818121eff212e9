"""The record behind a report, entry by entry: every step and every contest, with the rates that values went by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, or_

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money
from partnercrm.leads.lifecycle import ContestStep, OfferStatus
from partnercrm.leads.models import LeadStep, Offer, money_of
from partnercrm.leads.models.following import LeadContest, WindowTotal
from partnercrm.leads.queries import contests, pursuits
from partnercrm.leads.queries.credits import is_repeated, leads_repeated
from partnercrm.leads.queries.reports import moment_known, steps_seen_by
from partnercrm.leads.spans import Span
from partnercrm.partnerships.measures import Measure
from partnercrm.rates import queries as rates
from partnercrm.rates.conversion import Quote, Table
from partnercrm.web.paging import Page, page

_MANY: Final = 1000
_SORTS: Final = {"recorded_at": LeadStep.recorded_at}
TOLD: Final = ("pursued", "influenced")


@dataclass(frozen=True, slots=True)
class Entry:
    """A step or a contest of an offered lead, and for its value the rates of its day and what it comes to.

    `counts` says of a lead that was accepted, that counts as qualified, or whose credit a case restored, whether it
    counts, yes or no: of one company's need one does in 90 days. What an ended window told is of no offer: so many
    `leads` in its `window`.
    """

    offer_id: UUID | None
    giver_id: UUID
    receiver_id: UUID
    step: str
    reason: str | None
    happened_at: datetime
    recorded_at: datetime
    counts: str | None = None
    respond_by: datetime | None = None
    country: str | None = None
    industry: str | None = None
    product_line_id: UUID | None = None
    value: Money | None = None
    value_currency: str | None = None
    value_band: str | None = None
    rate: Decimal | None = None
    rate_on: str | None = None
    into_rate: Decimal | None = None
    into_rate_on: str | None = None
    converted: Money | None = None
    window: str | None = None
    leads: int | None = None


class Record:
    """What was recorded of one partnership's exchange by a moment, in the order of its recording; the same for both."""

    def __init__(self, actor: Actor, partnership_id: UUID, as_of: datetime | None, currency: str) -> None:
        self._partnership_id, self._currency = partnership_id, currency
        self.as_of = moment_known(actor, partnership_id, as_of)

    def entries(self, actor: Actor, cursor: str | None) -> Page:
        """Return the entries after a cursor; contests and totals follow the last step. Raises NotFound."""
        moment_known(actor, self._partnership_id, self.as_of)
        rows = (
            steps_seen_by(actor)
            .join(Offer, Offer.id == LeadStep.offer_id)
            .add_columns(Offer.respond_by, Offer.country, Offer.industry, Offer.product_line_id, self._counts())
            .where(LeadStep.partnership_id == self._partnership_id, LeadStep.recorded_at <= self.as_of)
        )
        asked: Mapping[str, Any] = {"sort": "recorded_at", "limit": _MANY, "of": self._partnership_id}
        given = {**asked, "cursor": cursor} if cursor else asked
        found = page(actor, rows, given, sorts=_SORTS, key=LeadStep.id, shown=lambda row: row)
        table = self._table(row[0] for row in found.items)
        steps = [self._step(row, table) for row in found.items]
        return Page(steps if found.next else [*steps, *self._contests(actor), *self._totals(actor)], found.next)

    def _counts(self) -> ColumnElement[Any]:
        measures = {
            Measure.ACCEPTED: LeadStep.step == OfferStatus.ACCEPTED,
            Measure.QUALIFIED: or_(LeadStep.step == OfferStatus.QUALIFIED, contests.is_corrected(self.as_of)),
        }
        repeated = [and_(of, is_repeated(self._partnership_id, self.as_of, by)) for by, of in measures.items()]
        return case((or_(*repeated), "no"), (or_(*measures.values()), "yes")).label("counts")

    def _table(self, steps: Iterable[LeadStep]) -> Table:
        told = [step for step in steps if step.value_minor is not None and step.currency]
        if not told:
            return Table(())
        days = [step.happened_at.astimezone(UTC).date() for step in told]
        currencies = {step.currency for step in told if step.currency} | {self._currency}
        return rates.table(rates.version_known(self.as_of), currencies, min(days), max(days))

    def _step(self, row: Any, table: Table) -> Entry:
        step, respond_by, country, industry, product_line_id, counts = row[:6]
        value = money_of(step.value_minor, step.currency)
        day = step.happened_at.astimezone(UTC).date()
        of, into = (table.quote(code, day) if value else None for code in (step.currency, self._currency))
        return Entry(
            **_of(step),
            step=step.step.value,
            reason=step.reason,
            counts=counts,
            respond_by=respond_by,
            country=country,
            industry=industry,
            product_line_id=product_line_id,
            value=value,
            value_currency=step.currency,
            value_band=step.value_band.value if step.value_band else None,
            **_rates(of, into),
            converted=table.converted(value, self._currency, day) if value else None,
        )

    def _contests(self, actor: Actor) -> list[Entry]:
        repeated = LeadContest.offer_id.in_(leads_repeated(self._partnership_id, self.as_of))
        counts = case((LeadContest.step != ContestStep.RESTORED, None), (repeated, "no"), else_="yes")
        rows = contests.contests_seen_by(actor).where(
            LeadContest.partnership_id == self._partnership_id, LeadContest.recorded_at <= self.as_of
        )
        found = rows.add_columns(counts).order_by(LeadContest.recorded_at, LeadContest.id)
        return [
            Entry(**_of(one), step=one.step.value, reason=None, counts=does)
            for one, does in db.session().execute(found)
        ]

    def _totals(self, actor: Actor) -> list[Entry]:
        found = pursuits.totals(actor, self._partnership_id, self.as_of)
        return [_told(one, step, leads) for one in found for step in TOLD if (leads := getattr(one, step)) is not None]


def _of(one: LeadStep | LeadContest) -> dict[str, Any]:
    names = ("offer_id", "giver_id", "receiver_id", "happened_at", "recorded_at")
    return {name: getattr(one, name) for name in names}


def _told(one: WindowTotal, step: str, leads: int) -> Entry:
    window = Span(one.first_month, one.last_month)
    return Entry(
        offer_id=None,
        giver_id=one.giver_id,
        receiver_id=one.receiver_id,
        step=step,
        reason=None,
        happened_at=cast(datetime, window.ends_before),
        recorded_at=one.recorded_at,
        window=str(window),
        leads=leads,
    )


def _rates(of: Quote | None, into: Quote | None) -> dict[str, Any]:
    return {
        "rate": of.rate if of else None,
        "rate_on": of.on_day.isoformat() if of else None,
        "into_rate": into.rate if into else None,
        "into_rate_on": into.on_day.isoformat() if into else None,
    }
