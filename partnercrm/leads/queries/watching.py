"""Reading what the clock watches: offers as one side's own hand takes them, and what was told of them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import Offer
from partnercrm.leads.models.following import Reminder
from partnercrm.leads.queries import exchange
from partnercrm.leads.queries.routing import assigned_to
from partnercrm.leads.watching import TO_MANAGERS, Alarm
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import MemberRole


def received_offer(actor: Actor, offer_id: UUID, status: OfferStatus) -> Offer | None:
    """Return an offer that the actor's organization received, locked, if it stands at `status`; for the clock."""
    received = select(Offer).where(Offer.receiver_id == actor.organization_id)
    return exchange.offer_of_clock(received, actor, offer_id, status)


def told_of(actor: Actor, offer_id: UUID, since: datetime) -> Collection[Alarm]:
    """Return which alarms about an offer that came due at `since` or later were told to the actor's side."""
    rows = select(Reminder.alarm).where(
        Reminder.organization_id == actor.organization_id, Reminder.offer_id == offer_id, Reminder.due_at >= since
    )
    return set(db.session().scalars(rows))


def whom_to_remind(actor: Actor, offer: Offer, alarm: Alarm) -> Collection[UUID]:
    """Return who of the receiving side is told of an alarm: who took the lead, is asked first or may answer it.

    Else the managers.
    """
    members = partnerships.own_members(actor, offer.partnership_id)
    managers = [member.user_id for member in members if member.role is MemberRole.PARTNER_MANAGER]
    taker = [member.user_id for member in members if member.id == offer.receiver_member_id]
    sellers = [member.user_id for member in members if member.role is MemberRole.SELLER]
    asked = assigned_to(actor, offer.id) if offer.status is OfferStatus.OFFERED else None
    first = [asked] if asked in {member.user_id for member in members} else sellers
    responsible = [] if alarm in TO_MANAGERS else taker or first
    return partnerships.and_deputies(actor, responsible or managers)
