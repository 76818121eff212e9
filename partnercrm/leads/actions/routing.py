"""Routing received leads: the rules, who is asked first by them, and handing a lead on by hand."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from partnercrm.activity.actions import record
from partnercrm.identity import queries as identity
from partnercrm.identity.queries import staying
from partnercrm.kernel import clock, db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions.watching import OwnOffer
from partnercrm.leads.errors import StepNotPossible
from partnercrm.leads.lifecycle import OfferStatus, Side
from partnercrm.leads.models import Offer
from partnercrm.leads.models.routing import Assignment, RoutingPlan, RoutingTurn
from partnercrm.leads.queries import exchange, routing
from partnercrm.leads.queries.routing import AssignmentSeen
from partnercrm.leads.routing import Tried, tried
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.actions.announcing import tell_of_partner
from partnercrm.partnerships.queries import answering


def set_routing(actor: Actor, given: Mapping[str, Any], expected: str | None) -> RoutingPlan:
    """Replace the organization's rules; rules sent with the id they have keep whose turn it is.

    Raises MatchRequired, Stale, and Invalid naming everything that there is not.
    """
    db.session().execute(select(func.pg_advisory_xact_lock(_key(actor))))
    found = routing.plan(actor, lock=True)
    versions.require_of_standing(expected, found.version_tag if found else None)
    known = {rule.id for rule in routing.rules_of(found)}
    if wrong := list(_wrong(actor, given["rules"], known)):
        raise Invalid(wrong)
    rules = [_stored(one) for one in given["rules"]]
    if found is None:
        found = RoutingPlan(organization_id=actor.organization_id, turns=0, version=0)
        db.session().add(found)
    found.rules, found.changed_at, found.version = rules, clock.now(), found.version + 1
    db.session().flush()
    mine = RoutingTurn.organization_id == actor.organization_id
    gone = known - {UUID(one["id"]) for one in rules}
    db.session().execute(delete(RoutingTurn).where(mine, RoutingTurn.rule_id.in_(gone)))
    record(actor, "organization.routing_changed", found)
    return found


def _key(actor: Actor) -> Any:
    return func.hashtextextended(f"routing/{actor.organization_id}", 0)


def _wrong(actor: Actor, rules: Sequence[Mapping[str, Any]], known: Collection[UUID]) -> Iterator[FieldError]:
    """Yield everything a rule names that there is not."""
    living = {one.id: one for one in answering.living_partnerships(actor)}
    people = {one.id for one in identity.colleagues(actor)}
    teams = {one.id for one in identity.teams(actor).items}
    seen: set[UUID] = set()
    for place, rule in enumerate(rules):
        at = f"rules.{place}"
        if rule.get("id") and (rule["id"] not in known or rule["id"] in seen):
            yield FieldError(f"{at}.id", "There is no such rule; leave the id out for a new one.")
        seen |= {rule["id"]} if rule.get("id") else set()
        partner = rule.get("partnership_id")
        if partner and partner not in living:
            yield FieldError(f"{at}.partnership_id", "There is no such partnership.")
        line = rule.get("product_line_id")
        if line and not any(line == one.id for each in living.values() for one in each.terms.product_lines):
            yield FieldError(f"{at}.product_line_id", "The terms in force name no such product line.")
        if rule.get("team_id") and rule["team_id"] not in teams:
            yield FieldError(f"{at}.team_id", "There is no such team.")
        for number, user_id in enumerate(rule["user_ids"]):
            if user_id not in people:
                yield FieldError(f"{at}.user_ids.{number}", "There is no such person, or they left.")
        if not rule["user_ids"] and not rule.get("team_id"):
            yield FieldError(f"{at}.user_ids", "Name people, a team, or both.")


def _stored(rule: Mapping[str, Any]) -> dict[str, Any]:
    ids = {
        name: str(rule[name]) if rule.get(name) else None for name in ("partnership_id", "product_line_id", "team_id")
    }
    return ids | {
        "id": str(rule.get("id") or new_id()),
        "countries": list(dict.fromkeys(rule["countries"])),
        "industries": list(dict.fromkeys(rule["industries"])),
        "size_bands": [one.value for one in dict.fromkeys(rule["size_bands"])],
        "user_ids": [str(one) for one in dict.fromkeys(rule["user_ids"])],
        "most_open": rule.get("most_open"),
        "only_enabled": rule.get("only_enabled", False),
    }


def route_offer(actor: Actor, offer_id: UUID) -> UUID | None:
    """Find who is asked first about a received lead and keep it, once; None where the managers are to be asked.

    For the organization's own hand. Who routes holds the plan, so that two leads at once go to two people.
    """
    found = routing.plan(actor, lock=True)
    if (already := routing.assigned_to(actor, offer_id)) is not None or found is None:
        return already
    offer = exchange.offer(actor, offer_id)
    teaser = routing.teaser_of(offer)
    every = list(tried(routing.rules_of(found), teaser, routing.candidates(actor, teaser)))
    free = every[-1].free if every else None
    if free is None:
        return None
    found.turns += 1
    _take_turn(actor, every[-1], free, found.turns)
    _assign(actor, offer, free, by_hand=False)
    return free


def _take_turn(actor: Actor, by: Tried, user_id: UUID, turn: int) -> None:
    key = {"organization_id": actor.organization_id, "rule_id": by.rule.id, "user_id": user_id}
    taken = insert(RoutingTurn).values(**key, turn=turn)
    db.session().execute(taken.on_conflict_do_update(constraint="pk_routing_turns", set_={"turn": turn}))


def _assign(actor: Actor, offer: Any, user_id: UUID, *, by_hand: bool) -> None:
    values = {"assignee_id": user_id, "by_hand": by_hand, "assigned_at": clock.now()}
    made = insert(Assignment).values(
        organization_id=actor.organization_id,
        offer_id=offer.id,
        partnership_id=offer.partnership_id,
        giver_id=offer.giver_id,
        **values,
    )
    db.session().execute(made.on_conflict_do_update(constraint="pk_lead_assignments", set_=values))
    record(actor, "lead.assigned", OwnOffer(offer.id))


def assign_lead(actor: Actor, offer_id: UUID, given: Mapping[str, Any]) -> AssignmentSeen:
    """Ask a colleague first about a lead that waits for the actor's side. Raises StepNotPossible, Invalid."""
    staying.those_who_stay(actor, {given["user_id"]})
    offer, _ = exchange.offer_to_step(actor, offer_id)
    if offer.side_of(actor.organization_id) is not Side.RECEIVER or offer.status is not OfferStatus.OFFERED:
        raise StepNotPossible
    if not answering.may_answer(actor, offer.partnership_id, given["user_id"]):
        raise Invalid.field("user_id", "Choose a member of this partnership who may answer leads.")
    _assign(actor, offer, given["user_id"], by_hand=True)
    tell_assignee(actor, offer, given["user_id"])
    return routing.assignment(actor, offer_id)


def tell_assignee(actor: Actor, offer: Offer, user_id: UUID) -> None:
    """Tell who is asked first, and who stands in for them, of a lead that was handed on by hand."""
    people = partnerships.and_deputies(actor, {user_id}) - {actor.user_id}
    tell_of_partner(actor, people, "lead.assigned", offer.id, partnership_id=offer.partnership_id, event_id=new_id())


def tell_managers(actor: Actor, offer: Any, event_id: UUID) -> None:
    """Tell the side's managers, and who stands in for them, of a lead for which nobody was found."""
    managers = {one.user_id for one in partnerships.own_managers(actor, offer.partnership_id)}
    people = partnerships.and_deputies(actor, managers)
    tell_of_partner(actor, people, "lead.unrouted", offer.id, partnership_id=offer.partnership_id, event_id=event_id)
