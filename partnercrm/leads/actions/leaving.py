"""What a leaver's leads come to: own leads, open offers and requests pass to a successor; the partner sees only who."""

from collections.abc import Sequence

from sqlalchemy import func, select, update

from partnercrm.activity.actions import record
from partnercrm.identity.actions.leaving import Holding
from partnercrm.identity.models import User
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.leads.models import Lead
from partnercrm.leads.models.requests import OfferRequest
from partnercrm.leads.queries import leaving
from partnercrm.partnerships import queries as partnerships


def held_by(actor: Actor, leaver: User) -> Sequence[Holding]:
    """Return how many leads a person owns, how many open offers they gave or took, and what they asked to offer."""
    return (
        Holding("leads", leaving.count_leads(actor, leaver.id)),
        Holding("open offers", len(leaving.open_offers_of(actor, leaver.id))),
        Holding("requests to offer", leaving.count_requests(actor, leaver.id)),
    )


def hand_over(actor: Actor, leaver: User, successor: User) -> None:
    """Make the successor the owner of the leads and the counterpart on the open offers."""
    offers = leaving.open_offers_of(actor, leaver.id)
    if not (offers or leaving.count_leads(actor, leaver.id) or leaving.count_requests(actor, leaver.id)):
        return
    if "leads:write" not in scopes_of(successor.roles):
        raise Invalid.field("successor_id", "Only who may change leads can take these over.")
    mine = Lead.organization_id == actor.organization_id
    db.session().execute(
        update(Lead)
        .where(mine, Lead.owner_id == leaver.id)
        .values(owner_id=successor.id, version=Lead.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session().execute(
        update(OfferRequest)
        .where(OfferRequest.organization_id == actor.organization_id, OfferRequest.asker_id == leaver.id)
        .values(asker_id=successor.id, version=OfferRequest.version + 1)
        .execution_options(synchronize_session=False)
    )
    for offer in offers:
        member = partnerships.own_member(actor, offer.partnership_id, successor.id)
        if member is None:
            raise Invalid.field("successor_id", "Name this person a member of the leaver's partnerships first.")
        db.session().execute(select(func.step_hand_over_offer(offer.id, leaver.id, member.id)))
        db.session().refresh(offer)
        record(actor, "lead.handed_over", offer)
