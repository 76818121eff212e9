"""Time as a page of a partnership: one's own months, the side's totals, what it took before and what mapping saved."""

from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.accounts.actions import times as actions
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.queries import times as queries
from partnercrm.accounts.schemas.times import StateTimeBaseline, TellTime
from partnercrm.accounts.times import open_months
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.show("/partnerships/<uuid:partnership_id>/time", scope="partnerships:read")
def time(actor: Actor, partnership_id: UUID, form: Form | None = None) -> str:
    """Show what a partnership takes the viewer's side."""
    told = queries.time_of(actor, partnership_id)
    frame.stand_under("partnerships_pages.partnerships")
    usual = {"month": open_months(clock.now())[1]}
    if told.baseline:
        usual |= {name: str(getattr(told.baseline, name)) for name in ("list_minutes", "month_minutes")}
    return render_template(
        "accounts/time.html",
        time=told,
        partner=partnerships.partner_name(actor, partnership_id),
        months=[(month, month) for month in open_months(clock.now())],
        form=form or Form(usual),
    )


@pages.act("/partnerships/<uuid:partnership_id>/time", scope="accounts:write", again=time)
def tell_time(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Say what the partnership took in a month."""
    actions.tell_time(actor, partnership_id, form.load(TellTime))
    flash(_("Only you read this month; your side reads a total of eight people or more."))
    return url_for("accounts_pages.time", partnership_id=partnership_id)


@pages.act("/partnerships/<uuid:partnership_id>/time-baseline", scope="partnerships:write", again=time)
def state_time_baseline(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """State what the side took before."""
    actions.state_time_baseline(actor, partnership_id, form.load(StateTimeBaseline))
    flash(_("The baseline is kept; only your side reads it."))
    return url_for("accounts_pages.time", partnership_id=partnership_id)
