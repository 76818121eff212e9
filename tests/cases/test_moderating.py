"""The moderator: a third both sides name, who sees one case's file from its submission to its closing, nothing else."""

import psycopg
import pytest

from partnercrm.kernel import jobs
from partnercrm.kernel.roles import plain
from tests.cast import Cast
from tests.factories import cases
from tests.servers import TestServer


def files(cast: Cast, case_id: str) -> list[int]:
    paths = (f"/case-files/{case_id}", f"/case-files/{case_id}/entries", f"/cases/{case_id}")
    return [cast.ines.response("GET", path).status_code for path in paths]


def test_the_moderator_reads_the_file_from_submission_to_closing_and_nothing_else(cast: Cast) -> None:
    found = cases.submitted(cast)
    file = cast.ines.call("GET", f"/case-files/{found['id']}", expect=200)

    assert (file["first_name"], file["claim"]) == (found["first_name"], found["claim"])
    assert not {"partnership_id", "owners", "subject_id", "naming"} & set(file)
    assert files(cast, found["id"]) == [200, 200, 404]
    cases.say(cast.gina, found["id"], "Said after the submission.")
    said = cast.ines.call("GET", f"/case-files/{found['id']}/entries", expect=200)["items"]
    assert [one["kind"] for one in said] == ["claim", "submission", "statement"]
    for path in ("/partnerships", "/cases", "/offers"):
        assert cast.ines.call("GET", path, expect=200)["items"] == []
    cast.ines.call("GET", f"/partnerships/{cast.partnership_id}", expect=404)

    given = {"outcome": "corrected", "reasons": "The clock stood still.", "next_step": "Count it as in time."}
    cast.ines.call("POST", f"/case-files/{found['id']}/decide", json=given, expect=200)
    cast.gina.call("POST", f"/cases/{found['id']}/close", expect=200)

    assert files(cast, found["id"]) == [404, 404, 404]
    assert cast.ines.call("GET", "/moderations", expect=200)["items"] == []
    missing = cast.ines.response(
        "GET", "/case-files/0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a", headers={"X-Request-Id": "0ddba11-5a3e"}
    )
    closed = cast.ines.response("GET", f"/case-files/{found['id']}", headers={"X-Request-Id": "0ddba11-5a3e"})
    assert closed.data == missing.data


def test_a_moderators_decision_takes_effect_in_the_openers_organization(
    cast: Cast, test_server: TestServer, database: str
) -> None:
    found = cases.submitted(cast)
    given = {"outcome": "corrected", "reasons": "The clock stood still."}
    cast.ines.call("POST", f"/case-files/{found['id']}/decide", json=given, expect=200)
    jobs.work(plain(test_server.url("worker", database)), wait=False)

    verbs = [one["verb"] for one in cast.ada.call("GET", "/activities", expect=200)["items"]]
    read = cast.gina.call("GET", f"/cases/{found['id']}", expect=200)
    assert verbs.count("case.decided") == 1
    assert (read["decided_by"], read["outcome"]) == ("moderator", "corrected")


def test_naming_tells_nobody_whether_an_address_is_known(cast: Cast) -> None:
    answers = []
    for address in ("ines@initech.example", "nobody@nowhere.example"):
        naming = cases.invited(cast, address)["naming"]
        answers.append({name: naming[name] for name in ("status", "moderator_name", "declares", "answered_at")})

    assert answers[0] == answers[1]
    assert len(cast.ines.call("GET", "/moderations", expect=200)["items"]) == 1


def test_one_of_the_two_sides_does_not_moderate(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast)
    path = f"/cases/{opened['id']}/moderator"
    own = cast.sam.call("POST", path, json={"address": "nora@acme.example"}, expect=422)
    assert [error["field"] for error in own["errors"]] == ["address"]

    cast.sam.call("POST", path, json={"address": "hank@globex.example"}, expect=200)

    assert cast.gina.call("POST", f"{path}/confirm", expect=409)["code"] == "moderator_not_third"
    assert cast.hank.call("GET", "/moderations", expect=200)["items"] == []


