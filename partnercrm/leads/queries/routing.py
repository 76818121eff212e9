"""Reading who is asked first about received leads, by which rules, and why: always the receiver's own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from partnercrm.calendars import queries as calendars
from partnercrm.enablement.items import Gated, GateMode
from partnercrm.enablement.queries import gate
from partnercrm.identity import queries as identity
from partnercrm.identity.models import User
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.leads.lifecycle import IN_PROGRESS, OfferStatus
from partnercrm.leads.models import Offer
from partnercrm.leads.models.routing import Assignment, RoutingPlan, RoutingTurn
from partnercrm.leads.queries.exchange import offers_seen_by
from partnercrm.leads.routing import PRIVATE, Bar, Candidate, Rule, Teaser, Tried, fits, tried
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Member
from partnercrm.partnerships.queries import is_open_to


class AssignmentSeen(NamedTuple):
    """Who is asked first about a lead that waits for an answer."""

    assignment: Assignment
    assignee: User

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the row."""
        return getattr(self.assignment, name)


class Asked(NamedTuple):
    """One of a rule's people, and why they are passed over as far as the reader may know it."""

    user_id: UUID
    name: str
    passed_over: Bar | None


class RuleTried(NamedTuple):
    """A rule that fits, by its place, with its people in the order they are asked."""

    place: int
    people: Sequence[Asked]


class Trial(NamedTuple):
    """What would become of a lead: the rules that fit in their order, who would be asked, and whether that is told."""

    tried: Sequence[RuleTried]
    decided: int | None
    assignee: User | None
    is_told: bool


def plans_seen_by(actor: Actor) -> Select[RoutingPlan]:
    """Return the rules of the actor's own organization."""
    return select(RoutingPlan).where(RoutingPlan.organization_id == actor.organization_id)


def assignments_seen_by(actor: Actor) -> Select[Assignment]:
    """Return who is asked first about what the actor's side received and has not answered, to members.

    Who was released since is asked no more: until others are found anybody of the side answers.
    """
    waits = select(Offer.id).where(Offer.status == OfferStatus.OFFERED, Offer.id == Assignment.offer_id).exists()
    stays = (
        select(Member.id)
        .where(
            Member.organization_id == Assignment.organization_id,
            Member.partnership_id == Assignment.partnership_id,
            Member.user_id == Assignment.assignee_id,
            Member.left_at.is_(None),
        )
        .exists()
    )
    return select(Assignment).where(
        Assignment.organization_id == actor.organization_id, is_open_to(actor, Assignment.partnership_id), waits, stays
    )


def plan(actor: Actor, *, lock: bool = False) -> RoutingPlan | None:
    """Return the organization's rules, if there ever were any; `lock` them to route or to change them."""
    rows = plans_seen_by(actor)
    if lock:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    return db.session().scalars(rows).one_or_none()


def plan_of(actor: Actor, organization_id: UUID) -> RoutingPlan:
    """Return the rules of an organization, which is the actor's own. Raises NotFound."""
    found = plan(actor)
    if found is None or found.organization_id != organization_id:
        raise NotFound
    return found


def rules_of(found: RoutingPlan | None) -> list[Rule]:
    """Return the rules as the decision reads them."""
    return [as_rule(one) for one in found.rules] if found else []


def as_rule(stored: Mapping[str, Any]) -> Rule:
    """Return a stored rule as the decision reads it."""

    def known(name: str) -> UUID | None:
        return UUID(stored[name]) if stored.get(name) else None

    return Rule(
        id=UUID(stored["id"]),
        partnership_id=known("partnership_id"),
        countries=tuple(stored["countries"]),
        industries=tuple(stored["industries"]),
        product_line_id=known("product_line_id"),
        size_bands=tuple(stored["size_bands"]),
        user_ids=tuple(UUID(one) for one in stored["user_ids"]),
        team_id=known("team_id"),
        most_open=stored["most_open"],
        only_enabled=stored.get("only_enabled", False),
    )


def assignment(actor: Actor, offer_id: UUID) -> AssignmentSeen:
    """Return who is asked first about an offer that waits for the actor's side. Raises NotFound."""
    rows = assignments_seen_by(actor).where(Assignment.offer_id == offer_id)
    found = db.session().execute(rows.add_columns(User).join(User, User.id == Assignment.assignee_id)).one_or_none()
    if found is None:
        raise NotFound
    return AssignmentSeen(*found)


def assigned_to(actor: Actor, offer_id: UUID) -> UUID | None:
    """Return who is asked first about an offer, for the organization's own hand."""
    rows = select(Assignment.assignee_id).where(
        Assignment.organization_id == actor.organization_id, Assignment.offer_id == offer_id
    )
    return db.session().scalars(rows).one_or_none()


def teaser_of(offer: Any) -> Teaser:
    """Return what rules look at of an offer."""
    size = offer.size_band.value if offer.size_band else None
    return Teaser(offer.partnership_id, offer.country, offer.industry, offer.product_line_id, size)


