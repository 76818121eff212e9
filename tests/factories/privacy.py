"""What privacy's operations need to succeed: people to erase and write out, a month that is published."""

from partnercrm.kernel import db
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions.publishing import publish_figures
from tests.cast import Cast, Player
from tests.factories import leads


def invited(manager: Player) -> str:
    """Invite somebody; return the invitation's id."""
    given = {"email": f"{new_id()}@acme.example", "name": "Uma", "roles": ["seller"]}
    return str(manager.call("POST", "/invitations", json=given, expect=201)["id"])


def opened(cast: Cast, month: str = "2020-01") -> None:
    """Let Acme open figures to managers, publish a month, and let somebody look."""
    agreed = {"person_figures": "managers", "reason": "Agreed with the works council on 3 March."}
    cast.ada.call("POST", "/works-agreement", json=agreed, expect=201)
    cast.dana.call("GET", f"/figures/people/{cast.sam.actor.user_id}", expect=200)
    with db.transaction(cast.dana.actor):
        publish_figures(cast.dana.actor, month)


def things(manager: Player, month: str = "2020-01") -> dict[str, list[str]]:
    """Return addresses of contacts and a published month, by operation and field; managers may look at figures."""
    agreed = {"person_figures": "managers", "reason": "Agreed with the works council on 3 March."}
    manager.call("POST", "/works-agreement", json=agreed, expect=201)
    with db.transaction(manager.actor):
        publish_figures(manager.actor, month)
    kept, erased = "kept@contact.example", "erased@contact.example"
    for address in (kept, erased):
        leads.lead(manager, contact_name="Robin Vale", contact_email=address)
    return {
        "activity_id": [manager.call("GET", "/activities", expect=200)["items"][0]["id"]],
        "export_person.email": [kept],
        "erase_person.email": [erased],
        "erase_person.confirmed_email": [erased],
        "read_team_figures.month": [month],
    }
