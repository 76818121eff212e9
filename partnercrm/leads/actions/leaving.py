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
from partnercrm.leads.queries import leaving, routing
from partnercrm.partnerships import queries as partnerships


def held_by(actor: Actor, leaver: User) -> Sequence[Holding]:
    """Return how many leads a person owns, gave, took, is asked first about, and asked to offer."""
    return (
        Holding("leads", leaving.count_leads(actor, leaver.id)),
        Holding("open offers", len(leaving.open_offers_of(actor, leaver.id))),
        Holding("leads to answer", len(leaving.assigned_offers(actor, leaver.id))),
        Holding("requests to offer", leaving.count_requests(actor, leaver.id)),
    )


def hand_over(actor: Actor, leaver: User, successor: User) -> None:
    """Make the successor the owner of the leads and the counterpart on the open offers."""
    offers = leaving.open_offers_of(actor, leaver.id)
    _replace_in_rules(actor, leaver, successor)
    assigned = leaving.assigned_offers(actor, leaver.id)
    own = leaving.count_leads(actor, leaver.id) + leaving.count_requests(actor, leaver.id)
    if not (offers or assigned or own):
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
    for one in assigned:
        one.assignee_id = successor.id
    db.session().flush()
    for offer in offers:
        member = partnerships.own_member(actor, offer.partnership_id, successor.id)
        if member is None:
            raise Invalid.field("successor_id", "Name this person a member of the leaver's partnerships first.")
        db.session().execute(select(func.step_hand_over_offer(offer.id, leaver.id, member.id)))
        db.session().refresh(offer)
        record(actor, "lead.handed_over", offer)


def _replace_in_rules(actor: Actor, leaver: User, successor: User) -> None:
    """Let the rules name the successor where they named the leaver."""
    plan = routing.plan(actor, lock=True)
    gone, follows = str(leaver.id), str(successor.id)
    if plan is None or not any(gone in rule["user_ids"] for rule in plan.rules):
        return
    plan.rules = [
        rule | {"user_ids": list(dict.fromkeys(follows if one == gone else one for one in rule["user_ids"]))}
        for rule in plan.rules
    ]
    plan.version += 1
    db.session().flush()