def test_naming_needs_both_sides_and_can_be_taken_back_until_submission(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast)
    path = f"/cases/{opened['id']}"
    cast.sam.call("POST", f"{path}/moderator", json={"address": cases.MODERATOR}, expect=200)

    assert cast.sam.call("POST", f"{path}/moderator/confirm", expect=409)["code"] == "no_such_naming"
    again = cast.gina.call("POST", f"{path}/moderator", json={"address": "x@y.example"}, expect=409)
    assert again["code"] == "moderator_named_already"
    assert cast.gina.call("POST", f"{path}/submit", expect=409)["code"] == "moderator_not_ready"
    cast.gina.call("POST", f"{path}/moderator/confirm", expect=200)
    dropped = cast.sam.call("POST", f"{path}/moderator/drop", expect=200)
    assert dropped["naming"]["status"] == "dropped"
    assert cast.ines.call("GET", "/moderations", expect=200)["items"] == []
    assert cast.sam.call("POST", f"{path}/moderator/drop", expect=409)["code"] == "moderator_not_ready"

    late = cases.submitted(cast)
    assert cast.gina.call("POST", f"/cases/{late['id']}/moderator/drop", expect=409)["code"] == "moderator_not_ready"
    assert cast.sam.call("POST", f"/cases/{late['id']}/submit", expect=409)["code"] == "moderator_not_ready"


def test_who_is_asked_may_decline_and_answers_once(cast: Cast) -> None:
    found = cases.invited(cast)
    (asked,) = cast.ines.call("GET", "/moderations", expect=200)["items"]
    assert asked["status"] == "open"
    path = f"/moderations/{asked['id']}"

    cast.ines.call("POST", f"{path}/decline", expect=204)

    cast.ines.call("GET", path, expect=404)
    read = cast.gina.call("GET", f"/cases/{found['id']}", expect=200)["naming"]
    assert (read["status"], read["moderator_name"]) == ("declined", None)
    accepted = cases.submitted(cast)
    (one,) = cast.ines.call("GET", "/moderations", expect=200)["items"]
    twice = cast.ines.call("POST", f"/moderations/{one['id']}/accept", json={"declares": "No."}, expect=409)
    assert twice["code"] == "invitation_answered"
    assert cast.gina.call("GET", f"/cases/{accepted['id']}", expect=200)["naming"]["moderator_name"] == "Initech"


def test_a_moderator_asks_and_decides_once(cast: Cast) -> None:
    found = cases.submitted(cast)
    path = f"/case-files/{found['id']}"
    asked = cast.ines.call("POST", f"{path}/ask", json={"text": "When was it?"}, expect=200)
    assert asked["status"] == "in_discussion"
    given = {"outcome": "stands", "reasons": "In time."}
    cast.ines.call("POST", f"{path}/decide", json=given, expect=200)

    assert cast.ines.call("POST", f"{path}/decide", json=given, expect=409)["code"] == "case_settled"
    assert cast.ines.call("POST", f"{path}/ask", json={"text": "More?"}, expect=409)["code"] == "case_settled"
    for player in (cast.sam, cast.gina, cast.hank):
        player.call("GET", path, expect=404)


ADDED = (
    "INSERT INTO cases (id, partnership_id, first_organization_id, second_organization_id, first_name, second_name,"
    " opener_id, kind, status, due_on, opened_at, {}) SELECT gen_random_uuid(), partnership_id, first_organization_id,"
    " second_organization_id, first_name, second_name, %(org)s, 'claim', 'open', due_on, now(), {} FROM cases"
)
FORGED = {
    "a moderator submits to itself": "UPDATE cases SET submitted_to_id = %(org)s",
    "a side decides alone": "UPDATE cases SET status = 'decided', outcome = 'stands', decided_by = 'both',"
    " decided_at = now(), version = version + 1",
    "a side decides as moderator": "UPDATE cases SET status = 'decided', outcome = 'stands', decided_by = 'moderator',"
    " decided_at = now(), version = version + 1",
    "a side closes past the step": "UPDATE cases SET status = 'withdrawn', version = version + 1",
    "a side speaks for the other": "INSERT INTO case_entries (id, case_id, partnership_id, first_organization_id,"
    " second_organization_id, author_id, kind, text, facts, happened_at) SELECT gen_random_uuid(), id, partnership_id,"
    " first_organization_id, second_organization_id, CASE opener_id WHEN first_organization_id THEN"
    " second_organization_id ELSE first_organization_id END, 'statement', 'x', '[]', now() FROM cases",
    "what was shown is changed": "UPDATE case_entries SET text = 'other'",
    "what was shown is removed": "DELETE FROM case_entries",
    "a moderator is accepted without being asked": "UPDATE case_moderators SET status = 'accepted'",
    "a case is decided without an outcome": "UPDATE cases SET status = 'decided', version = version + 1",
    "a case begins decided": ADDED.format("outcome, decided_by, decided_at", "'stands', 'both', now()"),
    "a case begins with the other's proposal": ADDED.format(
        "proposal_id, proposed_by_id", "gen_random_uuid(), %(other)s"
    ),
    "a case begins submitted": ADDED.format("submitted_at", "now()"),
    "a moderator is named with what they declare": "INSERT INTO case_moderators (id, case_id, partnership_id,"
    " first_organization_id, second_organization_id, address, named_by_id, status, named_at, declares, moderator_name)"
    " SELECT gen_random_uuid(), id, partnership_id, first_organization_id, second_organization_id, 'x@y.example',"
    " %(org)s, 'named', now(), 'No ties.', 'Initech' FROM cases",
}


