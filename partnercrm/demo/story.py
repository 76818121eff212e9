"""Telling the demo's fourteen months through the real actions, each at its moment; `recorded_at` is the database's."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from partnercrm.accounts.actions.syncing import put_accounts
from partnercrm.accounts.numbers import Scheme, normalised
from partnercrm.activity.actions import without
from partnercrm.demo import (
    agreeing,
    comparing,
    dealing,
    exchanging,
    fair,
    hours,
    knowing,
    listing,
    markets,
    moving,
    privacy,
)
from partnercrm.demo.enabling import teach
from partnercrm.demo.joining import join
from partnercrm.demo.leaving import come_and_go, invite_in_vain
from partnercrm.demo.people import DANA, HANK, INES, NAMES, PASSWORD, PEOPLE, Person
from partnercrm.demo.plan import OFFER_DAYS, RESPONSE_HOURS, Passage, Plan, Step, plan
from partnercrm.demo.settling import look_for_cause, settle
from partnercrm.identity import actions as identity
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions import asking, keeping, offering, watching
from partnercrm.leads.actions import exchanging as answering
from partnercrm.notices.actions import telling
from partnercrm.partnerships import actions as partnerships
from partnercrm.partnerships import queries
from partnercrm.partnerships.models import ValueDisclosure

BEGINS_DAYS_AGO: Final = 424
# What happened before is told to nobody when the demo begins: everybody would start with hundreds of notices.
NEWS: Final = timedelta(days=4)
INQUIRIES: Final = (
    ("acme", "gina@globex.example", "Is there a budget for it this year?", "Yes, until the end of the third quarter."),
    ("globex", "sam@acme.example", "Who else are they talking to?", None),
)
TERMS: Final = {
    "share_given_percent": 50,
    "tolerance_points": 10,
    "response_hours": RESPONSE_HOURS,
    "offer_days": OFFER_DAYS,
    "value_disclosure": ValueDisclosure.EXACT,
}
ANSWERS: Final[Mapping[str, Callable[..., Any]]] = {
    "accept": answering.accept_offer,
    "withdraw": answering.withdraw_offer,
    "expire": watching.expire_offer,
}
REPORTS: Final[Mapping[str, Callable[..., Any]]] = {
    "decline": answering.decline_offer,
    "qualify": answering.qualify_lead,
    "disqualify": answering.disqualify_lead,
    "convert": answering.convert_lead,
    "win": answering.win_lead,
    "lose": answering.lose_lead,
}


@dataclass(slots=True)
class World:
    """What has come to be so far: ids by the names the story uses."""

    companies: dict[str, UUID] = field(default_factory=dict)
    users: dict[str, UUID] = field(default_factory=dict)
    agreed: UUID | None = None
    leads: dict[str, UUID] = field(default_factory=dict)
    offers: dict[str, UUID] = field(default_factory=dict)
    lines: agreeing.Lines | None = None

    @property
    def partnership(self) -> UUID:
        """The partnership of Acme and Globex."""
        if self.agreed is None:
            raise RuntimeError("the story has not come to the partnership yet")
        return self.agreed

    def actor(self, person: Person) -> Actor:
        """Return the person as the application would recognise them."""
        joined = [self.agreed] if self.agreed and person.joins_as else []
        return Actor(
            organization_id=self.companies[person.company],
            user_id=self.users[person.email],
            name=person.name,
            roles=frozenset(person.roles),
            scopes=scopes_of(person.roles),
            partnership_ids=frozenset(joined),
        )

    def called(self, email: str) -> Actor:
        """Return the person with this address as an actor."""
        return self.actor(next(person for person in PEOPLE if person.email == email))


def tell() -> World:
    """Fill an empty database with fourteen months that end now; return what came to be.

    Needs an application context, no transaction.
    """
    now = clock.now()
    begun = now - timedelta(days=BEGINS_DAYS_AGO)
    world = World()
    planned = plan(now)
    happening = _happening(world, planned)
    long_past = sum(at < now - NEWS for at, _ in happening)
    with without(telling.react):
        with clock.at(begun):
            for company in NAMES:
                _found(world, company)
        _agree(world, begun)
        agreeing.agree(world.actor(DANA), world.actor(HANK), world.partnership, begun)
        world.lines = agreeing.lines(world.actor(DANA), world.partnership)
        _play(happening[:long_past])
    _play(happening[long_past:])
    _synchronise(world, now)
    _inquire(world, planned, now)
    settle(world, planned, now)
    companies = [Actor.system(world.companies[name]) for name in ("acme", "globex")]
    look_for_cause(companies, world.actor(HANK))
    exchanging.exchange(world, now)
    dealing.register(world, now)
    _move(world, planned, now)
    _court(world, now)
    _look_back(world, companies, now)
    return world


def _look_back(world: World, companies: Sequence[Actor], now: datetime) -> None:
    """Let people set hours, come and go, keep lists, agree on privacy, and let what is past its time go."""
    hours.keep(world.companies, world.users)
    invite_in_vain(world.called("ada@acme.example"), now)
    come_and_go(
        world.called("ada@acme.example"),
        world.actor(DANA),
        world.users["sam@acme.example"],
        world.partnership,
        now,
    )
    sam, ada = world.called("sam@acme.example"), world.called("ada@acme.example")
    fair.bring_lists(sam, now)
    privacy.agree_and_look(ada, world.actor(DANA), sam, now)
    privacy.publish(companies)
    privacy.forget_past(companies, now)


def _found(world: World, company: str) -> None:
    system = Actor.system(new_id())
    world.companies[company] = system.organization_id
    members = [person for person in PEOPLE if person.company == company]
    with db.transaction(system):
        identity.found_organization(system, NAMES[company], [f"{company}.example"])
        teams = {
            name: identity.add_team(system, {"name": name}).id for name in sorted({m.team for m in members if m.team})
        }
        for person in members:
            given = {"name": person.name, "email": person.email, "roles": person.roles, "password": PASSWORD}
            added = identity.add_user(system, given | {"team_id": teams.get(person.team or "")})
            world.users[person.email] = added.id


def _agree(world: World, begun: datetime) -> None:
    """Let Acme propose, Globex accept three days later, and both name their people."""
    dana, hank = world.actor(DANA), world.actor(HANK)
    proposal = {"addressee": HANK.email, "message": "Let us open our accounts to each other.", "terms": TERMS}
    with clock.at(begun + timedelta(days=2)), db.transaction(dana):
        partnerships.propose_partnership(dana, proposal)
    with clock.at(begun + timedelta(days=5)), db.transaction(hank):
        (received,) = queries.received_proposals(hank, {"sort": "received_at", "limit": 1}).items
        world.agreed = partnerships.accept_proposal(hank, received.id).id
    for manager in (DANA, HANK):
        actor = world.actor(manager)
        for person in PEOPLE:
            if person.company == manager.company and person.joins_as and person is not manager:
                member = {"user_id": world.users[person.email], "role": person.joins_as}
                with clock.at(begun + timedelta(days=6)), db.transaction(actor):
                    partnerships.name_member(actor, world.partnership, member)


def _happening(world: World, planned: Plan) -> list[tuple[datetime, Callable[[], None]]]:
    """Return everything that was planned, in the order of time."""
    events: list[tuple[datetime, Callable[[], None]]] = []
    for company, leads in planned.leads.items():
        for at, batch in groupby(sorted(leads, key=lambda each: each[0]), key=lambda each: each[0]):
            items = [lead for _, lead in batch]
            events.append((at, partial(_enter, world, company, items)))
    events += [
        (step.at, partial(_take, world, passage, step)) for passage in planned.passages for step in passage.steps
    ]
    return sorted(events, key=lambda event: event[0])


def _play(happening: list[tuple[datetime, Callable[[], None]]]) -> None:
    for at, happen in happening:
        with clock.at(at):
            happen()


def _inquire(world: World, planned: Plan, now: datetime) -> None:
    """Let each side ask about the lead that was offered to it last; one question is answered."""
    for giver, receiver, question, answer in INQUIRIES:
        waiting = [one for one in planned.passages if one.giver == giver and len(one.steps) == 1]
        passage = max(waiting, key=lambda one: one.steps[0].at)
        offer_id = world.offers[passage.lead["external_id"]]
        asker, seller = world.called(receiver), world.called(passage.seller)
        with clock.at(now - timedelta(hours=5)), db.transaction(asker):
            asked = asking.ask_question(asker, offer_id, {"question": question})
        if answer:
            with clock.at(now - timedelta(hours=2)), db.transaction(seller):
                asking.answer_question(seller, offer_id, asked.id, {"answer": answer})


def _move(world: World, planned: Plan, now: datetime) -> None:
    """Let Sam ask Dana for one lead more, and Hank say who of Globex is asked first about what waits."""
    moving.ask(world.called("sam@acme.example"), world.partnership, now)
    waiting = [
        world.offers[one.lead["external_id"]]
        for one in planned.passages
        if one.giver == "acme" and [step.verb for step in one.steps] == ["offer"]
    ]
    sellers = [world.users[f"{name}@globex.example"] for name in ("gina", "omar")]
    moving.route(world.actor(HANK), sellers, world.partnership, waiting)


def _synchronise(world: World, now: datetime) -> None:
    """Let each company's CRM bring in the companies it sells to, both compare them, and managers sort and teach."""
    lists = markets.lists()
    for company, listed in lists.items():
        crm = world.called(f"crm@{company}.example")
        items = [
            {name: value for name, value in one.items() if name not in {"owner", "numbers"}}
            | {"owner_id": world.users[one["owner"]] if one["owner"] else None}
            | {"numbers": [normalised(Scheme(scheme), *rest) for scheme, *rest in one.get("numbers", ())]}
            for one in listed
        ]
        with clock.at(now - timedelta(hours=9)), db.transaction(crm):
            put_accounts(crm, items)
    comparing.agree(world, now)
    teach(world, now)
    comparing.talk(world, lists, now)
    for manager in (DANA, HANK):
        listing.keep(world.actor(manager), lists[manager.company], now)
    join(world, now)
    knowing.know(world, lists, now)
    knowing.spend(world, now)


