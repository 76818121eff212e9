"""Both sides register one deal: the evidence names the holder, whoever came first; an appeal can undo it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from partnercrm.kernel import jobs
from partnercrm.kernel.roles import plain
from tests.cast import Cast
from tests.factories import cases, deals, joint
from tests.factories.deals import ago, conflict, go, register
from tests.factories.leads import offer_at
from tests.servers import TestServer


def read(cast: Cast, made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = cast.sam.call("GET", f"/registrations/{made['id']}", expect=200)
    return found


@pytest.mark.parametrize("order", [("sam", "gina"), ("gina", "sam")])
def test_the_earlier_step_holds_in_either_order(order: tuple[str, str], cast: Cast) -> None:
    happened = {"sam": ago(3), "gina": ago(9)}

    made = {who: register(getattr(cast, who), cast.partnership_id, happened[who]) for who in order}

    ours, theirs = read(cast, made["sam"]), read(cast, made["gina"])
    assert (ours["status"], ours["reason"], theirs["status"]) == ("rejected", "earlier_evidence", "submitted")
    assert ours["outweighed"]["kind"] == "meeting_held"
    assert cast.gina.call("GET", f"/registrations/{ours['id']}", expect=200)["outweighed"] == ours["outweighed"]


def test_better_evidence_displaces_even_what_was_approved(cast: Cast) -> None:
    made = register(cast.sam, cast.partnership_id, ago(3))
    go(cast.hank, made, "approve")

    register(cast.gina, cast.partnership_id, ago(30))

    assert read(cast, made)["reason"] == "earlier_evidence"
    told = [one["verb"] for one in cast.sam.call("GET", f"/registrations/{made['id']}/timeline")["items"]]
    assert told == ["registration.submitted", "registration.approved", "registration.displaced"]


def test_who_lost_registers_anew_with_an_earlier_step_and_a_free_place_is_taken(cast: Cast) -> None:
    ours, theirs = conflict(cast)
    again = register(cast.sam, cast.partnership_id, ago(40))
    assert (again["status"], read(cast, theirs)["status"]) == ("submitted", "rejected")

    go(cast.sam, again, "withdraw")

    assert register(cast.gina, cast.partnership_id)["status"] == "submitted"
    assert read(cast, ours)["status"] == "rejected"


def test_another_product_line_or_company_is_no_conflict(cast: Cast) -> None:
    register(cast.sam, cast.partnership_id, ago(3))

    assert register(cast.gina, cast.partnership_id, ago(9), company="Contoso")["status"] == "submitted"


def test_two_companies_that_turn_out_to_be_one_leave_the_claim_that_the_evidence_names(cast: Cast) -> None:
    opened = [joint.opened(cast.dana, cast.hank, cast.partnership_id)["id"] for _ in range(2)]
    ours = register(cast.sam, cast.partnership_id, ago(3), joint_account_id=opened[0], account=None)
    theirs = register(cast.gina, cast.partnership_id, ago(9), joint_account_id=opened[1], account=None)

    merge = f"/joint-accounts/{opened[0]}/merge"
    cast.dana.call("POST", merge, json={"other_id": opened[1]}, expect=200)

    assert (read(cast, ours)["reason"], read(cast, theirs)["status"]) == ("earlier_evidence", "submitted")
    again = register(cast.sam, cast.partnership_id, ago(40), joint_account_id=opened[0], account=None)
    assert (again["status"], read(cast, theirs)["status"]) == ("submitted", "rejected")


def test_both_at_once_leave_one_holder_the_one_the_evidence_names(app: Flask, cast: Cast) -> None:
    """A small race; a thousand of them are run when everything is proved."""
    happened = {"sam": ago(3), "gina": ago(9)}
    with ThreadPoolExecutor(2) as pool:
        made = dict(
            zip(
                happened,
                pool.map(lambda who: register(getattr(cast, who), cast.partnership_id, happened[who]), happened),
                strict=True,
            )
        )

    assert (read(cast, made["sam"])["status"], read(cast, made["gina"])["status"]) == ("rejected", "submitted")


def decide(cast: Cast, case_id: str, outcome: str) -> None:
    given = {"outcome": outcome, "reasons": "We looked at both notes."}
    proposed = cast.gina.call("POST", f"/cases/{case_id}/propose", json=given, expect=200)["proposal_id"]
    cast.sam.call("POST", f"/cases/{case_id}/agree", json={"proposal_id": proposed}, expect=200)


@pytest.mark.parametrize(("outcome", "holds"), [("corrected", True), ("stands", False)])
def test_an_appeal_is_settled_by_both_and_gives_the_place_back_or_not(outcome: str, holds: bool, cast: Cast) -> None:
    ours, theirs = conflict(cast)
    go(cast.sam, ours, "appeal", claim="Our first meeting was in March.")
    [case] = cast.gina.call("GET", "/cases", expect=200)["items"]
    assert case["subject_id"] == ours["id"]
    [shown] = [one for one in cast.gina.call("GET", f"/cases/{case['id']}/entries")["items"] if one["facts"]]
    assert {"Company", "Outweighed by"} <= {fact["name"] for fact in shown["facts"]}
    go(cast.sam, ours, "appeal", claim="Once more.", expect=409)

    decide(cast, case["id"], outcome)

    assert read(cast, ours)["status"] == ("submitted" if holds else "rejected")
    assert read(cast, theirs)["status"] == ("rejected" if holds else "submitted")
    assert read(cast, theirs)["reason"] == ("appeal" if holds else None)


def test_what_takes_its_place_again_lets_go_of_a_lead_that_another_deal_came_from_meanwhile(cast: Cast) -> None:
    lead = offer_at(cast, "qualified")
    ours = register(cast.gina, cast.partnership_id, ago(5), offer_id=lead["id"])
    register(cast.sam, cast.partnership_id, ago(9))
    go(cast.gina, ours, "appeal", claim="Our first meeting was in March.")
    other = register(cast.gina, cast.partnership_id, account={"name": "Contoso"}, offer_id=lead["id"])
    [case] = cast.sam.call("GET", "/cases", expect=200)["items"]

    decide(cast, case["id"], "corrected")

    told = [cast.gina.call("GET", f"/registrations/{one['id']}", expect=200) for one in (ours, other)]
    assert [(one["status"], one["offer_id"]) for one in told] == [("submitted", None), ("submitted", lead["id"])]


def test_a_moderator_decides_an_appeal_and_sees_neither_registration(
    cast: Cast, test_server: TestServer, database: str
) -> None:
    ours, theirs = conflict(cast)
    go(cast.sam, ours, "appeal", claim="Our first meeting was in March.")
    [case] = cast.gina.call("GET", "/cases", expect=200)["items"]
    cases.submit(cast, case["id"])
    given = {"outcome": "corrected", "reasons": "The notes of both name March."}
    cast.ines.call("POST", f"/case-files/{case['id']}/decide", json=given, expect=200)

    jobs.work(plain(test_server.url("worker", database)), wait=False)

    assert (read(cast, ours)["status"], read(cast, theirs)["reason"]) == ("submitted", "appeal")
    for one in (ours, theirs):
        cast.ines.call("GET", f"/registrations/{one['id']}", expect=404)


def test_only_the_side_that_lost_appeals_and_not_late(cast: Cast) -> None:
    ours, theirs = conflict(cast)
    go(cast.gina, ours, "appeal", claim="No.", expect=409)
    go(cast.gina, theirs, "appeal", claim="No.", expect=409)
    with deals.clock.at(ago(-30)):
        go(cast.sam, ours, "appeal", claim="Late.", expect=409)
