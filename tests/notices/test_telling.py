"""Who is told what: those concerned, once each, while they are concerned."""

from uuid import UUID

import pytest
from flask import Flask

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.notices.actions import telling
from tests.cast import Cast, organization, person
from tests.factories import leads
from tests.factories.notices import Errands, told


def test_an_offered_lead_is_told_to_those_who_may_answer_and_to_nobody_else(cast: Cast, errands: Errands) -> None:
    made = leads.offer(
        cast.sam, cast.partnership_id, company_name="Secretive Ltd", contact_name="Robin Vale", **leads.KNOWN
    )
    errands.run()

    for player in (cast.gina, cast.hank):
        (notice,) = player.call("GET", "/notices", expect=200)["items"]
        assert (notice["kind"], notice["subject_id"]) == ("lead.offered", made["id"])
        assert notice["sentence"] == "Acme offers you a lead."
        assert notice["urgent"]
        assert notice["read_at"] is None
        assert "Secretive" not in str(notice)
        assert "Vale" not in str(notice)
    for player in (cast.sam, cast.dana, cast.nora, cast.ines):
        assert told(player) == []


def test_what_becomes_of_a_lead_is_told_to_who_gave_it(cast: Cast, errands: Errands) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    for verb, body in (("accept", {}), ("qualify", {}), ("convert", {}), ("lose", {"reason": "price"})):
        leads.step(cast.gina, made["id"], verb, **body)
    errands.run()

    assert sorted(told(cast.sam)) == ["lead.accepted", "lead.converted", "lead.lost", "lead.qualified"]
    assert told(cast.dana) == []


def test_done_twice_nobody_is_told_twice(cast: Cast, errands: Errands) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    ((_, arguments, _),) = errands.waiting("notices.tell")
    errands.run("notices.tell")
    errands.do("notices.tell", **arguments)

    assert told(cast.gina) == ["lead.offered"]


def test_an_activity_is_told_only_to_the_organizations_it_concerns(cast: Cast, errands: Errands) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    ((_, arguments, _),) = errands.waiting("notices.tell")
    for player in (cast.ines, cast.sam):
        errands.do(
            "notices.tell", organization_id=str(player.actor.organization_id), activity_id=arguments["activity_id"]
        )

    assert told(cast.ines) == told(cast.dana) == told(cast.sam) == []


def test_who_left_the_partnership_or_the_company_is_not_told(cast: Cast, errands: Errands) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    members = cast.hank.call("GET", f"/partnerships/{cast.partnership_id}")["members"]
    gina = next(member["id"] for member in members if member["name"] == "Gina")
    cast.hank.call("POST", f"/partnerships/{cast.partnership_id}/members/{gina}/release", expect=200)
    errands.run()

    assert told(cast.gina) == []
    assert told(cast.hank) == ["lead.offered"]


def test_after_the_end_what_was_told_is_closed_and_only_the_end_itself_is_told(cast: Cast, errands: Errands) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    errands.run()
    late = leads.offer(cast.sam, cast.partnership_id)
    path = f"/partnerships/{cast.partnership_id}"
    cast.dana.call("POST", f"{path}/end", if_match=cast.dana.response("GET", path).headers["ETag"], expect=200)
    errands.run()

    assert told(cast.gina) == []
    assert told(cast.hank) == ["partnership.ended"]
    assert late["id"] not in str(cast.hank.call("GET", "/notices"))


def test_an_accepted_proposal_is_told_to_who_proposed(cast: Cast, errands: Errands) -> None:
    cast.ines.call("POST", "/proposals", json={"addressee": cast.dana.email}, expect=201)
    received = cast.dana.call("GET", "/received-proposals")["items"][0]["id"]
    begun = cast.dana.call("POST", f"/received-proposals/{received}/accept", expect=201)
    errands.run()

    (notice,) = cast.ines.call("GET", "/notices")["items"]
    assert (notice["kind"], notice["subject_id"]) == ("partnership.started", begun["id"])
    assert notice["sentence"] == "You and Acme are partners from now on."
    assert told(cast.dana) == []


