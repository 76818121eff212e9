"""The page that problems name as their type, and that it leads to their code."""

import re

from flask import Flask

from partnercrm.kernel.errors import Refusal
from partnercrm.web.endpoint import Door
from tests.cast import Cast


def anchors(app: Flask) -> set[str]:
    page = app.test_client().get("/api/docs/problems")
    assert page.status_code == 200
    return set(re.findall(r'<tr id="(\w+)">', page.text))


def test_a_problems_type_leads_to_what_it_means(app: Flask, cast: Cast) -> None:
    problem = cast.sam.call("POST", "/leads", json={}, expect=422)
    other = cast.sam.call("PUT", "/leads", json={}, expect=405)

    for address, _, anchor in (problem["type"].partition("#"), other["type"].partition("#")):
        assert address == "/api/docs/problems"
        assert anchor in anchors(app)


def test_every_refusal_of_an_operation_is_explained_under_its_code(app: Flask) -> None:
    declared: set[type[Refusal]] = {
        refusal
        for door in app.blueprints.values()
        if isinstance(door, Door)
        for operation in door.operations
        for refusal in operation.refusals()
    }
    page = app.test_client().get("/api/docs/problems").text

    assert {refusal.code() for refusal in declared} <= anchors(app)
    assert "Someone in your organization has this mail address already." in page
