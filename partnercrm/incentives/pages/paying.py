"""Paying out what is due: what waits, who is paid what, the months of the books, and corrections by hand."""

from datetime import UTC
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.identity import queries as identity
from partnercrm.incentives.actions import paying as actions
from partnercrm.incentives.models.ledgers import PayOutStatus
from partnercrm.incentives.pages.blueprint import pages
from partnercrm.incentives.posting import Reason, following
from partnercrm.incentives.queries import books as queries
from partnercrm.incentives.schemas.books import ClosePeriod, CorrectEarnings, PayOutQuery, ProposePayOut, written
from partnercrm.kernel import clock, money
from partnercrm.kernel.actor import Actor
from partnercrm.web import downloads, frame
from partnercrm.web.page import Form


@pages.show("/pay-outs", scope=queries.PAY)
def pay_outs(actor: Actor, form: Form | None = None) -> str:
    """Show pay-outs, what is due by currency, which deals earn nothing yet and why, and the months of the books."""
    filters = Form.asked()
    found = queries.pay_outs(actor, filters.load(PayOutQuery))
    first_url, next_url = filters.pages("incentives_pages.pay_outs", found.next)
    first = queries.first_open(actor)
    today = clock.now().astimezone(UTC).date()
    return render_template(
        "incentives/pay_outs.html",
        found=found.items,
        due=queries.due(actor),
        waiting=queries.waiting(actor),
        month=first.starts_on if first and following(first.starts_on) <= today else None,
        people=[(str(one.id), one.name) for one in identity.colleagues(actor) if one.id != actor.user_id],
        reasons=frame.choices(Reason),
        currencies=[(one, one) for one in money.CURRENCIES],
        form=form or Form({"adds": "true"}),
        first_url=first_url,
        next_url=next_url,
    )


@pages.act("/pay-outs", scope=queries.PAY, again=pay_outs)
def propose_pay_out(actor: Actor, form: Form) -> str:
    """Propose to pay what is due in a currency."""
    made = actions.propose_pay_out(actor, form.load(ProposePayOut))
    flash(_("Proposed. Somebody else has to approve it."))
    return _to(made.id)


@pages.act("/ledger-periods/close", scope=queries.PAY, again=pay_outs)
def close_period(actor: Actor, form: Form) -> str:
    """Close the first month that is open."""
    actions.close_period(actor, form.load(ClosePeriod))
    flash(_("Closed. What comes late goes into the next month and says so."))
    return url_for("incentives_pages.pay_outs")


@pages.act("/corrections", scope=queries.PAY, again=pay_outs)
def correct_earnings(actor: Actor, form: Form) -> str:
    """Correct by hand what is due to a colleague."""
    actions.correct(actor, form.load(CorrectEarnings))
    flash(_("Corrected; it stands in their statement."))
    return url_for("incentives_pages.pay_outs")


@pages.show("/pay-outs/<uuid:pay_out_id>", scope=queries.PAY)
def pay_out(actor: Actor, pay_out_id: UUID, form: Form | None = None) -> str:
    """Show whom a pay-out pays what, and the ways to decide on it."""
    one = queries.pay_out(actor, pay_out_id)
    names = {person.id: person.name for person in identity.colleagues(actor)}
    left = str(_("Somebody who left"))
    frame.stand_under("incentives_pages.pay_outs")
    return render_template(
        "incentives/pay_out.html",
        one=one,
        lines=sorted((names.get(line.user_id, left), line.amount) for line in one.paid),
        proposed_by=names.get(one.proposed_by, left),
        decided_by=names.get(one.decided_by, left) if one.decided_by else None,
        waits=one.status is PayOutStatus.PROPOSED,
        ours=one.proposed_by == actor.user_id,
        form=form or Form(),
    )


@pages.act("/pay-outs/<uuid:pay_out_id>/approve", scope=queries.PAY, again=pay_out)
def approve_pay_out(actor: Actor, pay_out_id: UUID, form: Form) -> str:
    """Approve what somebody else proposed."""
    actions.approve_pay_out(actor, pay_out_id)
    flash(_("Approved and posted. The file below never changes any more."))
    return _to(pay_out_id)


@pages.act("/pay-outs/<uuid:pay_out_id>/withdraw", scope=queries.PAY, again=pay_out)
def withdraw_pay_out(actor: Actor, pay_out_id: UUID, form: Form) -> str:
    """Take it back."""
    actions.withdraw_pay_out(actor, pay_out_id)
    return _to(pay_out_id)


@pages.show("/pay-outs/<uuid:pay_out_id>.csv", scope=queries.PAY)
def export_pay_out(actor: Actor, pay_out_id: UUID) -> AnyResponse:
    """Give out a pay-out as a file, the same bytes each time: by id, so that a name that changes changes nothing."""
    one = queries.pay_out(actor, pay_out_id)
    rows = [(one.id, line.user_id, line.amount.amount, one.currency) for line in one.paid]
    parts = [written([("pay_out_id", "user_id", "amount", "currency"), *rows])]
    return downloads.file(actor, f"pay-out-{one.id}.csv", "text/csv", lambda _: parts.pop() if parts else None)


def _to(pay_out_id: UUID) -> str:
    return url_for("incentives_pages.pay_out", pay_out_id=pay_out_id)
