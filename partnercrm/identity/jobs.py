"""What identity mails, and what it forgets. A link's secret is made here, so that it never waits in a queue."""

from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from sqlalchemy import text

from partnercrm.activity import queries as activity
from partnercrm.identity import actions, queries, retention
from partnercrm.identity.words import MAILS
from partnercrm.kernel import db, jobs, mail
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


@job("identity.apply_retention", every="41 2 * * *")
def apply_retention() -> None:
    """Have every organization's data that are past their time removed."""
    with db.transaction(None):
        for organization_id in sorted({organization for organization, _ in activity.tenants(unsealed=False)}):
            jobs.defer("identity.remove_past", organization_id)


@job("identity.remove_past")
def remove_past(organization_id: str) -> None:
    """Remove an organization's data that are past their time, kind by kind, in batches of a transaction each."""
    actor, removed = Actor.system(UUID(organization_id)), dict[str, int]()
    for kind in retention.kinds():
        more = True
        while more:
            with db.transaction(actor):
                taken = actions.remove_some(actor, kind)
            more = taken > 0
            if kind.counted:
                removed[kind.name] = removed.get(kind.name, 0) + taken
    with db.transaction(actor):
        actions.note_run(actor, removed)


def _composed(what: str, to: str, locale: str, about: Mapping[str, Any]) -> EmailMessage:
    letter = letters.written(f"identity/mail_{what}", locale, **about)
    subject = letters.called(MAILS[what], locale)
    return mail.composed(to, subject, letter.text, letter.html, message_id=str(new_id()))
