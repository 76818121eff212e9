"""Invitations: a person is asked to join and comes in through a link that works once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.identity import queries
from partnercrm.identity.actions.people import add_user, own_address, own_team
from partnercrm.identity.actions.sessions import open_session
from partnercrm.identity.errors import EmailTaken, InvitationClosed, InvitationOpenAlready, LinkSpent
from partnercrm.identity.models import Invitation, InvitationStatus
from partnercrm.identity.secrets import fingerprint, new_token
from partnercrm.kernel import clock, db, jobs, mail
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.settings import settings
from partnercrm.web.rate_limits import spend


def invite_user(actor: Actor, given: Mapping[str, Any]) -> Invitation:
    """Ask a person to join the actor's organization; the mail with the link is on its way.

    Raises EmailTaken, InvitationOpenAlready, Invalid.
    """
    email = own_address(actor, given["email"])
    if queries.has_user_with(actor, email):
        raise EmailTaken
    now = clock.now()
    invitation = Invitation(
        id=new_id(),
        organization_id=actor.organization_id,
        email=email,
        name=given["name"],
        roles=sorted(given["roles"]),
        team_id=own_team(actor, given.get("team_id")),
        invited_by=actor.user_id,
        created_at=now,
        expires_at=_end(),
    )
    with db.unique("uq_invitations_open", InvitationOpenAlready):
        db.session().add(invitation)
    record(actor, "invitation.sent", invitation)
    _mail_later(invitation)
    return invitation


def resend_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """Let another mail go out; the link before works no more. Raises InvitationClosed."""
    invitation = _living(actor, invitation_id)
    invitation.secret_hash, invitation.expires_at = None, _end()
    db.session().flush()
    record(actor, "invitation.sent_again", invitation)
    _mail_later(invitation)
    return invitation


def withdraw_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    """Take an invitation back; its link works no more. Raises InvitationClosed."""
    invitation = _living(actor, invitation_id)
    invitation.secret_hash, invitation.withdrawn_at = None, clock.now()
    db.session().flush()
    record(actor, "invitation.withdrawn", invitation)
    return invitation


def make_invitation_link(actor: Actor, invitation_id: UUID) -> tuple[Invitation, str]:
    """Return an invitation with the secret of a fresh link, to hand over in person; the link before works no more.

    Raises InvitationClosed.
    """
    invitation = _living(actor, invitation_id)
    invitation.expires_at = _end()
    secret = _fresh_secret(invitation)
    record(actor, "invitation.link_made", invitation)
    return invitation, secret


def mailed_invitation(actor: Actor, invitation_id: UUID) -> tuple[Invitation, str] | None:
    """Return an invitation with the secret of a fresh link, to be mailed while it is locked.

    None unless it is open, and where a link was handed over since the mail was asked for, which is to go on working.
    """
    try:
        invitation = queries.invitation(actor, invitation_id, lock=True)
    except NotFound:
        # Who was invited was erased, or its time was over, before the mail could leave.
        return None
    if invitation.status is not InvitationStatus.OPEN or invitation.secret_hash is not None:
        return None
    return invitation, _fresh_secret(invitation)


def accept_invitation(secret: str, given: Mapping[str, Any], address: str, agent: str) -> tuple[Actor, str]:
    """Let an invited person in with the password they chose; return the actor and the session's secret.

    Runs outside a transaction. Raises LinkSpent, EmailTaken, TooMany.
    """
    spend(settings().sign_in_rate_address, "link by address", address)
    sought = fingerprint(secret)
    with db.transaction(None, read_only=True):
        found = queries.behind_invitation(sought)
    if found is None:
        raise LinkSpent
    system = Actor.system(found.organization_id)
    with db.transaction(system):
        invitation = queries.invitation(system, found.invitation_id, lock=True)
        if invitation.secret_hash != sought or invitation.status is not InvitationStatus.OPEN:
            raise LinkSpent
        person = {"email": invitation.email, "roles": invitation.roles, "team_id": invitation.team_id, **given}
        user = add_user(system, person)
        invitation.secret_hash, invitation.accepted_at = None, clock.now()
        db.session().flush()
        actor = Actor(user.organization_id, user.id, user.name)
        record(actor, "invitation.accepted", invitation)
        return actor, open_session(actor, user, agent)


def _living(actor: Actor, invitation_id: UUID) -> Invitation:
    invitation = queries.invitation(actor, invitation_id, lock=True)
    if invitation.status in {InvitationStatus.ACCEPTED, InvitationStatus.WITHDRAWN}:
        raise InvitationClosed
    return invitation


def _fresh_secret(invitation: Invitation) -> str:
    secret = new_token("invitation")
    invitation.secret_hash = fingerprint(secret)
    db.session().flush()
    return secret


def _end() -> datetime:
    return clock.now() + timedelta(days=settings().invitation_days)


def _mail_later(invitation: Invitation) -> None:
    if mail.is_set_up():
        jobs.defer("identity.mail_invitation", invitation.organization_id, invitation_id=invitation.id)
