"""The first run: setting the installation up with the code that only who runs it can read, and what comes next."""

from flask import make_response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.identity import actions, authenticator
from partnercrm.identity.errors import SetUpAlready
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.queries import beginnings
from partnercrm.identity.schemas import SetUp
from partnercrm.identity.scopes import Role
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, TooMany
from partnercrm.web import frame
from partnercrm.web.errors import status_of
from partnercrm.web.page import FirstStep, Form, see_other


@pages.get("/set-up")
def set_up(form: Form | None = None, status: int = 200) -> AnyResponse:
    """Show the form by which an empty installation begins; later there is only the way in."""
    with db.transaction(None, read_only=True):
        if beginnings.is_set_up():
            return see_other(url_for("identity_pages.sign_in"))
    page = render_template("identity/set_up.html", form=form or Form({"manages": "true"}))
    return make_response(page, status)


@pages.post("/set-up")
def begin() -> AnyResponse:
    """Found the first organization and let its administrator in."""
    form = Form.sent()
    try:
        given = form.load(SetUp)
        actor, session = actions.set_up(given, request.remote_addr or "", request.user_agent.string)
    except SetUpAlready:
        return see_other(url_for("identity_pages.sign_in"))
    except Invalid as refusal:
        return set_up(form.refused(refusal), 422)
    except TooMany as refusal:
        return set_up(Form(form.values, problem=str(refusal)), status_of(type(refusal)))
    authenticator.remember(actor, session)
    return see_other(url_for("identity_pages.home"))


@pages.panel("home", rank=-1)
def getting_started(actor: Actor) -> str | None:
    """Lead an administrator to the first offer; gone once all is done."""
    if not actor.has("identity:write"):
        return None
    steps = frame.first_steps(actor)
    if all(step.done for step in steps):
        return None
    others = {
        step.scope: [person.name for person in beginnings.holders(actor, step.scope)]
        for step in steps
        if not step.done and not actor.has(step.scope)
    }
    first = next(step for step in steps if not step.done)
    return render_template("identity/getting_started.html", steps=steps, first=first, others=others)


@pages.first_step(rank=1)
def invite_people(actor: Actor) -> FirstStep:
    """Look whether anybody else is in or invited."""
    return FirstStep(
        not beginnings.is_alone(actor),
        gettext("Invite your people"),
        gettext("Sellers and whoever runs your partnerships. They choose their own passwords."),
        url_for("identity_pages.people"),
        "identity:write",
    )


@pages.first_step(rank=2)
def name_a_manager(actor: Actor) -> FirstStep:
    """Look whether anybody runs the partnerships."""
    return FirstStep(
        beginnings.has_role(actor, Role.PARTNER_MANAGER),
        gettext("Make someone a partner manager"),
        gettext(
            "Open a person's page and tick the role; it can be your own. An invited person counts once they joined."
        ),
        url_for("identity_pages.people"),
        "identity:write",
    )
