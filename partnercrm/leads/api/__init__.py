"""The lead exchange's API: own leads, offers and their steps, the reciprocity report."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from partnercrm.enablement.errors import NotEnabled
from partnercrm.identity.errors import FiguresArePrivate
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Refusal
from partnercrm.leads import schemas
from partnercrm.leads.actions import (
    disclosing,
    exchanging,
    keeping,
    offering,
    publishing,
)
from partnercrm.leads.errors import (
    CompanyNotShown,
    ContactStays,
    HappenedOutOfOrder,
    LeadAlreadyOffered,
    LeadExistsAlready,
    LeadUnderSeal,
    LeadWasOffered,
    NothingToTakeBack,
    OfferAlreadyAnswered,
    OfferExpired,
    OwnerNotYours,
    RowsRefused,
    SameLeadWithPartner,
    StepNotPossible,
    TrustAdvanceGiven,
)
from partnercrm.leads.queries import exchange, figures, own, reports
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.leads.queries.own import LeadState
from partnercrm.leads.queries.reports import Report
from partnercrm.partnerships.errors import PartnershipPaused
from partnercrm.web.endpoint import Door, Function
from partnercrm.web.paging import Page
from partnercrm.web.shapes import Shape

_STEPS: Final = (OfferAlreadyAnswered, OfferExpired, StepNotPossible, HappenedOutOfOrder)

api = Door("leads", prefix="/api/v1", description="Your leads, offers given and received, and how they balance.")


@api.post(
    "/leads",
    scope="leads:write",
    body=schemas.EnterLead,
    answers=schemas.LeadView,
    status=201,
    refuses=(LeadExistsAlready, OwnerNotYours),
    rechecks=own.lead,
)
def enter_lead(actor: Actor, given: dict[str, Any]) -> LeadState:
    """Enter a lead; it stays yours alone until you offer it."""
    return keeping.enter_lead(actor, given)


@api.get(
    "/leads",
    scope="leads:read",
    answers=schemas.LeadView,
    query=schemas.LeadQuery,
    pages=True,
    refuses=(FiguresArePrivate,),
)
def list_leads(actor: Actor, query: dict[str, Any]) -> Page:
    """List your leads; those who oversee leads list the whole organization's."""
    return own.leads(actor, query)


@api.get("/leads/<uuid:lead_id>", scope="leads:read", answers=schemas.LeadView)
def read_lead(actor: Actor, lead_id: UUID) -> LeadState:
    """Read one of your leads."""
    return own.lead(actor, lead_id)


@api.patch(
    "/leads/<uuid:lead_id>",
    scope="leads:write",
    body=schemas.EditLead,
    answers=schemas.LeadView,
    refuses=(OwnerNotYours,),
    rechecks=own.lead,
)
def edit_lead(actor: Actor, lead_id: UUID, given: dict[str, Any], expected: str) -> LeadState:
    """Change the fields sent; what was copied into an offer stays as it was offered."""
    return keeping.edit_lead(actor, lead_id, given, expected)


@api.delete("/leads/<uuid:lead_id>", scope="leads:write", refuses=(LeadWasOffered, LeadUnderSeal))
def discard_lead(actor: Actor, lead_id: UUID, expected: str) -> None:
    """Discard a lead that was never offered."""
    keeping.discard_lead(actor, lead_id, expected)


@api.get(
    "/leads/by-key/<key(most=60):connector>/<key(most=200):external_id>", scope="leads:read", answers=schemas.LeadView
)
def read_lead_by_key(actor: Actor, connector: str, external_id: str) -> LeadState:
    """Read the lead that another system knows by this key."""
    return own.lead_under(actor, connector, external_id)


@api.put(
    "/leads/by-key/<key(most=60):connector>/<key(most=200):external_id>",
    scope="leads:write",
    body=schemas.PutLead,
    answers=schemas.LeadView,
    refuses=(OwnerNotYours,),
    rechecks=own.lead,
)
def put_lead(actor: Actor, connector: str, external_id: str, given: dict[str, Any]) -> LeadState:
    """Enter the lead that another system knows by this key, or bring it up to date; fields left out stay."""
    return keeping.put_lead(actor, connector, external_id, given)


@api.post(
    "/leads/bulk",
    scope="leads:write",
    body=schemas.PutLeads,
    answers=schemas.LeadsView,
    refuses=(OwnerNotYours, RowsRefused),
)
def put_leads(actor: Actor, given: dict[str, Any]) -> dict[str, list[keeping.Kept]]:
    """Enter or update up to 1,000 leads by their keys, all or none."""
    return {"leads": keeping.put_leads(actor, given["leads"])}


@api.post(
    "/offers",
    scope="leads:write",
    body=schemas.OfferLead,
    answers=schemas.OfferView,
    status=201,
    refuses=(
        LeadAlreadyOffered,
        LeadUnderSeal,
        SameLeadWithPartner,
        TrustAdvanceGiven,
        PartnershipPaused,
        ContactStays,
    ),
    rechecks=exchange.offer,
)
def offer_lead(actor: Actor, given: dict[str, Any]) -> OfferSeen:
    """Offer one of your leads: the partner sees the teaser, and the details once it accepts."""
    return offering.offer_lead(actor, given)


