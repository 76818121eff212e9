"""What flowed between both sides, month by month, as a page."""

from uuid import UUID

from flask import render_template

from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.queries import flows as queries
from partnercrm.accounts.schemas.flows import FlowReportQuery
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.show("/partnerships/<uuid:partnership_id>/flow-reports", scope="partnerships:read")
def flow_reports(actor: Actor, partnership_id: UUID) -> str:
    """Show the monthly reports of a partnership."""
    partnership = partnerships.joined_partnership(actor, partnership_id)
    filters = Form.asked()
    found = queries.flow_reports(actor, partnership_id, filters.load(FlowReportQuery))
    first_url, next_url = filters.pages("accounts_pages.flow_reports", found.next, partnership_id=partnership_id)
    frame.stand_under("partnerships_pages.partnerships")
    return render_template(
        "accounts/flow_reports.html",
        partnership=partnership,
        reports=found.items,
        first_url=first_url,
        next_url=next_url,
    )


@pages.panel("partnership", rank=5)
def reports_of_partnership(actor: Actor, partnership: Partnership) -> str | None:
    """Lead from a partnership to what flowed in it."""
    if partnership.id not in actor.partnership_ids or partnership.has_ended:
        return None
    return render_template("accounts/flows_panel.html", partnership=partnership)
