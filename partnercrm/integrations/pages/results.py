"""Results of a learning system by file, for who keeps programmes."""

from collections.abc import Sequence
from typing import Any

from flask import flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from partnercrm.integrations.actions import results as actions
from partnercrm.integrations.actions.results import Entered
from partnercrm.integrations.pages.blueprint import pages
from partnercrm.integrations.reading import DateForm
from partnercrm.integrations.schemas import ImportResults
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError
from partnercrm.leads.errors import RowsRefused
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.show("/enablement/results/import", scope="enablement:all")
def results_form(
    actor: Actor, form: Form | None = None, tried: Entered | None = None, wrong: Sequence[FieldError] = ()
) -> str:
    """Show where a file of results is chosen, and what is wrong with one."""
    frame.stand_under("enablement_pages.my_enablement")
    return render_template(
        "integrations/results.html",
        form=form or Form({"connector": "lms"}),
        forms=frame.choices(DateForm),
        tried=tried,
        wrong=wrong,
    )


@pages.act("/enablement/results/import", scope="enablement:all", again=results_form, takes_files=True)
def import_results(actor: Actor, form: Form) -> Any:
    """Enter a file's results, or say everything that is wrong with its rows."""
    upload = request.files.get("file")
    source = upload.stream if upload and upload.filename else None
    try:
        done = actions.import_results(actor, source, form.load(ImportResults))
    except RowsRefused as refusal:
        refused = make_response(results_form(actor, form, wrong=refusal.errors))
        refused.status_code = 422
        return refused
    if done.dry_run:
        return make_response(results_form(actor, form, done))
    flash(
        ngettext("%(num)s result is entered.", "%(num)s results are entered.", done.entered)
        + " "
        + _("%(count)s were there already.", count=done.unchanged)
    )
    return url_for("integrations_pages.results_form")


@pages.panel("programme", rank=1)
def results_panel(actor: Actor) -> str:
    """Show the way from a programme to a file of results."""
    return render_template("integrations/results_panel.html")