def _enter(world: World, company: str, leads: list[Mapping[str, Any]]) -> None:
    crm = world.called(f"crm@{company}.example")
    items = [
        {name: value for name, value in lead.items() if name != "owner"}
        | {"connector": "crm", "owner_id": world.users[lead["owner"]]}
        for lead in leads
    ]
    with db.transaction(crm):
        for kept in keeping.put_leads(crm, items):
            world.leads[kept.external_id] = kept.id


def _take(world: World, passage: Passage, step: Step) -> None:
    key = passage.lead["external_id"]
    seller = world.called(passage.seller)
    if step.verb == "offer":
        given = {"lead_id": world.leads[key], "partnership_id": world.partnership, **step.given}
        given |= agreeing.product_line(step.at, passage.lead["need"], world.lines)
        with db.transaction(seller):
            world.offers[key] = offering.offer_lead(seller, given).id
        return
    actor = world.called(passage.receiver)
    if step.verb == "withdraw":
        actor = seller
    elif step.verb == "expire":
        actor = Actor.system(seller.organization_id)
    with db.transaction(actor):
        if step.verb in ANSWERS:
            ANSWERS[step.verb](actor, world.offers[key])
        else:
            REPORTS[step.verb](actor, world.offers[key], step.given)


def _court(world: World, now: datetime) -> None:
    """Let the stranger propose: to Acme, which has not answered, and to somebody nobody here knows."""
    ines = world.actor(INES)
    for days, addressee in ((9, "office@hollin-software.example"), (3, DANA.email)):
        proposal = {"addressee": addressee, "message": "We would like to sell with you.", "terms": TERMS}
        with clock.at(now - timedelta(days=days)), db.transaction(ines):
            partnerships.propose_partnership(ines, proposal)
