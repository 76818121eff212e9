"""The claim check in words, to who asks alone; sharing the organization's part of it is a step of its own."""

from datetime import timedelta
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _

from partnercrm.cases.actions import settling
from partnercrm.cases.lifecycle import CaseKind
from partnercrm.kernel.actor import Actor
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.queries import claims
from partnercrm.leads.schemas.claims import ShareCheck
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.show("/partnerships/<uuid:partnership_id>/claim-check", scope="reports:read")
def claim_check(actor: Actor, partnership_id: UUID, form: Form | None = None) -> str:
    """Show what came of a partner's leads, for the organization and for who looks."""
    found = claims.claim_check(actor, partnership_id)
    frame.stand_under("leads_pages.exchange")
    return render_template(
        "leads/claim_check.html",
        found=found,
        medians=[
            format_timedelta(timedelta(seconds=part.median_seconds)) if part.median_seconds is not None else None
            for part in (found.given, found.mine)
        ],
        form=form or Form(),
    )


@pages.act("/partnerships/<uuid:partnership_id>/claim-check/share", scope="cases:write", again=claim_check)
def share_check(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Open a case with the organization's figures in it; the person's own stay out."""
    given = form.load(ShareCheck)
    names = {
        "title": _("What came of the leads, as the report has it"),
        "offered": _("Given"),
        "accepted": _("Accepted"),
        "qualified": _("Qualified"),
        "won": _("Won"),
        "waiting": _("Waiting for an answer"),
    }
    shown = claims.evidence(claims.claim_check(actor, partnership_id), names)
    opened = settling.open_case(actor, partnership_id, kind=CaseKind.CLAIM, claim=given["claim"], evidence=[shown])
    flash(_("The case is open; both sides read it now."))
    return url_for("cases_pages.case", case_id=opened.id)
