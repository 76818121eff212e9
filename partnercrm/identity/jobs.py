"""What identity mails, and what it forgets. A link's secret is made here, so that it never waits in a queue."""

from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from sqlalchemy import text

from partnercrm.identity import actions, queries
from partnercrm.identity.words import MAILS
from partnercrm.kernel import db, mail
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.kernel.jobs import job
from partnercrm.web import letters


@job("identity.mail_invitation")
def mail_invitation(organization_id: str, invitation_id: str) -> None:
    """Mail an invited person their link, unless the invitation is closed by then."""
    actor = Actor.system(UUID(organization_id))
    with mail.ready() as post, db.transaction(actor):
        made = actions.mailed_invitation(actor, UUID(invitation_id))
        if made is None:
            return
        invitation, secret = made
        inviter = queries.user(actor, invitation.invited_by)
        about = {
            "name": invitation.name,
            "organization": queries.organization(actor).name,
            "inviter": inviter.name,
            "link": letters.address("identity_pages.invitation", link=secret),
            "expires_at": invitation.expires_at,
        }
        post(_composed("invitation", invitation.email, inviter.locale, about))


@job("identity.find_accounts")
def find_accounts(request_id: str) -> None:
    """Look whose address was given to have a lost password replaced."""
    with db.transaction(None):
        actions.find_accounts(UUID(request_id))


@job("identity.mail_reset")
def mail_reset(organization_id: str, user_id: str) -> None:
    """Mail a person the link by which they choose another password, unless their account is disabled by then."""
    actor = Actor.system(UUID(organization_id))
    with mail.ready() as post, db.transaction(actor):
        made = actions.mailed_reset(actor, UUID(user_id))
        if made is None:
            return
        user, secret = made
        about = {"name": user.name, "link": letters.address("identity_pages.reset", link=secret)}
        post(_composed("reset", user.email, user.locale, about))


@job("identity.forget", every="*/10 * * * *")
def forget() -> None:
    """Delete links and requests to replace a password that are past their time, of every organization."""
    with db.transaction(None) as session:
        session.execute(text("SELECT auth_forget_resets()"))


def _composed(what: str, to: str, locale: str, about: Mapping[str, Any]) -> EmailMessage:
    letter = letters.written(f"identity/mail_{what}", locale, **about)
    subject = letters.called(MAILS[what], locale)
    return mail.composed(to, subject, letter.text, letter.html, message_id=str(new_id()))
