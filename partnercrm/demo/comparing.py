"""The demo's account mappings: both sides' customers with fields, customers and prospects as counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.actions import mapping, populations, yeses
from partnercrm.accounts.relationships import Relationship
from partnercrm.accounts.tiers import AccountField, MappingTier
from partnercrm.demo.exchanging import DANA, HANK
from partnercrm.demo.markets import SHARED
from partnercrm.demo.settling import Told
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor

_TOLD: Final = [AccountField.NAME, AccountField.DOMAIN, AccountField.CITY, AccountField.RELATIONSHIP]
_PAIRS: Final = (
    (Relationship.CUSTOMER, Relationship.CUSTOMER, MappingTier.OVERLAPS_WITH_FIELDS),
    (Relationship.PROSPECT, Relationship.CUSTOMER, MappingTier.OVERLAPS_WITH_FIELDS),
    (Relationship.CUSTOMER, Relationship.PROSPECT, MappingTier.COUNTS),
)
_SAM, _GINA = "sam@acme.example", "gina@globex.example"
_CALLED: Final = {Relationship.CUSTOMER: "All customers", Relationship.PROSPECT: "All prospects"}


def agree(world: Told, now: datetime) -> None:
    """Let both sides agree yesterday on what is compared; the night compares it."""
    dana, hank = world.called(DANA), world.called(HANK)
    named = {
        (actor.organization_id, kind): _done(actor, now, populations.make_population, _segment(kind)).id
        for actor in (dana, hank)
        for kind in _CALLED
    }
    for ours, theirs, tier in _PAIRS:
        given: dict[str, Any] = {"partnership_id": world.partnership, "tier": tier, "shown": _TOLD}
        proposed = _done(
            dana, now, mapping.propose_mapping, given | {"population_id": named[dana.organization_id, ours]}
        )
        _done(hank, now, mapping.agree_mapping, proposed.id, {"population_id": named[hank.organization_id, theirs]})


def talk(world: Told, lists: Mapping[str, Sequence[Mapping[str, Any]]], now: datetime) -> None:
    """Let Sam and Gina say yes to one customer of both, which the night opens to them, and Sam alone to another."""
    both = [
        (one["external_id"], other["external_id"])
        for one, other in zip(lists["acme"][:SHARED], lists["globex"][:SHARED], strict=True)
        if one["relationship"] == other["relationship"] == Relationship.CUSTOMER
        and one["web_domains"]
        and other["web_domains"]
    ]
    (ours, theirs), (alone, _) = both[:2]
    for email, key in ((_SAM, ours), (_GINA, theirs), (_SAM, alone)):
        seller, given = world.called(email), {"partnership_id": world.partnership, "reach": email}
        with clock.at(now - timedelta(days=1)), db.transaction(seller):
            yeses.say_yes(seller, accounts.account_under(seller, "crm", key).id, given)


def _segment(kind: Relationship) -> dict[str, Any]:
    return {"name": _CALLED[kind], "criteria": {"relationship": [kind]}}


def _done(actor: Actor, now: datetime, act: Any, *given: UUID | dict[str, Any]) -> Any:
    with clock.at(now - timedelta(days=1)), db.transaction(actor):
        return act(actor, *given)
