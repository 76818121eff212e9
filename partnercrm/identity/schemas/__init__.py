"""Shapes of people, teams and tokens on the wire."""

from typing import Any

from marshmallow import fields

from partnercrm.identity.models import InvitationStatus
from partnercrm.identity.scopes import ALL_SCOPES, Role
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Email, Flag, Id, Moment, Shape, Text, Whole


def _name(**options: Any) -> Text:
    return Text(most=200, example="Dana Whitfield", **options)


def _roles(**options: Any) -> fields.List[Any]:
    return fields.List(Choice(Role), validate=limits.Length(min=1, max=5), **options)


def _password(example: str, *, least: int = 12, description: str = "", **options: Any) -> fields.String:
    metadata = {"example": example} | ({"description": description} if description else {})
    return fields.String(load_only=True, validate=limits.Length(min=least, max=200), metadata=metadata, **options)


def _link() -> fields.String:
    return fields.String(required=True, validate=limits.Length(min=1, max=100), metadata={"example": "pcrm_reset_4fT…"})


class SignInForm(Shape):
    """Address and password."""

    email = Text(most=254, example="dana@acme.example", required=True)
    password = _password("a long sentence", least=1, required=True)


class MeView(Shape):
    """Who you are to the API."""

    organization_id = Id(required=True)
    organization = Text(most=200, example="Acme", required=True)
    user_id = Id(required=True)
    name = _name(required=True)
    roles = fields.List(Text(most=40, example="seller"), required=True)
    scopes = fields.List(Text(most=40, example="leads:read"), required=True)
    partnership_ids = fields.List(Id(), required=True)


class FoundOrganization(Shape):
    """An organization to found."""

    organization = Text(most=200, example="Acme", required=True)


class AddUser(Shape):
    """A person to add."""

    email = Email(required=True)
    name = _name(required=True)
    roles = _roles(required=True)
    team_id = Id(allow_none=True)
    password = _password("a long sentence", description="The first password, at least 12 characters.", required=True)


class EditUser(Shape):
    """What to change of a person; fields left out stay."""

    name = _name()
    roles = _roles()
    team_id = Id(allow_none=True)
    disabled = Flag(example=False)


class UserView(Shape):
    """A person of your organization."""

    id = Id(required=True)
    email = Email(required=True)
    name = _name(required=True)
    roles = fields.List(Text(most=40, example="seller"), required=True)
    team_id = Id(required=True, allow_none=True)
    disabled_at = Moment(required=True, allow_none=True)
    closed_at = Moment(required=True, allow_none=True)
    created_at = Moment(required=True)


class HandOver(Shape):
    """Who takes over."""

    successor_id = Id(required=True)


class CloseAccount(Shape):
    """Who takes over, unless nothing is left to take."""

    successor_id = Id(allow_none=True)


class UserQuery(ListQuery):
    """Orders of the list of people."""

    sort = sort_field("name", "-name", "created_at", "-created_at")


class InviteUser(Shape):
    """A person to invite."""

    email = Email(required=True)
    name = _name(required=True)
    roles = _roles(required=True)
    team_id = Id(allow_none=True)


class InvitationView(Shape):
    """An invitation, without its link."""

    id = Id(required=True)
    email = Email(required=True)
    name = _name(required=True)
    roles = fields.List(Text(most=40, example="seller"), required=True)
    team_id = Id(required=True, allow_none=True)
    invited_by = Id(required=True)
    status = Choice(InvitationStatus, required=True)
    created_at = Moment(required=True)
    expires_at = Moment(required=True)
    accepted_at = Moment(required=True, allow_none=True)
    withdrawn_at = Moment(required=True, allow_none=True)


class InvitationLinkView(InvitationView):
    """An invitation with its fresh link, shown this once."""

    link = Text(most=400, example="https://partners.example/invitation?link=pcrm_invitation_4fT…", required=True)


class InvitationQuery(ListQuery):
    """Orders of the list of invitations."""

    sort = sort_field("-created_at", "created_at")


class SetUp(Shape):
    """The code of the installation, its first organization, and who administrates it."""

    code = Text(most=40, example="ABCDE-FGHIJ-KLMNO-PQRST", required=True)
    organization = Text(most=200, example="Acme", required=True)
    name = _name(required=True)
    email = Email(required=True)
    password = _password("a long sentence", required=True)
    manages = Flag(example=True, load_default=False)


class AcceptInvitation(Shape):
    """Who comes in: the link's secret, their name, the password they chose."""

    link = _link()
    name = _name(required=True)
    password = _password("a long sentence", required=True)


class AskReset(Shape):
    """Whose password is lost."""

    email = Email(required=True)


class ChoosePassword(Shape):
    """The link's secret and the password they chose."""

    link = _link()
    password = _password("another long sentence", required=True)


class ChangePassword(Shape):
    """The present password and the one to come."""

    present_password = _password("the present sentence", least=1, required=True)
    password = _password("another long sentence", required=True)


class SessionView(Shape):
    """Where you are signed in."""

    id = Id(required=True)
    browser = Text(most=40, least=0, example="Firefox", required=True)
    system = Text(most=40, least=0, example="Linux", required=True)
    created_at = Moment(required=True)
    last_seen_at = Moment(required=True)
    expires_at = Moment(required=True)
    is_present = Flag(example=True, required=True)


class SessionQuery(ListQuery):
    """Orders of the list of sessions."""

    sort = sort_field("-created_at", "created_at")


class AddTeam(Shape):
    """A team to add."""

    name = Text(most=100, example="Central", required=True)


class TeamView(Shape):
    """A team of your organization."""

    id = Id(required=True)
    name = Text(most=100, example="Central", required=True)


class MakeToken(Shape):
    """An API token to make."""

    name = Text(most=100, example="CRM sync", required=True)
    scopes = fields.List(
        fields.String(validate=limits.OneOf(sorted(ALL_SCOPES)), metadata={"example": "leads:read"}),
        required=True,
        validate=limits.Length(min=1, max=len(ALL_SCOPES)),
    )
    days = Whole(least=1, most=1000, example=90, metadata={"description": "Its life; 90 when left out."})


class TokenView(Shape):
    """An API token, without its secret."""

    id = Id(required=True)
    user_id = Id(required=True)
    name = Text(most=100, example="CRM sync", required=True)
    scopes = fields.List(Text(most=40, example="leads:read"), required=True)
    created_at = Moment(required=True)
    expires_at = Moment(required=True)
    last_used_at = Moment(required=True, allow_none=True)
    revoked_at = Moment(required=True, allow_none=True)


class NewTokenView(TokenView):
    """An API token just made, with its secret, shown this once."""

    secret = Text(most=100, example="pcrm_user_4fT…", required=True)


class TokenQuery(ListQuery):
    """Orders of the list of tokens."""

    sort = sort_field("-created_at", "created_at")