@pytest.mark.parametrize("forged", FORGED)
def test_the_database_keeps_each_party_to_its_part(
    cast: Cast, test_server: TestServer, database: str, forged: str
) -> None:
    cases.invited(cast)
    acme, globex = (str(player.actor.organization_id) for player in (cast.sam, cast.gina))
    with psycopg.connect(plain(test_server.url("app", database))) as side:
        side.execute("SELECT set_config('partnercrm.organization', %s, true)", [acme])

        with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.InsufficientPrivilege)):
            side.execute(FORGED[forged], {"org": acme, "other": globex})


PROPOSALS = {
    "one's own is put into the other's mouth": ("sam", "UPDATE cases SET proposed_by_id = %s, version = version + 1"),
    "one's own is forgotten with whose it was": (
        "sam",
        "UPDATE cases SET proposal_id = NULL, proposed_by_id = NULL, version = version + 1 WHERE opener_id <> %s",
    ),
    "the other's is taken for one's own": (
        "gina",
        "UPDATE cases SET proposed_by_id = opener_id, version = version + 1 WHERE opener_id <> %s",
    ),
    "another than the other's is agreed to": (
        "gina",
        (
            "UPDATE cases SET status = 'decided', outcome = 'corrected', decided_by = 'both', decided_at = now(),"
            " version = version + 1 WHERE proposed_by_id = %s"
        ),
    ),
}


@pytest.mark.parametrize("forged", PROPOSALS)
def test_the_database_lets_each_side_propose_for_itself_alone(
    cast: Cast, test_server: TestServer, database: str, forged: str
) -> None:
    proposer, statement = PROPOSALS[forged]
    cases.propose(getattr(cast, proposer), cases.case(cast.sam, cast)["id"], "stands")
    with psycopg.connect(plain(test_server.url("app", database))) as side:
        side.execute("SELECT set_config('partnercrm.organization', %s, true)", [str(cast.sam.actor.organization_id)])

        with pytest.raises(psycopg.errors.CheckViolation):
            side.execute(statement, [cast.gina.actor.organization_id])


def test_what_was_decided_stays_decided_by_whom_it_was(cast: Cast, test_server: TestServer, database: str) -> None:
    cases.decided(cast)
    with psycopg.connect(plain(test_server.url("app", database))) as side:
        side.execute("SELECT set_config('partnercrm.organization', %s, true)", [str(cast.sam.actor.organization_id)])

        with pytest.raises(psycopg.errors.CheckViolation):
            side.execute("UPDATE cases SET decided_by = 'moderator', version = version + 1")


def test_the_end_of_the_partnership_closes_the_file_for_all_three(
    cast: Cast, test_server: TestServer, database: str
) -> None:
    found = cases.submitted(cast)
    path = f"/partnerships/{cast.partnership_id}"
    tag = cast.hank.response("GET", path).headers["ETag"]
    cast.dana.call("POST", f"{path}/end", if_match=tag, expect=200)

    assert files(cast, found["id"]) == [404, 404, 404]
    for player in (cast.sam, cast.gina):
        player.call("GET", f"/cases/{found['id']}", expect=404)
        player.call("GET", f"/cases/{found['id']}/entries", expect=404)
    with psycopg.connect(test_server.admin(database)) as connection:
        left = connection.execute("SELECT count(*) FROM case_entries").fetchone()
        stands = connection.execute("SELECT status, submitted_to_id FROM cases").fetchone()
    assert (left, stands) == ((0,), ("closed", None))
