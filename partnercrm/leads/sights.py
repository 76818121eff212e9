"""What the lead exchange knows of a person, and the queries and rules that grant it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight
from partnercrm.identity import queries as identity
from partnercrm.identity.queries.seen import PARTNER_ID
from partnercrm.kernel.actor import Actor
from partnercrm.leads.queries import exchange, figures, own, requests, routing


def _owned(viewer: Actor, person: Actor) -> dict[str, Any]:
    return {"organization_id": person.organization_id, "owner_id": person.user_id}


def _offered(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {"partnership_id": partnership_id, "giver_id": person.organization_id, "receiver_id": PARTNER_ID}
    return None


def _assigned(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {"organization_id": person.organization_id} | {
            "partnership_id": partnership_id,
            "assignee_id": person.user_id,
        }
    return None


def _asked(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {"organization_id": person.organization_id} | {
            "partnership_id": partnership_id,
            "asker_id": person.user_id,
        }
    return None


def _account(viewer: Actor, person: Actor) -> dict[str, Any]:
    return {"organization_id": person.organization_id, "id": person.user_id}


def _grouped(viewer: Actor, person: Actor) -> dict[str, Any]:
    return {"organization_id": person.organization_id}


def _by_person(viewer: Actor, person: Actor) -> bool:
    return identity.sees_figures_of(viewer, person.user_id)


SIGHTS: Final = (
    Sight(
        "lead",
        _("That one lead is yours"),
        ("read_lead", "read_lead_by_key"),
        own.leads_seen_by,
        _owned,
        ("LeadView.owner_id",),
    ),
    Sight(
        "leads",
        _("Which leads are yours, in lists and filters"),
        ("list_leads",),
        own.leads_seen_by,
        _owned,
        ("LeadView.owner_id",),
        identity.tells_in_lists,
    ),
    Sight(
        "offer",
        _("Your name on one offer that you gave or accepted, so that the other side knows whom to talk to"),
        ("read_offer",),
        exchange.offers_seen_by,
        _offered,
        ("OfferView.giver_member", "OfferView.receiver_member", "NamedMember.name"),
        apart=_(
            "The other side reads it only where it must speak to you: who may answer until the offer is answered, who "
            "works on the lead until it is over. Of a lead that is over it reads your company alone."
        ),
    ),
    Sight(
        "offers",
        _("Which offers you gave or accepted, in lists"),
        ("list_offers",),
        exchange.offers_seen_by,
        _offered,
        ("OfferView.giver_member", "OfferView.receiver_member", "NamedMember.name"),
        identity.tells_in_lists,
    ),
    Sight(
        "request",
        _("That you asked to offer one lead beyond the trust advance"),
        ("read_offer_request",),
        requests.requests_seen_by,
        _asked,
        ("AskerView.name", "RequestView.asked_by"),
        apart=_("Who decides reads your name until they have; the partner never learns that anybody asked."),
    ),
    Sight(
        "requests",
        _("Which leads you asked to offer beyond the trust advance, in lists"),
        ("list_offer_requests",),
        requests.requests_seen_by,
        _asked,
        ("AskerView.name", "RequestView.asked_by"),
        identity.tells_in_lists,
    ),
    Sight(
        "routing",
        _("That a rule asks you first about leads of some kind"),
        ("read_routing", "try_routing"),
        routing.plans_seen_by,
        _grouped,
        ("AskedView.user_id", "AskedView.name", "TrialView.assignee"),
        apart=_("Whether you are away or have enough to do is told to you alone, unless the works agreement says so."),
    ),
    Sight(
        "assignment",
        _("That you are asked first about one lead that waits for an answer"),
        ("read_assignment",),
        routing.assignments_seen_by,
        _assigned,
        ("AssignmentView.assignee", "PersonView.name"),
        apart=_("Nobody reads it once the lead is answered; the partner never does."),
    ),
    Sight(
        "figures",
        _("Your figures by month: leads given and what became of them, answers and how fast they were"),
        ("read_my_figures", "read_person_figures"),
        identity.users_seen_by,
        _account,
        ("PersonFiguresView.user_id",),
        _by_person,
        _("Whoever else looks at them is told to you below."),
    ),
    Sight(
        "sellers",
        _("Your figures of one exchange, beside your colleagues'"),
        ("read_sellers",),
        identity.users_seen_by,
        _account,
        ("SellerView.user_id", "SellerView.name"),
        _by_person,
        _("Whoever else looks at them is told to you below."),
    ),
    Sight(
        "team_figures",
        _("Your part in the figures of a group of teams"),
        ("read_team_figures",),
        figures.team_figures_seen_by,
        _grouped,
        (),
        lambda viewer, person: figures.sees_team_figures(viewer),
        _("Groups of fewer than eight contributing people are not shown, nor can they be worked out."),
    ),
)