def candidates(actor: Actor, teaser: Teaser) -> Callable[[Rule], Sequence[Candidate]]:
    """Return how to find a rule's people, each with what keeps them from being asked about this lead."""
    members = {one.user_id for one in partnerships.own_members(actor, teaser.partnership_id)}
    away = calendars.absent_at(actor, clock.now())
    is_gated = gate.mode_of(actor, teaser.partnership_id, Gated.RECEIVING) is GateMode.BLOCK

    def of(rule: Rule) -> Sequence[Candidate]:
        people = _people(actor, rule)
        ids = [one.id for one in people]
        turns, open_leads = _turns(actor, rule), _open_leads(actor, ids) if rule.most_open else {}
        asks = is_gated or rule.only_enabled
        ignorant = gate.not_enabled(actor, teaser.partnership_id, people, clock.now()) if asks else ()

        def bar(one: User) -> Bar | None:
            if one.disabled_at is not None:
                return Bar.LEFT
            if "leads:write" not in scopes_of(one.roles):
                return Bar.MAY_NOT_ANSWER
            if one.id not in members:
                return Bar.NO_MEMBER
            if one.id in away:
                return Bar.AWAY
            if rule.most_open and open_leads.get(one.id, 0) >= rule.most_open:
                return Bar.FULL
            return Bar.NOT_ENABLED if one.id in ignorant else None

        return [Candidate(one.id, turns.get(one.id, 0), bar(one)) for one in people]

    return of


def _people(actor: Actor, rule: Rule) -> Sequence[User]:
    """Return a rule's people: those it names in their order, then its team's by name."""
    named: ColumnElement[bool] = User.id.in_(rule.user_ids)
    if rule.team_id is not None:
        named = or_(named, User.team_id == rule.team_id)
    found = db.session().scalars(identity.users_seen_by(actor).where(named).order_by(User.name, User.id)).all()
    order = {user_id: place for place, user_id in enumerate(rule.user_ids)}
    return sorted(found, key=lambda one: order.get(one.id, len(order)))


def _turns(actor: Actor, rule: Rule) -> Mapping[UUID, int]:
    mine = RoutingTurn.organization_id == actor.organization_id
    rows = select(RoutingTurn.user_id, RoutingTurn.turn).where(mine, RoutingTurn.rule_id == rule.id)
    return {row.user_id: row.turn for row in db.session().execute(rows)}


def _open_leads(actor: Actor, user_ids: Sequence[UUID]) -> Mapping[UUID, int]:
    """Return how many received leads people have open: asked about and unanswered, or taken on and not over."""
    counted: dict[UUID, int] = {}
    waiting = (
        select(Assignment.assignee_id, func.count())
        .join(Offer, Offer.id == Assignment.offer_id)
        .where(Assignment.organization_id == actor.organization_id, Assignment.assignee_id.in_(user_ids))
        .where(Offer.status == OfferStatus.OFFERED)
        .group_by(Assignment.assignee_id)
    )
    taken = (
        select(Member.user_id, func.count())
        .join(Offer, Offer.receiver_member_id == Member.id)
        .where(Member.organization_id == actor.organization_id, Member.user_id.in_(user_ids))
        .where(Offer.receiver_id == actor.organization_id, Offer.status.in_(IN_PROGRESS))
        .where(Offer.status != OfferStatus.OFFERED)
        .group_by(Member.user_id)
    )
    for rows in (waiting, taken):
        for user_id, count in db.session().execute(rows):
            counted[user_id] = counted.get(user_id, 0) + count
    return counted


def trial(actor: Actor, teaser: Teaser) -> Trial:
    """Return what would become of a lead now, changing nothing.

    Who is away or has enough to do is told only of oneself, or where the works agreement opens figures of people: or
    one would try until one knew how many leads somebody has. Then the order is told, and not who is next of it.
    """
    rules, find = rules_of(plan(actor)), candidates(actor, teaser)
    is_told = identity.sees_figures_of(actor, None)
    if is_told:
        found = list(tried(rules, teaser, find))
    else:
        # How far the rules were gone through would tell who is free.
        found = [Tried(rule, find(rule)) for rule in rules if fits(rule, teaser)]
    ids = {candidate.user_id for one in found for candidate in one.candidates}
    names = {one.id: one for one in db.session().scalars(identity.users_seen_by(actor).where(User.id.in_(ids)))}
    place = {rule.id: number for number, rule in enumerate(rules, start=1)}
    shown = [RuleTried(place[one.rule.id], _told(actor, one, names, is_told=is_told)) for one in found]
    free = found[-1].free if found and is_told else None
    return Trial(shown, shown[-1].place if free else None, names[free] if free else None, is_told)


def _told(actor: Actor, one: Tried, names: Mapping[UUID, User], *, is_told: bool) -> Sequence[Asked]:
    def bar(candidate: Candidate) -> Bar | None:
        hidden = candidate.bar in PRIVATE and not is_told and candidate.user_id != actor.user_id
        return None if hidden else candidate.bar

    order = one.candidates if is_told else sorted(one.candidates, key=lambda found: names[found.user_id].name)
    return [Asked(found.user_id, names[found.user_id].name, bar(found)) for found in order]


def trial_of(actor: Actor, given: Mapping[str, Any]) -> Trial:
    """Return what would become of a lead like this. Raises Invalid."""
    if given["partnership_id"] not in actor.partnership_ids:
        raise Invalid.field("partnership_id", "You are not a member of such a partnership.")
    size = given["size_band"].value if given.get("size_band") else None
    country, industry, line_id = (given.get(name) for name in ("country", "industry", "product_line_id"))
    return trial(actor, Teaser(given["partnership_id"], country, industry, line_id, size))


def waiting(actor: Actor) -> Sequence[Offer]:
    """Return what waits for an answer of the actor's side, soonest first; at most 20."""
    rows = offers_seen_by(actor).where(Offer.receiver_id == actor.organization_id, Offer.status == OfferStatus.OFFERED)
    return db.session().scalars(rows.order_by(Offer.respond_by, Offer.id).limit(20)).all()
