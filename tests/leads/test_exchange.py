"""Leads crossing from one company to the other."""

from tests.cast import Cast
from tests.factories import leads


def test_the_receiver_reads_who_the_lead_is_only_after_accepting(cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id, company_name="Contoso", contact_role="Buyer")

    before = cast.gina.call("GET", f"/offers/{offered['id']}", expect=200)
    assert before["details"] is None
    assert "Contoso" not in str(before)

    accepted = leads.step(cast.gina, offered["id"], "accept")
    assert accepted["details"]["company_name"] == "Contoso"


def test_a_stranger_and_a_colleague_outside_the_partnership_find_nothing(cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id)

    for outsider in (cast.ines, cast.nora):
        outsider.call("GET", f"/offers/{offered['id']}", expect=404)
        assert outsider.call("GET", "/offers", expect=200)["items"] == []


def test_an_offer_is_answered_once(cast: Cast) -> None:
    declined = leads.offer_at(cast, "declined")

    refused = cast.gina.call("POST", f"/offers/{declined['id']}/accept", expect=409)

    assert refused["code"] == "offer_already_answered"


def test_a_lead_goes_all_the_way_and_both_sides_read_the_same_report(cast: Cast) -> None:
    won = leads.offer_at(cast, "won")
    assert won["status"] == "won"
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    as_of = cast.dana.call("GET", path, expect=200)["as_of"]

    bytes_by_side = {
        player.response("GET", path, query_string={"as_of": as_of}).data for player in (cast.dana, cast.hank)
    }

    assert len(bytes_by_side) == 1