@api.get("/offers", scope="leads:read", answers=schemas.OfferView, query=schemas.OfferQuery, pages=True)
def list_offers(actor: Actor, query: dict[str, Any]) -> Page:
    """List offers given and received in the partnerships you are a member of."""
    return exchange.offers(actor, query)


@api.get("/offers/<uuid:offer_id>", scope="leads:read", answers=schemas.OfferView)
def read_offer(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Read one offer as your side sees it."""
    return exchange.offer(actor, offer_id)


@api.get("/offers/<uuid:offer_id>/as-partner", scope="leads:read", answers=schemas.OfferView)
def read_offer_as_partner(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Read a lead you gave as its receiver's own queries return it; nothing of the receiver's own is in it."""
    return exchange.offer_as_partner(actor, offer_id)[1]


@api.get("/offers/<uuid:offer_id>/timeline", scope="leads:read", answers=schemas.TimelineView, pages=True)
def read_timeline(actor: Actor, offer_id: UUID) -> Page:
    """Read what happened to one offer; both sides read the same."""
    return exchange.timeline(actor, offer_id)


def _step(
    path: str, body: type[Shape] | None, refuses: tuple[type[Refusal], ...] = _STEPS
) -> Callable[[Function], Function]:
    return api.post(
        f"/offers/<uuid:offer_id>/{path}",
        scope="leads:write",
        body=body,
        answers=schemas.OfferView,
        refuses=refuses,
        rechecks=exchange.offer,
    )


@_step("accept", None, (*_STEPS, NotEnabled))
def accept_offer(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Accept a lead that was offered to you; its details open to your side."""
    return exchanging.accept_offer(actor, offer_id)


@_step("withdraw", None)
def withdraw_offer(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Take back an offer that was not answered."""
    return exchanging.withdraw_offer(actor, offer_id)


@_step("show-company", None, (CompanyNotShown,))
def show_company(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Show the company's name of a lead you offered before it is answered."""
    return disclosing.show_company(actor, offer_id)


@_step("take-back", None, (NothingToTakeBack,))
def take_back_details(actor: Actor, offer_id: UUID) -> OfferSeen:
    """Take back what you showed of a lead, company, contact, value and message: the other side's copy is deleted."""
    return disclosing.take_back_details(actor, offer_id)


@_step("decline", schemas.DeclineOffer)
def decline_offer(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferSeen:
    """Decline a lead that was offered to you, with a reason both sides read."""
    return exchanging.decline_offer(actor, offer_id, given)


@_step("qualify", schemas.Happened)
def qualify_lead(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferSeen:
    """Confirm that a lead you accepted is a real one."""
    return exchanging.qualify_lead(actor, offer_id, given)


@_step("disqualify", schemas.DisqualifyLead)
def disqualify_lead(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferSeen:
    """Say that a lead you accepted is none, with a reason both sides read."""
    return exchanging.disqualify_lead(actor, offer_id, given)


@_step("convert", schemas.Happened)
def convert_lead(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferSeen:
    """Say that a lead you qualified became an opportunity."""
    return exchanging.convert_lead(actor, offer_id, given)


@_step("win", schemas.WinLead)
def win_lead(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferSeen:
    """Say that a lead you converted was won, and for how much."""
    return exchanging.win_lead(actor, offer_id, given)


@_step("lose", schemas.LoseLead)
def lose_lead(actor: Actor, offer_id: UUID, given: dict[str, Any]) -> OfferSeen:
    """Say that a lead you converted was lost, with a reason both sides read."""
    return exchanging.lose_lead(actor, offer_id, given)


@api.get(
    "/partnerships/<uuid:partnership_id>/reciprocity",
    scope="reports:read",
    answers=schemas.ReportView,
    query=schemas.ReportQuery,
)
def read_reciprocity(actor: Actor, partnership_id: UUID, query: dict[str, Any]) -> Report:
    """Answer "where are the leads?": who gave what, what became of it, how fast it was answered."""
    return reports.reciprocity_report(actor, partnership_id, query.get("as_of"), query["asked"])


@api.get("/figures/mine", scope="leads:read", answers=schemas.PersonFiguresView, refuses=(FiguresArePrivate,))
def read_my_figures(actor: Actor) -> dict[str, Any]:
    """Read your own figures, month by month; nobody else reads them unless your works agreement says so."""
    return _of_person(actor, actor.user_id or actor.organization_id)


@api.get(
    "/figures/people/<uuid:user_id>",
    scope="leads:read",
    answers=schemas.PersonFiguresView,
    refuses=(FiguresArePrivate,),
)
def read_person_figures(actor: Actor, user_id: UUID) -> dict[str, Any]:
    """Read one person's figures: your own, or a colleague's where the works agreement opens them to managers."""
    return _of_person(actor, user_id)


def _of_person(actor: Actor, user_id: UUID) -> dict[str, Any]:
    return {"user_id": user_id, "months": publishing.look_at_figures(actor, user_id)}


@api.get(
    "/figures/teams",
    scope="leads:all",
    query=schemas.TeamFiguresQuery,
    answers=schemas.TeamFiguresView,
    refuses=(FiguresArePrivate,),
)
def read_team_figures(actor: Actor, query: dict[str, Any]) -> figures.TeamMonth:
    """Read a month's figures by team, as they were published: in groups of at least eight contributing people."""
    return figures.team_figures(actor, query["month"], query.get("team_id"))
