"""What a seller has earned, every cent of it, as a page and a file; what a deal came to, and the forms to record it."""

from datetime import date
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.calendars import queries as calendars
from partnercrm.deals.queries import selling
from partnercrm.deals.queries.selling import DealSeen
from partnercrm.deals.stages import Stage
from partnercrm.incentives.actions import earning as actions
from partnercrm.incentives.models.revenues import RevenueKind
from partnercrm.incentives.pages.blueprint import pages
from partnercrm.incentives.queries import agreements, books, revenues
from partnercrm.incentives.schemas.books import StatementQuery, StatementTable
from partnercrm.incentives.schemas.earning import RecordRevenue, RefundRevenue
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.web import downloads, frame
from partnercrm.web.page import Form
from partnercrm.web.paging import MOST, Page


@pages.show("/my-earnings", scope="incentives:read")
def my_earnings(actor: Actor) -> str:
    """Show what the reader has earned, and every cent's origin."""
    filters = Form.asked()
    found = books.statement(actor, filters.load(StatementQuery))
    deal_ids = {line.deal_id for item in found.items for line in item.lines if line.deal_id}
    first_url, next_url = filters.pages("incentives_pages.my_earnings", found.next)
    return render_template(
        "incentives/my_earnings.html",
        balances=books.balances(actor),
        found=found.items,
        names=agreements.company_names(actor, deal_ids),
        first_url=first_url,
        next_url=next_url,
    )


@pages.show("/my-earnings.csv", scope="incentives:read")
def export_my_earnings(actor: Actor) -> AnyResponse:
    """Give out the reader's statement as a file, oldest first."""

    def read(reader: Actor, cursor: str | None) -> Page:
        asked = {"sort": "recorded_at", "limit": MOST} | ({"cursor": cursor} if cursor else {})
        return books.statement(reader, StatementQuery().load(asked))

    return downloads.whole_list(actor, StatementTable(), "csv", read=read, headers={})


@pages.panel("deal", rank=1)
def deal_revenues(actor: Actor, seen: DealSeen) -> str | None:
    """Show what a won deal came to."""
    if seen.stage is not Stage.CLOSED_WON:
        return None
    found = revenues.revenues(actor, seen.id, {"limit": 50, "sort": "happened_at"}).items
    return render_template("incentives/revenues_panel.html", found=found, one=seen)


@pages.show("/deals/<uuid:deal_id>/revenues", scope="incentives:record")
def deal_came_to(actor: Actor, deal_id: UUID, form: Form | None = None) -> str:
    """Show what a deal came to, and the forms to put on record what it was invoiced, paid or refunded."""
    deal = selling.deal(actor, deal_id)
    frame.stand_under("incentives_pages.split_proposals")
    return render_template(
        "incentives/revenues.html",
        deal=deal,
        found=revenues.revenues(actor, deal_id, {"limit": 200, "sort": "happened_at"}).items,
        kinds=[pair for pair in frame.choices(RevenueKind) if pair[0] != RevenueKind.REFUNDED.value],
        today=calendars.today(actor),
        form=form or Form({"amount.currency": deal.currency, "happened_at": calendars.today(actor).isoformat()}),
    )


@pages.show("/revenues/<uuid:revenue_id>", scope="incentives:record")
def revenue(actor: Actor, revenue_id: UUID) -> str:
    """Show what the deal of an event came to."""
    shown: str = deal_came_to(actor, revenues.revenue(actor, revenue_id).deal_id)
    return shown


@pages.act("/deals/<uuid:deal_id>/revenues", scope="incentives:record", again=deal_came_to)
def record_revenue(actor: Actor, deal_id: UUID, form: Form) -> str:
    """Put an invoice or a payment on record."""
    actions.record_revenue(actor, deal_id, _dated(actor, form).load(RecordRevenue))
    flash(_("On record for both sides; what it earns follows within a minute."))
    return url_for("incentives_pages.deal_came_to", deal_id=deal_id)


@pages.show("/revenues/<uuid:revenue_id>/refund", scope="incentives:record")
def refund(actor: Actor, revenue_id: UUID, form: Form | None = None) -> str:
    """Show the form to undo part or all of an event."""
    one = revenues.revenue(actor, revenue_id)
    frame.stand_under("incentives_pages.split_proposals")
    values = {"amount.amount": one.left.amount, "amount.currency": one.currency}
    return render_template(
        "incentives/refund.html",
        one=one,
        deal=selling.deal(actor, one.deal_id),
        today=calendars.today(actor),
        form=form or Form(values | {"happened_at": calendars.today(actor).isoformat()}),
    )


@pages.act("/revenues/<uuid:revenue_id>/refund", scope="incentives:record", again=refund)
def refund_revenue(actor: Actor, revenue_id: UUID, form: Form) -> str:
    """Undo part or all of an event."""
    made = actions.refund_revenue(actor, revenue_id, _dated(actor, form).load(RefundRevenue))
    flash(_("On record for both sides; what was earned of it is clawed back within a minute."))
    return url_for("incentives_pages.deal_came_to", deal_id=made.deal_id)


def _dated(actor: Actor, form: Form) -> Form:
    """Return the form with its day as a moment: now for today where the reader is, else the end of that day."""
    try:
        day = date.fromisoformat(form.values.get("happened_at", ""))
    except ValueError:
        return form
    moment = calendars.end_of(actor, day) or clock.now()
    return Form({**form.values, "happened_at": moment.isoformat()}, form.chosen, form.errors, form.problem, form.labels)
