"""The works agreement: what the company agreed with its people about figures of one person."""

from flask import flash, render_template, url_for
from flask_babel import gettext

from partnercrm.identity import actions, queries
from partnercrm.identity.agreements import PersonFigures
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.schemas.privacy import AgreementQuery, ChangeAgreement
from partnercrm.kernel.actor import Actor
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.show("/works-agreement", scope="identity:read")
def agreement(actor: Actor, form: Form | None = None) -> str:
    """Show what was agreed in every version, and to an administrator a form for the next one."""
    agreed, asked = queries.agreement(actor), Form.asked()
    found = queries.agreement_versions(actor, asked.load(AgreementQuery))
    first_url, next_url = asked.pages("identity_pages.agreement", found.next)
    return render_template(
        "identity/agreement.html",
        agreed=agreed,
        versions=found.items,
        first_url=first_url,
        next_url=next_url,
        choices=frame.choices(PersonFigures),
        may_change=actor.has("identity:write"),
        form=form or Form({"person_figures": agreed.person_figures.value}),
    )


@pages.act("/works-agreement", scope="identity:write", again=agreement)
def change_agreement(actor: Actor, form: Form) -> str:
    """Enter the next version."""
    changed = actions.change_agreement(actor, form.load(ChangeAgreement))
    flash(gettext("Version %(version)s is in force.", version=changed.version))
    return url_for("identity_pages.agreement")
