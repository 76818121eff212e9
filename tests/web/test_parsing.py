"""Nothing that is sent is passed over: what an operation does not take is named, and so is all else that is wrong."""

from typing import Any

import pytest
from urllib3 import encode_multipart_formdata

from tests.cast import Cast
from tests.factories import leads

UNKNOWN = "Unknown field."
NOWHERE = "0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a"


def told(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    assert answer.content_type == "application/problem+json"
    return {error["field"]: error["message"] for error in answer.json["errors"]}


@pytest.mark.parametrize("sent", [{}, {"json": {}}, {"data": b"{}", "content_type": "application/json"}])
def test_an_operation_without_a_body_takes_an_empty_one(cast: Cast, sent: dict[str, Any]) -> None:
    offer = leads.offer(cast.sam, cast.partnership_id)

    assert cast.gina.call("POST", f"/offers/{offer['id']}/accept", expect=200, **sent)["status"] == "accepted"


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ({"json": {"note": "gladly", "by": 1}}, {"note": UNKNOWN, "by": UNKNOWN}),
        ({"json": {"query": {}}}, {"query": UNKNOWN}),
        ({"json": []}, {"body": "Nothing is taken here; leave the body empty."}),
        ({"json": 0}, {"body": "Nothing is taken here; leave the body empty."}),
        ({"data": b"{", "content_type": "application/json"}, {"body": "Nothing is taken here; leave the body empty."}),
        ({"data": b"{}", "content_type": "text/plain"}, {"body": "Nothing is taken here; leave the body empty."}),
        ({"data": {"note": "gladly"}}, {"body": "Nothing is taken here; leave the body empty."}),
    ],
)
def test_a_body_is_refused_where_none_is_taken(cast: Cast, sent: dict[str, Any], named: dict[str, str]) -> None:
    offer = leads.offer(cast.sam, cast.partnership_id)
    path = f"/offers/{offer['id']}"

    assert told(cast.gina.response("POST", f"{path}/accept", **sent)) == named

    assert cast.gina.call("GET", path, expect=200)["status"] == offer["status"]


def test_a_refused_body_keeps_no_answer_under_its_key(cast: Cast) -> None:
    path = f"/offers/{leads.offer(cast.sam, cast.partnership_id)['id']}/accept"

    told(cast.gina.response("POST", path, key="once", json={"note": "gladly"}))

    assert cast.gina.call("POST", path, key="once", expect=200)["status"] == "accepted"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_body_is_refused_whatever_the_method(cast: Cast, method: str) -> None:
    answer = cast.sam.response(method, f"/leads/{NOWHERE}" if method == "DELETE" else "/me", json={"all": True})

    assert told(answer) == {"all": UNKNOWN}


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "/me", {}),
        ("POST", f"/offers/{NOWHERE}/accept", {}),
        ("POST", "/offers", {"json": {"lead_id": NOWHERE, "partnership_id": NOWHERE}}),
        ("PUT", "/leads/by-key/crm/1", {"json": {"company_name": "Contoso", "need": "Kite"}}),
        ("PATCH", f"/leads/{NOWHERE}", {"json": {"need": "Kite"}, "if_match": '"1"'}),
        ("DELETE", f"/leads/{NOWHERE}", {"if_match": '"1"'}),
    ],
)
def test_a_parameter_nobody_declared_is_refused(cast: Cast, method: str, path: str, sent: dict[str, Any]) -> None:
    assert told(cast.sam.response(method, f"{path}?notify=no&silent=1", **sent)) == {
        "notify": UNKNOWN,
        "silent": UNKNOWN,
    }


def test_a_body_and_a_parameter_that_are_not_taken_are_named_together(cast: Cast) -> None:
    answer = cast.gina.response("POST", f"/offers/{NOWHERE}/accept?silent=1", json={"note": "gladly"})

    assert told(answer) == {"silent": UNKNOWN, "note": UNKNOWN}


def test_a_single_value_is_taken_once(cast: Cast) -> None:
    answer = cast.sam.response("GET", "/leads?sort=created_at&sort=-created_at&limit=0&need=a&need=a")

    assert told(answer) == {
        "sort": "This is sent more than once.",
        "need": "This is sent more than once.",
        "limit": "Must be greater than or equal to 1 and less than or equal to 200.",
    }


def test_a_forms_part_is_taken_once(cast: Cast) -> None:
    file = ("leads.csv", b"id\n1\n")
    parts = [("connector", "crm"), ("connector", "erp"), ("file", file), ("file", file)]
    body, content_type = encode_multipart_formdata(parts)

    answer = cast.sam.response("POST", "/imports", data=body, content_type=content_type)

    assert set(told(answer)) == {"connector", "file"}
