"""The people of the company: who is in, who is invited, and what an administrator changes about one of them."""

from typing import Any
from uuid import UUID

from flask import flash, make_response, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.identity import actions, queries
from partnercrm.identity.models import User
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.schemas import CloseAccount, EditUser, HandOver, InviteUser, UserQuery
from partnercrm.identity.scopes import Role
from partnercrm.identity.words import ROLES
from partnercrm.kernel import mail
from partnercrm.kernel.actor import Actor
from partnercrm.web import frame, letters
from partnercrm.web.page import Form


@pages.show("/people", scope="identity:write")
def people(actor: Actor, form: Form | None = None, made: str | None = None, **_places: UUID) -> str:
    """Show who is in the organization and who is invited, and a form to invite another."""
    asked = Form.asked()
    found = queries.users(actor, asked.load(UserQuery))
    first_url, next_url = asked.pages("identity_pages.people", found.next)
    return render_template(
        "identity/people.html",
        people=found.items,
        first_url=first_url,
        next_url=next_url,
        invitations=queries.unanswered_invitations(actor),
        domains=queries.organization(actor).mail_domains,
        called=frame.words,
        role=Role,
        roles=_roles(),
        teams=_teams(actor),
        is_mail=mail.is_set_up(),
        made=made,
        form=form or Form(),
    )


@pages.act("/people/invite", scope="identity:write", again=people)
def invite_user(actor: Actor, form: Form) -> str:
    """Ask a person to join."""
    invited = actions.invite_user(actor, form.load(InviteUser))
    if mail.is_set_up():
        flash(gettext("The invitation to %(email)s is on its way.", email=invited.email))
    else:
        flash(gettext("%(email)s is invited. No mail goes out of here: make a link below.", email=invited.email))
    return url_for("identity_pages.people")


@pages.act("/invitations/<uuid:invitation_id>/resend", scope="identity:write", again=people)
def resend_invitation(actor: Actor, invitation_id: UUID, form: Form) -> str:
    """Let another mail go out."""
    invited = actions.resend_invitation(actor, invitation_id)
    flash(gettext("Another mail to %(email)s is on its way; the link before works no more.", email=invited.email))
    return url_for("identity_pages.people")


@pages.act("/invitations/<uuid:invitation_id>/withdraw", scope="identity:write", again=people)
def withdraw_invitation(actor: Actor, invitation_id: UUID, form: Form) -> str:
    """Take an invitation back."""
    actions.withdraw_invitation(actor, invitation_id)
    return url_for("identity_pages.people")


@pages.act("/invitations/<uuid:invitation_id>/link", scope="identity:write", again=people)
def make_invitation_link(actor: Actor, invitation_id: UUID, form: Form) -> AnyResponse:
    """Show a link to hand over in person, this once."""
    _invitation, secret = actions.make_invitation_link(actor, invitation_id)
    return make_response(people(actor, made=letters.address("identity_pages.invitation", link=secret)))


@pages.show("/people/<uuid:user_id>", scope="identity:write")
def person(actor: Actor, user_id: UUID, form: Form | None = None) -> str:
    """Show one person with what an administrator may change."""
    found = queries.user(actor, user_id)
    return render_template(
        "identity/person.html",
        person=found,
        is_self=found.id == actor.user_id,
        colleagues=[(str(one.id), one.name) for one in queries.colleagues(actor) if one.id != user_id],
        roles=_roles(),
        teams=_teams(actor),
        form=form if form and form.errors else _as_it_stands(found),
    )


@pages.act("/people/<uuid:user_id>/edit", scope="identity:write", again=person)
def edit_person(actor: Actor, user_id: UUID, form: Form) -> str:
    """Change a person's name, roles and team."""
    given = {"team_id": None} | form.without("version").load(EditUser)
    actions.edit_user(actor, user_id, given, form.values.get("version", ""))
    flash(gettext("The changes are kept."))
    return url_for("identity_pages.person", user_id=user_id)


@pages.act("/people/<uuid:user_id>/disable", scope="identity:write", again=person)
def disable_person(actor: Actor, user_id: UUID, form: Form) -> str:
    """End at once every way in that a person has."""
    actions.edit_user(actor, user_id, {"disabled": True}, form.values.get("version", ""))
    return url_for("identity_pages.person", user_id=user_id)


@pages.act("/people/<uuid:user_id>/enable", scope="identity:write", again=person)
def enable_person(actor: Actor, user_id: UUID, form: Form) -> str:
    """Let a person sign in again."""
    actions.edit_user(actor, user_id, {"disabled": False}, form.values.get("version", ""))
    return url_for("identity_pages.person", user_id=user_id)


@pages.act("/people/<uuid:user_id>/end-sessions", scope="identity:write", again=person)
def end_sessions_of(actor: Actor, user_id: UUID, form: Form) -> str:
    """End wherever a person is signed in."""
    actions.end_sessions_of(actor, user_id)
    flash(gettext("Wherever this person was signed in, they no longer are."))
    return url_for("identity_pages.person", user_id=user_id)


@pages.act("/people/<uuid:user_id>/start-reset", scope="identity:write", again=person)
def start_reset(actor: Actor, user_id: UUID, form: Form) -> str:
    """Let a person choose another password."""
    user = actions.start_reset(actor, user_id)
    flash(gettext("A link to choose another password is on its way to %(email)s.", email=user.email))
    return url_for("identity_pages.person", user_id=user_id)


@pages.act("/people/<uuid:user_id>/hand-over", scope="identity:write", again=person)
def hand_over(actor: Actor, user_id: UUID, form: Form) -> str:
    """Pass what a person holds to a colleague."""
    actions.hand_over(actor, user_id, form.load(HandOver)["successor_id"])
    flash(gettext("Everything has passed on. Partners see the successor on what is open."))
    return url_for("identity_pages.person", user_id=user_id)


@pages.act("/people/<uuid:user_id>/close", scope="identity:write", again=person)
def close_account(actor: Actor, user_id: UUID, form: Form) -> str:
    """Close a person's account for good."""
    actions.close_account(actor, user_id, form.load(CloseAccount).get("successor_id"))
    return url_for("identity_pages.person", user_id=user_id)


def _as_it_stands(user: User) -> Form:
    values = {"name": user.name} | ({"team_id": str(user.team_id)} if user.team_id else {})
    return Form(values, {"roles": user.roles})


def _roles() -> list[tuple[str, Any, Any]]:
    return [(role.value, frame.words(role), ROLES[role]) for role in Role]


def _teams(actor: Actor) -> list[tuple[str, str]]:
    return [(str(team.id), team.name) for team in queries.teams(actor).items]
