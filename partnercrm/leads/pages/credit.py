"""What is said of a side's credit beside its qualified leads: of cases and ended windows, never of guilt."""

from collections.abc import Iterator
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import ngettext

from partnercrm.leads.models.following import WindowTotal
from partnercrm.leads.pages.verdicts import span
from partnercrm.leads.queries.reports import Report, SideReport
from partnercrm.leads.windows import Window

_SHOWN: Final = 3


def told(report: Report) -> list[list[Any]]:
    """Return the sentences of both sides, in their order."""
    both = (report.first, report.second), (report.second, report.first)
    return [list(_sentences(side, other.name)) for side, other in both]


def _sentences(side: SideReport, partner: str) -> Iterator[Any]:
    if cases := side.credit.restored:
        yield ngettext(
            "%(num)d lead that was not taken is credited after a case.",
            "%(num)d leads that were not taken are credited after a case.",
            cases,
        )
    telling = [one for one in side.credit.windows if one.pursued or one.influenced]
    for one in telling[-_SHOWN:] or side.credit.windows[-1:]:
        yield from _of_window(one, partner)


def _of_window(one: WindowTotal, partner: str) -> Iterator[Any]:
    about: dict[str, Any] = {"window": span(Window(one.first_month, one.last_month)), "partner": partner}
    if one.pursued:
        yield _(
            "%(window)s: at least %(leads)s leads not taken were then pursued by %(partner)s; they are credited.",
            leads=one.pursued,
            **about,
        )
    if one.influenced:
        yield _(
            "%(window)s: at least %(leads)s qualified leads %(partner)s knew before: influenced, not credited.",
            leads=one.influenced,
            **about,
        )
    if not (one.pursued or one.influenced):
        yield _("%(window)s: too few leads to tell how many %(partner)s pursued later, or knew before.", **about)
