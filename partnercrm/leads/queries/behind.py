"""The leads behind a figure of the report: those that a measure counts in the months that were asked for."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_

from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor
from partnercrm.leads.models import LeadStep, Offer
from partnercrm.leads.models.following import LeadContest
from partnercrm.leads.queries.exchange import FILTERS, SORTS, OfferSeen, offers_seen_by, shown_as
from partnercrm.leads.queries.reckoning import is_counted
from partnercrm.leads.queries.reports import cases_restoring, moment_known, steps_seen_by, taken_back
from partnercrm.leads.queries.spans import in_span
from partnercrm.leads.reckoning import Reckoned
from partnercrm.leads.spans import Span
from partnercrm.web.paging import Page, page


class Figure(NamedTuple):
    """What a figure counts: by which measure, in which months of what happened, as known at which moment."""

    measure: Reckoned
    window: Span
    as_of: datetime | None


def offers(actor: Actor, partnership_id: UUID, figure: Figure, given: Mapping[str, Any]) -> Page:
    """Return a page of the leads of one exchange that a figure counts, from both sides. Raises NotFound, Invalid."""
    as_of = moment_known(actor, partnership_id, figure.as_of)
    rows = offers_seen_by(actor).where(_is_counted(actor, partnership_id, figure, as_of))
    rows = rows.where(*(column == given[name] for name, column in FILTERS.items() if name in given))
    asked = {**given, "of": partnership_id, "figure": str(figure)}
    shown = partial(OfferSeen, actor, names=identity.names_in_lists(actor))
    return page(actor, shown_as(rows), asked, sorts=SORTS, key=Offer.id, shown=shown)


def _is_counted(actor: Actor, partnership_id: UUID, figure: Figure, as_of: datetime) -> ColumnElement[bool]:
    known = steps_seen_by(actor).where(LeadStep.partnership_id == partnership_id, LeadStep.recorded_at <= as_of)
    counts = is_counted(figure.measure, partnership_id, as_of), in_span(figure.window, LeadStep.happened_at)
    counted = Offer.id.in_(known.where(*counts, ~taken_back(as_of)).with_only_columns(LeadStep.offer_id))
    if figure.measure is not Reckoned.QUALIFIED:
        return counted
    cases = cases_restoring(actor, partnership_id, as_of).where(in_span(figure.window, LeadContest.happened_at))
    return or_(counted, Offer.id.in_(cases.with_only_columns(LeadContest.offer_id)))
