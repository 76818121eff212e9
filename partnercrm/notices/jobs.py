"""Telling the people concerned, and sending what they are told by mail."""

from collections.abc import Callable
from email.message import EmailMessage
from uuid import UUID

from partnercrm.kernel import db, mail
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job
from partnercrm.notices.actions import mailing, telling


@job("notices.tell")
def tell(organization_id: str, activity_id: str) -> None:
    """Tell an organization's people of something that was done."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        telling.tell_of(actor, UUID(activity_id))


@job("notices.mail")
def mail_notice(organization_id: str, notice_id: str) -> None:
    """Mail one notice to the person it is for."""
    _send(organization_id, lambda actor: mailing.notice_mail(actor, UUID(notice_id)))


@job("notices.digest")
def mail_digest(organization_id: str, user_id: str) -> None:
    """Mail one person's digest."""
    _send(organization_id, lambda actor: mailing.digest_mail(actor, UUID(user_id)))


def _send(organization_id: str, write: Callable[[Actor], EmailMessage | None]) -> None:
    """Send what `write` returns while its transaction still holds: nobody who was let go before gets a mail after.

    The mark is kept once the server has taken the message. Whoever is killed in between sends that one message again,
    under the same id; the connection stands before any row is locked, so that locks last as long as one sending.
    """
    if not mail.is_set_up():
        return
    actor = Actor.system(UUID(organization_id))
    with mail.ready() as post, db.transaction(actor):
        if message := write(actor):
            post(message)
