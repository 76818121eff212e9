"""Reading each completed month of an exchange once, and opening or closing the search for a cause by what it says.

The reading, the case and all that follows are one transaction: a run that was killed left nothing, one that comes a
second time finds the month read.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import ceil, floor
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from partnercrm.calendars import queries as calendars
from partnercrm.calendars.business_time import due_days
from partnercrm.cases import queries as cases
from partnercrm.cases.actions import begin_analysis, end_analysis
from partnercrm.cases.lifecycle import OVER
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads import drift
from partnercrm.leads.actions.exhibiting import finding
from partnercrm.leads.clusters import leads
from partnercrm.leads.drift import Change, Reading, Standing, Yardstick
from partnercrm.leads.intervals import interval
from partnercrm.leads.models.drifting import DriftReading
from partnercrm.leads.queries import drifting, factsheets
from partnercrm.leads.queries.factsheets import FactSheet
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership

DUE_DAYS: Final = 10
_NOISE: Final = 1e-9
_CLAIMS: Final = "More than chance moved the exchange out of the agreed tolerance. Let us look for the cause together."
_TITLES: Final = {
    Change.OPENS: "The fact sheet, as of {day}",
    Change.CLOSES: "The exchange is back within the tolerance, as of {day}",
    Change.LAPSES: "Something else was agreed; this search ends with what it rested on, as of {day}",
}


def read_months(actor: Actor) -> None:
    """Read the last completed month of every partnership whose first side is the actor's organization."""
    month = _month_before(clock.now())
    with db.transaction(actor, read_only=True):
        waiting = drifting.to_read(actor, month)
    for partnership_id in waiting:
        with db.transaction(actor):
            read_month(actor, partnership_id)


def read_month(actor: Actor, partnership_id: UUID) -> None:
    """Read the last completed month of one partnership, unless it was read, and do what follows from it."""
    if not partnerships.is_held(actor, partnership_id):
        return
    drifting.wait_for_others(partnership_id)
    actor = replace(actor, partnership_ids=frozenset({partnership_id}))
    sheet = factsheets.fact_sheet(actor, partnership_id, None)
    before = drifting.latest(actor, partnership_id)
    month = _month_before(sheet.report.as_of)
    if before is not None and before.month >= month:
        return
    found = _reading(sheet, before, month)
    case_id = before.case_id if before else None
    standing, change = drift.following(
        before.standing if before else None, found, is_settled=_is_settled(actor, case_id)
    )
    partnership = partnerships.partnership(actor, partnership_id)
    if change is Change.OPENS:
        case_id = _begin(actor, partnership, sheet)
    elif change is not None and case_id is not None:
        end_analysis(actor, case_id, finding(sheet, _titled(change, sheet)))
    _enter(partnership, month, found, standing, change=change, case_id=case_id)


def _reading(sheet: FactSheet, before: DriftReading | None, month: str) -> Reading:
    """Return what is known of the window that runs, or of one that ended since the last reading."""
    terms, found = sheet.report.terms, sheet.report.findings
    agreed = Yardstick(terms.share_given_percent, terms.tolerance_points, terms.measure, terms.window_months)
    ended = found.ended
    if ended and ended.window.last and (before is None or before.month < ended.window.last <= month):
        return Reading(agreed, ended.clusters, ended.judgement, is_final=True)
    return Reading(agreed, found.present.completed, found.present.running.spoken)


def _is_settled(actor: Actor, case_id: UUID | None) -> bool:
    about = cases.case_here(actor, case_id) if case_id else None
    return about is not None and about.status in OVER


def _begin(actor: Actor, partnership: Partnership, sheet: FactSheet) -> UUID:
    titled = _titled(Change.OPENS, sheet)
    due_on = max(_due_on(actor, side) for side in partnership.sides())
    return begin_analysis(actor, partnership, claim=_CLAIMS, due_on=due_on, findings=[finding(sheet, titled)]).id


def _due_on(actor: Actor, organization_id: UUID) -> date:
    """Return the day on which ten working days of one side are over."""
    hours = calendars.hours_of_side(actor, organization_id)
    return due_days(hours, clock.now(), DUE_DAYS).astimezone(hours.zone).date()


def _titled(change: Change, sheet: FactSheet) -> str:
    return _TITLES[change].format(day=f"{sheet.report.as_of:%Y-%m-%d}")


def _enter(partnership: Partnership, month: str, found: Reading, standing: Standing, **came_of_it: Any) -> None:
    """Enter the reading; the database takes one a month, whoever read it."""
    first, second = sorted(partnership.sides())
    given, likely, said = leads(found.clusters), interval(found.clusters), found.judgement
    values: Mapping[str, Any] = {
        "partnership_id": partnership.id,
        "first_organization_id": first,
        "second_organization_id": second,
        "month": month,
        **found.yardstick._asdict(),
        "signal": drift.signal(found),
        "first": given.first,
        "second": given.second,
        "low_permille": None if likely is None else floor(1000 * likely.low + _NOISE),
        "high_permille": None if likely is None else ceil(1000 * likely.high - _NOISE),
        "ahead_id": (first, second)[said.ahead] if said is not None and said.ahead is not None else None,
        "is_outside": standing.is_outside,
        "backs": standing.backs,
        **came_of_it,
    }
    db.session().execute(insert(DriftReading).values(values))


def _month_before(moment: datetime) -> str:
    return f"{moment.replace(day=1) - timedelta(days=1):%Y-%m}"
