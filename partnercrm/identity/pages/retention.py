"""For how long the company keeps what: each kind with its period, what the last run removed, what is due next."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.identity import actions
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.queries import retention as kept
from partnercrm.identity.schemas.privacy import ChangeRetention
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form


@pages.show("/organization/retention", scope="identity:write")
def retention(actor: Actor, form: Form | None = None) -> str:
    """Show what is kept for how long."""
    found = kept.retention(actor)
    values = {"version": found.version_tag} | {f"periods.{one.kind}": str(one.days) for one in found.kinds}
    shown = form or Form(values)
    return render_template("identity/retention.html", kept=found, counted_up_to=kept.COUNTED_UP_TO, form=shown)


@pages.act("/organization/retention", scope="identity:write", again=retention)
def change_retention(actor: Actor, form: Form) -> str:
    """Say for how long things are kept."""
    given = form.without("version").load(ChangeRetention)
    actions.change_retention(actor, given, form.values.get("version", ""))
    flash(_("The periods are changed. What is past its time goes with the next run, early tomorrow."))
    return url_for("identity_pages.retention")