def test_a_proposal_is_told_to_who_gets_an_account_later(cast: Cast, errands: Errands) -> None:
    cast.dana.call("POST", "/proposals", json={"addressee": "bob@birch.example"}, expect=201)
    errands.run()

    bob = person(cast.app, organization("Birch"), "Bob", "bob@birch.example", "partner_manager")
    errands.run()

    (notice,) = bob.call("GET", "/notices")["items"]
    assert (notice["kind"], notice["sentence"]) == ("proposal.received", "Acme proposes a partnership.")
    assert told(cast.dana) == []


def test_a_proposal_is_told_to_whom_it_reached_and_its_decline_to_who_proposed(cast: Cast, errands: Errands) -> None:
    cast.ines.call("POST", "/proposals", json={"addressee": cast.dana.email}, expect=201)
    errands.run()
    (notice,) = cast.dana.call("GET", "/notices")["items"]
    assert (notice["kind"], notice["sentence"]) == ("proposal.received", "Initech proposes a partnership.")
    assert told(cast.sam) == told(cast.ines) == []

    received = cast.dana.call("GET", "/received-proposals")["items"][0]["id"]
    cast.dana.call("POST", f"/received-proposals/{received}/decline", expect=200)
    errands.run()
    assert told(cast.ines) == ["proposal.declined"]


def test_what_waits_in_the_queue_does_not_tell_whether_an_address_is_known(cast: Cast, errands: Errands) -> None:
    for addressee in (cast.dana.email, "nobody@nowhere.example"):
        cast.ines.call("POST", "/proposals", json={"addressee": addressee}, expect=201)

    waiting = errands.take()
    assert [name for name, _, _ in waiting] == ["partnerships.announce_proposal"] * 2
    assert {arguments["organization_id"] for _, arguments, _ in waiting} == {str(cast.ines.actor.organization_id)}


def test_a_proposal_withdrawn_meanwhile_is_told_nobody(cast: Cast, errands: Errands) -> None:
    sent = cast.ines.call("POST", "/proposals", json={"addressee": cast.dana.email}, expect=201)
    cast.ines.call("POST", f"/proposals/{sent['id']}/withdraw", expect=200)
    errands.run()

    assert told(cast.dana) == []


def test_a_notice_is_read_by_its_reader_alone(cast: Cast, errands: Errands) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    errands.run()
    notice_id = cast.gina.call("GET", "/notices")["items"][0]["id"]

    for player in (cast.hank, cast.sam, cast.ines):
        player.call("POST", f"/notices/{notice_id}/read", expect=404)
    read = cast.gina.call("POST", f"/notices/{notice_id}/read", expect=200)
    assert read["read_at"] is not None
    assert cast.gina.call("POST", f"/notices/{notice_id}/read", expect=200)["read_at"] == read["read_at"]
    assert told(cast.gina, unread="true") == []
    assert told(cast.hank, unread="true") == ["lead.offered"]


def test_everything_is_read_at_once(cast: Cast, errands: Errands) -> None:
    for _ in range(3):
        leads.offer(cast.sam, cast.partnership_id)
    errands.run()

    cast.gina.call("POST", "/notices/read", expect=204)

    assert told(cast.gina, unread="true") == []
    assert told(cast.gina) == ["lead.offered"] * 3
    assert told(cast.hank, unread="true") == ["lead.offered"] * 3


def test_something_without_an_activity_is_told_once_per_subject(app: Flask, cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    gina, sam = cast.gina.actor, cast.sam.actor
    system = Actor.system(gina.organization_id)
    for _ in range(2):
        with db.transaction(system):
            telling.tell(
                system,
                [gina.user_id, sam.user_id],
                "lead.answer_due",
                UUID(made["id"]),
                partnership_id=cast.partnership_id,
                facts={"partner": "Acme"},
            )

    assert told(cast.gina) == ["lead.answer_due"]
    assert told(cast.sam) == []


def test_a_kind_that_nobody_installed_is_a_fault(cast: Cast) -> None:
    system = Actor.system(cast.gina.actor.organization_id)
    with db.transaction(system), pytest.raises(LookupError):
        telling.tell(system, [], "lead.danced", cast.partnership_id)
