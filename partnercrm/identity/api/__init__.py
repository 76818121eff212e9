"""Identity's API: who you are, the people and teams of your organization, your tokens."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from partnercrm.identity import actions, queries, schemas
from partnercrm.identity.api import embedding, keeping, leaving, seen
from partnercrm.identity.api.door import api
from partnercrm.identity.errors import (
    AccountClosed,
    AccountDisabled,
    AgreementChanged,
    EmailTaken,
    InvitationClosed,
    InvitationOpenAlready,
    LastAdmin,
    LastToManage,
    MailNotSetUp,
    PasswordTooWeak,
    ScopesBeyondYours,
    TeamNameTaken,
)
from partnercrm.identity.models import ApiToken, Invitation, Team, User
from partnercrm.identity.queries import access
from partnercrm.identity.schemas import privacy
from partnercrm.kernel.actor import Actor
from partnercrm.web import letters
from partnercrm.web.paging import Page

__all__ = ["api", "embedding", "keeping", "leaving", "seen"]


@api.get("/me", scope=None, answers=schemas.MeView)
def read_me(actor: Actor) -> dict[str, Any]:
    """Say who you are to the API."""
    return {
        "organization_id": actor.organization_id,
        "organization": queries.organization(actor).name,
        "user_id": actor.user_id,
        "name": actor.name,
        "roles": sorted(actor.roles),
        "scopes": sorted(actor.scopes),
        "partnership_ids": sorted(actor.partnership_ids),
    }


@api.get("/users", scope="identity:read", answers=schemas.UserView, query=schemas.UserQuery, pages=True)
def list_users(actor: Actor, query: dict[str, Any]) -> Page:
    """List the people of your organization."""
    return queries.users(actor, query)


@api.post(
    "/users",
    scope="identity:write",
    body=schemas.AddUser,
    answers=schemas.UserView,
    status=201,
    refuses=(EmailTaken, PasswordTooWeak),
    rechecks=queries.user,
)
def add_user(actor: Actor, given: dict[str, Any]) -> User:
    """Add a person to your organization."""
    return actions.add_user(actor, given)


@api.get("/users/<uuid:user_id>", scope="identity:read", answers=schemas.UserView)
def read_user(actor: Actor, user_id: UUID) -> User:
    """Read one person of your organization."""
    return queries.user(actor, user_id)


@api.patch(
    "/users/<uuid:user_id>",
    scope="identity:write",
    body=schemas.EditUser,
    answers=schemas.UserView,
    refuses=(LastAdmin, LastToManage, AccountClosed),
    rechecks=queries.user,
)
def edit_user(actor: Actor, user_id: UUID, given: dict[str, Any], expected: str) -> User:
    """Change a person's name, roles, team or whether they may sign in."""
    return actions.edit_user(actor, user_id, given, expected)


@api.post(
    "/users/<uuid:user_id>/start-reset",
    scope="identity:write",
    answers=schemas.UserView,
    refuses=(AccountDisabled, MailNotSetUp),
    rechecks=queries.user,
)
def start_reset(actor: Actor, user_id: UUID) -> User:
    """Let a link be mailed to a person, by which they choose another password; you learn neither."""
    return actions.start_reset(actor, user_id)


@api.get(
    "/invitations", scope="identity:write", answers=schemas.InvitationView, query=schemas.InvitationQuery, pages=True
)
def list_invitations(actor: Actor, query: dict[str, Any]) -> Page:
    """List whom your organization invited."""
    return queries.invitations(actor, query)


@api.post(
    "/invitations",
    scope="identity:write",
    body=schemas.InviteUser,
    answers=schemas.InvitationView,
    status=201,
    refuses=(EmailTaken, InvitationOpenAlready),
    rechecks=queries.invitation,
)
def invite_user(actor: Actor, given: dict[str, Any]) -> Invitation:
    """Invite a person to your organization; they choose their own password behind a link in a mail."""
    return actions.invite_user(actor, given)


@api.get("/invitations/<uuid:invitation_id>", scope="identity:write", answers=schemas.InvitationView)
def read_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """Read one invitation."""
    return queries.invitation(actor, invitation_id)


@api.post(
    "/invitations/<uuid:invitation_id>/resend",
    scope="identity:write",
    answers=schemas.InvitationView,
    refuses=(InvitationClosed,),
    rechecks=queries.invitation,
)
def resend_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """Let another mail go out; the link before works no more."""
    return actions.resend_invitation(actor, invitation_id)


@api.post(
    "/invitations/<uuid:invitation_id>/withdraw",
    scope="identity:write",
    answers=schemas.InvitationView,
    refuses=(InvitationClosed,),
    rechecks=queries.invitation,
)
def withdraw_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """Take an invitation back; its link works no more."""
    return actions.withdraw_invitation(actor, invitation_id)


