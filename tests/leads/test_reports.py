"""The reciprocity report as of a moment."""

from threading import Thread
from typing import Any

from flask import Flask

from partnercrm.kernel import db
from partnercrm.leads.actions import exchanging
from tests.cast import Cast
from tests.factories import leads


def report(cast: Cast, **query: str) -> dict[str, Any]:
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    found: dict[str, Any] = cast.hank.call("GET", path, query_string=query, expect=200)
    return found


def test_a_report_as_of_a_moment_never_changes_afterwards(cast: Cast) -> None:
    leads.offer_at(cast, "won")
    before = report(cast)

    leads.offer_at(cast, "declined")

    assert report(cast, as_of=before["as_of"]) == before
    assert report(cast) != before


def test_a_report_waits_for_steps_that_are_being_written(app: Flask, cast: Cast) -> None:
    draft = leads.lead(cast.sam)
    given = {"lead_id": draft["id"], "partnership_id": cast.partnership_id}
    found: list[dict[str, Any]] = []

    def read() -> None:
        with app.app_context():
            found.append(report(cast))

    sam = cast.sam.actor
    with db.transaction(sam):
        exchanging.offer_lead(sam, given)
        reader = Thread(target=read)
        reader.start()
        reader.join(0.5)
        assert reader.is_alive(), "the report did not wait for the step being written"
    reader.join(10)

    assert found[0]["organizations"][0]["given"]["offered"] + found[0]["organizations"][1]["given"]["offered"] == 1
    assert report(cast, as_of=found[0]["as_of"]) == found[0]


def test_a_moment_that_has_not_come_is_refused(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    refused = cast.hank.call("GET", path, query_string={"as_of": "2999-01-01T00:00:00Z"}, expect=422)
    assert [error["field"] for error in refused["errors"]] == ["as_of"]
