"""A lead is contested or claimed as a case; what its moderator decides is entered in the record by the worker."""

import pytest

from partnercrm.kernel import jobs
from partnercrm.kernel.roles import plain
from tests.cast import Cast
from tests.factories import cases, leads
from tests.servers import TestServer


@pytest.mark.parametrize(
    ("status", "verb", "outcome", "entered"),
    [
        ("disqualified", "contest", "corrected", "lead.corrected"),
        ("disqualified", "contest", "stands", "lead.upheld"),
        ("declined", "claim-credit", "corrected", "lead.restored"),
    ],
)
def test_what_the_moderator_decides_about_a_contested_lead_is_entered_once(
    cast: Cast, test_server: TestServer, database: str, *, status: str, verb: str, outcome: str, entered: str
) -> None:
    offered = leads.offer_at(cast, status)
    cast.sam.call("POST", f"/offers/{offered['id']}/{verb}", json={"claim": "The need is real."}, expect=200)
    (case,) = cast.gina.call("GET", f"/cases?subject_id={offered['id']}", expect=200)["items"]
    cases.submit(cast, case["id"])
    given = {"outcome": outcome, "reasons": "The contact confirmed it."}
    cast.ines.call("POST", f"/case-files/{case['id']}/decide", json=given, expect=200)

    jobs.work(plain(test_server.url("worker", database)), wait=False)

    verbs = [one["verb"] for one in cast.gina.call("GET", f"/offers/{offered['id']}/timeline", expect=200)["items"]]
    assert verbs.count(entered) == 1
    assert cast.ines.response("GET", f"/offers/{offered['id']}").status_code == 404