@dataclass(frozen=True, slots=True)
class _LinkedInvitation:
    invitation: Invitation
    link: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.invitation, name)


@api.post(
    "/invitations/<uuid:invitation_id>/link",
    scope="identity:write",
    answers=schemas.InvitationLinkView,
    refuses=(InvitationClosed,),
    rechecks=queries.invitation,
    secret=True,
)
def make_invitation_link(actor: Actor, invitation_id: UUID) -> _LinkedInvitation:
    """Make a link to hand over in person, where no mail goes out; the link before works no more."""
    invitation, secret = actions.make_invitation_link(actor, invitation_id)
    return _LinkedInvitation(invitation, letters.address("identity_pages.invitation", link=secret))


@api.get("/teams", scope="identity:read", answers=schemas.TeamView, pages=True)
def list_teams(actor: Actor) -> Page:
    """List your organization's teams."""
    return queries.teams(actor)


@api.post(
    "/teams",
    scope="identity:write",
    body=schemas.AddTeam,
    answers=schemas.TeamView,
    status=201,
    refuses=(TeamNameTaken,),
    rechecks=queries.team,
)
def add_team(actor: Actor, given: dict[str, Any]) -> Team:
    """Add a team."""
    return actions.add_team(actor, given)


@api.get("/works-agreement", scope="identity:read", answers=privacy.AgreementView)
def read_agreement(actor: Actor) -> queries.Agreed:
    """Read what your company agreed with its people about figures of one person."""
    return queries.agreement(actor)


@api.get(
    "/works-agreement/versions",
    scope="identity:read",
    answers=privacy.AgreementVersionView,
    query=privacy.AgreementQuery,
    pages=True,
)
def list_agreement_versions(actor: Actor, query: dict[str, Any]) -> Page:
    """List how your company's works agreement came to be, newest first."""
    return queries.agreement_versions(actor, query)


@api.post(
    "/works-agreement",
    scope="identity:write",
    body=privacy.ChangeAgreement,
    answers=privacy.AgreementView,
    status=201,
    refuses=(AgreementChanged,),
)
def change_agreement(actor: Actor, given: dict[str, Any]) -> queries.Agreed:
    """Enter the next version of the works agreement, with its reason; the earlier ones stay readable."""
    return actions.change_agreement(actor, given)


@api.get("/tokens", scope="tokens:write", answers=schemas.TokenView, query=schemas.TokenQuery, pages=True)
def list_tokens(actor: Actor, query: dict[str, Any]) -> Page:
    """List your API tokens; an administrator reads those of the whole organization."""
    return access.tokens(actor, query)


@api.get("/sessions", scope="tokens:write", answers=schemas.SessionView, query=schemas.SessionQuery, pages=True)
def list_sessions(actor: Actor, query: dict[str, Any]) -> Page:
    """List where you are signed in; nobody else can."""
    return access.sessions(actor, query)


@api.post("/sessions/<uuid:session_id>/end", scope="tokens:write", status=204)
def end_session(actor: Actor, session_id: UUID) -> None:
    """End one of your sessions at once."""
    actions.end_session(actor, session_id)


@api.post("/sessions/end-others", scope="tokens:write", status=204)
def end_other_sessions(actor: Actor) -> None:
    """End your sessions, all but the one that asks."""
    actions.end_other_sessions(actor)


@api.post("/users/<uuid:user_id>/end-sessions", scope="identity:write", answers=schemas.UserView, rechecks=queries.user)
def end_sessions_of(actor: Actor, user_id: UUID) -> User:
    """End wherever one of your people is signed in; where that was stays theirs."""
    return actions.end_sessions_of(actor, user_id)


@dataclass(frozen=True, slots=True)
class _NewToken:
    token: ApiToken
    secret: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.token, name)


@api.post(
    "/tokens",
    scope="tokens:write",
    body=schemas.MakeToken,
    answers=schemas.NewTokenView,
    status=201,
    refuses=(ScopesBeyondYours,),
    rechecks=access.token,
    secret=True,
)
def make_token(actor: Actor, given: dict[str, Any]) -> _NewToken:
    """Make an API token of your own; its secret is in this answer and never again."""
    return _NewToken(*actions.make_token(actor, given))


@api.post("/tokens/<uuid:token_id>/revoke", scope="tokens:write", answers=schemas.TokenView, rechecks=access.token)
def revoke_token(actor: Actor, token_id: UUID) -> access.TokenSeen:
    """End an API token at once."""
    return access.token_seen(actor, actions.revoke_token(actor, token_id))
