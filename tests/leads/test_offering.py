"""Offering a lead: what the partner reads of it, and when it may be offered."""

from typing import Any
from uuid import UUID

import pytest

from tests.cast import Cast, Player, partnership
from tests.factories import leads


def offer(player: Player, lead: dict[str, Any], partnership_id: UUID, *, expect: int = 201, **fields: Any) -> Any:
    given = {"lead_id": lead["id"], "partnership_id": str(partnership_id), **fields}
    return player.call("POST", "/offers", json=given, expect=expect)


def test_the_company_shows_before_acceptance_only_where_the_giver_chose_so(cast: Cast) -> None:
    hidden = offer(cast.sam, leads.lead(cast.sam, company_domain="contoso.example"), cast.partnership_id)
    shown = offer(cast.sam, leads.lead(cast.sam), cast.partnership_id, shows_company=True, message="Call soon.")

    seen = {made["id"]: cast.gina.call("GET", f"/offers/{made['id']}", expect=200) for made in (hidden, shown)}
    assert (seen[hidden["id"]]["company_name"], seen[hidden["id"]]["details"]) == (None, None)
    assert seen[shown["id"]]["company_name"].startswith("Northwind")
    assert seen[shown["id"]]["details"] is None
    assert shown["details"]["message"] == "Call soon."
    accepted = leads.step(cast.gina, hidden["id"], "accept")
    assert accepted["details"]["company_domain"] == "contoso.example"


def test_a_value_is_told_exactly_or_as_a_band_as_the_terms_say(cast: Cast) -> None:
    value = {"amount": "12500.00", "currency": "EUR"}
    in_bands = partnership(cast.dana, cast.ines, value_disclosure="band")

    exact = offer(cast.dana, leads.lead(cast.dana, value=value), cast.partnership_id)
    banded = offer(cast.dana, leads.lead(cast.dana, value=value), in_bands)

    for made, receiver, told in ((exact, cast.gina, value), (banded, cast.ines, None)):
        teaser = receiver.response("GET", f"/offers/{made['id']}")
        assert "12500" not in teaser.text
        assert (teaser.json["value_band"], teaser.json["value_currency"]) == ("10k_50k", "EUR")
        assert leads.step(receiver, made["id"], "accept")["details"]["value"] == told


def test_a_receiver_never_learns_which_lead_an_offer_was_made_from_nor_its_notes(cast: Cast) -> None:
    lead = leads.lead(cast.sam, notes="They owe us.", connector="crm", external_id="A1")
    made = offer(cast.sam, lead, cast.partnership_id)
    leads.step(cast.gina, made["id"], "accept")

    read = cast.gina.response("GET", f"/offers/{made['id']}").text
    for secret in (lead["id"], "They owe us.", '"A1"', str(cast.sam.actor.user_id)):
        assert secret not in read


def test_what_is_changed_after_offering_stays_with_the_giver(cast: Cast) -> None:
    lead = leads.lead(cast.sam, company_name="Contoso", country="DE")
    made = offer(cast.sam, lead, cast.partnership_id)
    tag = cast.sam.response("GET", f"/leads/{lead['id']}").headers["ETag"]
    changed = {"company_name": "Contoso SE", "country": "FR"}
    cast.sam.call("PATCH", f"/leads/{lead['id']}", json=changed, if_match=tag, expect=200)

    accepted = leads.step(cast.gina, made["id"], "accept")

    assert (accepted["details"]["company_name"], accepted["country"]) == ("Contoso", "DE")


@pytest.mark.parametrize(
    ("player", "verb", "body"), [("gina", "decline", {"reason": "no_fit"}), ("sam", "withdraw", {})]
)
def test_a_lead_that_came_back_may_be_offered_again_and_the_first_offer_stays_as_it_was(
    cast: Cast, player: str, verb: str, body: dict[str, str]
) -> None:
    lead = leads.lead(cast.sam)
    first = offer(cast.sam, lead, cast.partnership_id)
    assert offer(cast.sam, lead, cast.partnership_id, expect=409)["code"] == "lead_already_offered"
    ended = leads.step(getattr(cast, player), first["id"], verb, **body)

    second = offer(cast.sam, lead, cast.partnership_id)

    assert second["id"] != first["id"]
    assert cast.gina.call("GET", f"/offers/{first['id']}", expect=200)["status"] == ended["status"]
    assert cast.sam.call("GET", f"/leads/{lead['id']}", expect=200)["offer_id"] == second["id"]


def test_a_lead_with_a_partner_is_not_offered_again_unless_it_was_disqualified(cast: Cast) -> None:
    for status in ("offered", "accepted", "qualified", "converted", "won", "lost", "disqualified"):
        made = leads.offer_at(cast, status)
        [lead] = [lead for lead in cast.sam.call("GET", "/leads")["items"] if lead["offer_id"] == made["id"]]
        again = offer(cast.sam, lead, cast.partnership_id, expect=201 if status == "disqualified" else 409)
        assert again.get("code") == (None if status == "disqualified" else "lead_already_offered"), status


def test_the_same_companys_need_is_refused_only_against_what_one_sees(cast: Cast) -> None:
    company = {"company_name": "Contoso Ltd.", "need": "Kite"}
    first = leads.offer(cast.sam, cast.partnership_id, **company)

    refused = offer(
        cast.sam, leads.lead(cast.sam, company_name="CONTOSO, LTD", need="kite"), cast.partnership_id, expect=409
    )
    assert (refused["code"], refused["facts"]) == ("same_lead_with_partner", {"offer_id": first["id"]})
    offer(cast.sam, leads.lead(cast.sam, company_name="Contoso Ltd.", need="Kite Pro"), cast.partnership_id)
    offer(cast.gina, leads.lead(cast.gina, **company), cast.partnership_id)

    leads.step(cast.sam, first["id"], "withdraw")
    offer(cast.sam, leads.lead(cast.sam, **company), cast.partnership_id)


def test_only_ones_own_lead_is_offered_and_only_to_ones_own_partner(cast: Cast) -> None:
    mine, theirs = leads.lead(cast.sam), leads.lead(cast.nora)

    def wrong(player: Player, lead: dict[str, Any], partnership_id: UUID) -> list[str]:
        refused = offer(player, lead, partnership_id, expect=422)
        return [error["field"] for error in refused["errors"]]

    assert wrong(cast.sam, theirs, cast.partnership_id) == ["lead_id"]
    assert wrong(cast.gina, mine, cast.partnership_id) == ["lead_id"]
    assert wrong(cast.nora, theirs, cast.partnership_id) == ["partnership_id"]
    assert wrong(cast.sam, mine, partnership(cast.dana, cast.ines)) == ["partnership_id"]
