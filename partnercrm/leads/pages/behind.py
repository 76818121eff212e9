"""The leads behind a figure of the report: those it counts of a month, product line, country or industry."""

from uuid import UUID

from flask import render_template
from flask_babel import gettext as _

from partnercrm.kernel.actor import Actor
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.reckoning import AskBehind, between, end_of, month_named
from partnercrm.leads.queries import behind, exchange
from partnercrm.leads.queries.behind import Figure
from partnercrm.leads.spans import Span
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.show("/partnerships/<uuid:partnership_id>/leads", scope="leads:read")
def leads_behind(actor: Actor, partnership_id: UUID) -> str:
    """Show the leads of both sides that a measure counts, else all offered, as the viewer's side sees each."""
    partnership = partnerships.joined_partnership(actor, partnership_id)
    filters = Form.asked()
    given = filters.load(AskBehind)
    measure, as_of = given.pop("measure", None), given.pop("as_of", None)
    window = between(given.pop("from_month", None), given.pop("to_month", None))
    if measure:
        found = behind.offers(actor, partnership_id, Figure(measure, window, end_of(as_of)), given)
    else:
        found = exchange.offers(actor, given | {"partnership_id": partnership_id})
    first_url, next_url = filters.pages("leads_pages.leads_behind", found.next, partnership_id=partnership_id)
    lines = {line.id: line.name for line in partnership.terms.product_lines}
    month = given.get("offered_in")
    asked = [
        frame.words(measure) if measure else None,
        _between(window),
        month_named(month) if month else None,
        lines.get(given["product_line_id"]) if "product_line_id" in given else None,
        frame.country(given["country"]) if "country" in given else None,
        given.get("industry"),
    ]
    return render_template(
        "leads/leads_behind.html",
        partnership=partnership,
        asked=[words for words in asked if words],
        as_of=as_of,
        offers=found.items,
        sides=[side.organization_id for side in partnership.sides_by_id],
        names={side.organization_id: side.name for side in partnership.sides_by_id},
        first_url=first_url,
        next_url=next_url,
    )


def _between(window: Span) -> str | None:
    first, last = (month_named(month) if month else None for month in window)
    if first == last:
        return first
    if first and last:
        return str(_("%(first)s to %(last)s", first=first, last=last))
    return str(_("from %(month)s on", month=first) if first else _("until %(month)s", month=last))
