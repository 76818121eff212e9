"""Organizations, their people and teams: entered, changed, disabled."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from partnercrm.activity.actions import record
from partnercrm.identity import queries
from partnercrm.identity.actions import passwords, sessions, tokens
from partnercrm.identity.errors import AccountClosed, EmailTaken, LastAdmin, TeamNameTaken
from partnercrm.identity.models import Invitation, Organization, PasswordReset, Team, User
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import clock, db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound, Told
from partnercrm.kernel.ids import new_id


def found_organization(actor: Actor, name: str, mail_domains: Sequence[str]) -> Organization:
    """Enter a new organization, whose id is the actor's; its people have addresses of these domains only."""
    domains = sorted(domain.lower() for domain in mail_domains)
    organization = Organization(id=actor.organization_id, name=name, mail_domains=domains, created_at=clock.now())
    db.session().add(organization)
    db.session().flush()
    record(actor, "organization.founded", organization)
    return organization


def add_user(actor: Actor, given: Mapping[str, Any]) -> User:
    """Add a person to the actor's organization, with a first password. Raises EmailTaken, Invalid."""
    user = User(
        id=new_id(),
        organization_id=actor.organization_id,
        email=own_address(actor, given["email"]),
        name=given["name"],
        roles=sorted(given["roles"]),
        team_id=own_team(actor, given.get("team_id")),
        created_at=clock.now(),
    )
    with db.unique("uq_users_organization_id_email", EmailTaken):
        db.session().add(user)
    passwords.set_password(user, given["password"])
    record(actor, "user.added", user)
    return user


def edit_user(actor: Actor, user_id: UUID, given: Mapping[str, Any], expected: str) -> User:
    """Change a person's name, roles, team or whether they may sign in.

    Raises Stale, AccountClosed, LastAdmin, LastToManage, Invalid.
    """
    administrators = queries.administrators(actor)
    user = queries.user(actor, user_id, lock=True)
    versions.require(expected, user.version_tag)
    if user.closed_at is not None:
        raise AccountClosed
    lost = scopes_of(user.roles) - scopes_of(given.get("roles", user.roles))
    if "roles" in given:
        user.roles = sorted(given["roles"])
    if "name" in given:
        user.name = given["name"]
    if "team_id" in given:
        user.team_id = own_team(actor, given["team_id"])
    if "disabled" in given:
        user.disabled_at = clock.now() if given["disabled"] else None
    resigned = "admin" not in user.roles or user.disabled_at is not None
    if resigned and [administrator.id for administrator in administrators] == [user.id]:
        raise LastAdmin
    if user.disabled_at is not None:
        cut_off(user)
    db.session().flush()
    record(actor, "user.edited", user)
    if lost:
        # What rests on these rights above follows; where it cannot, the whole change is refused.
        record(actor, "user.rights_lost", user, lost=sorted(lost))
    return user


def add_team(actor: Actor, given: Mapping[str, Any]) -> Team:
    """Add a team. Raises TeamNameTaken."""
    team = Team(id=new_id(), organization_id=actor.organization_id, name=given["name"])
    with db.unique("uq_teams_organization_id_name", TeamNameTaken):
        db.session().add(team)
    record(actor, "team.added", team)
    return team


def cut_off(user: User) -> None:
    """End, in the open transaction, everything by which a person or somebody in their name could still come in."""
    sessions.end_all_of(user)
    tokens.revoke_all_of(user)
    for link in (
        delete(PasswordReset).where(
            PasswordReset.organization_id == user.organization_id, PasswordReset.user_id == user.id
        ),
        update(Invitation)
        .where(
            Invitation.organization_id == user.organization_id,
            Invitation.invited_by == user.id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=clock.now(), secret_hash=None, version=Invitation.version + 1),
    ):
        db.session().execute(link)


def own_address(actor: Actor, email: str) -> str:
    """Return the address in lower case. Raises Invalid when it is of no mail domain of the organization."""
    address = email.lower()
    domains = queries.organization(actor).mail_domains
    if address.rpartition("@")[2] not in domains:
        told = ", ".join(f"@{domain}" for domain in domains)
        raise Invalid.field("email", Told("Your organization's addresses end in %(domains)s.", domains=told))
    return address


def own_team(actor: Actor, team_id: UUID | None) -> UUID | None:
    """Return the id of one of the organization's teams, or none. Raises Invalid."""
    if team_id is None:
        return None
    try:
        return queries.team(actor, team_id).id
    except NotFound as error:
        raise Invalid.field("team_id", "Your organization has no such team.") from error


def choose_language(actor: Actor, locale: str) -> None:
    """Let the actor read pages and mails in another language."""
    user = queries.user(actor, actor.user_id, lock=True) if actor.user_id else None
    if user is None:
        raise NotFound
    if user.locale != locale:
        user.locale = locale
        db.session().flush()
        record(actor, "user.language_chosen", user)
