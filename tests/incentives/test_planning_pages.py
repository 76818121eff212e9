"""A compensation plan from a blank form to somebody's pay: written, wrong, kept, published, given, written anew."""

import re
from uuid import UUID

from flask import Flask

from partnercrm.incentives.pages.planning import written
from partnercrm.incentives.queries import plans as queries
from partnercrm.kernel import db
from tests.cast import Cast
from tests.surfer import Surfer

PLANS = "/compensation-plans"
NEW = f"{PLANS}/new"
FILLED = {
    "name": "Field sales",
    "rules.currency": "EUR",
    "rules.starts_on": "2026-01-01",
    "rules.trigger": "won",
    "rules.period": "quarter",
    "rules.quota": "500,000.00",
    "rules.tables.0.mode": "marginal",
    "rules.tables.0.tiers.0.from": "0",
    "rules.tables.0.tiers.0.rate": "5.25",
    "rules.tables.0.tiers.2.from": "100000",
    "rules.tables.0.tiers.2.rate": "8",
    "rules.tables.1.mode": "marginal",
    "rules.accelerators.0.from_share": "100",
    "rules.accelerators.0.factor": "150",
    "rules.factors.0.co_sell": "late",
    "rules.factors.0.factor": "50",
}


def version(surfer: Surfer, page: str) -> str:
    """Return which version of a plan the page's form is made from."""
    [found] = set(re.findall(r'name="version" value="([^"]*)"', surfer.open(page).text))
    return str(found)


def test_a_plan_is_written_kept_published_and_given(app: Flask, cast: Cast) -> None:
    dana = Surfer.signed_in(app, "dana@acme.example")
    page = dana.send(NEW, FILLED, shown_on=NEW).location

    draft = cast.dana.call("GET", page, expect=200)["draft"]
    assert draft["quota"] == "500000.00"
    assert [(one["from"], one["to"], one["rate"]) for one in draft["tables"][0]["tiers"]] == [
        ("0.00", "100000.00", 52_500),
        ("100000.00", None, 80_000),
    ]
    assert len(draft["tables"]) == 1
    assert draft["accelerators"] == [{"from_share": 1_000_000, "factor": 1_500_000}]
    assert draft["factors"] == [{"co_sell": "late", "factor": 500_000}]
    assert "5.25 % of what you win up to" in dana.open(page).text
    assert dana.send(f"{page}/publish", {"version": "older"}, shown_on=page).status_code == 409
    assert dana.send(f"{page}/publish", {"version": version(dana, page)}, shown_on=page).status_code == 303

    whom = {"user_id": str(cast.sam.actor.user_id), "starts_on": "2026-01-01"}
    assert dana.send(f"{page}/assign", whom | {"team_id": whom["user_id"]}, shown_on=page).status_code == 422
    assert dana.send(f"{page}/assign", whom, shown_on=page).status_code == 303
    assert "Sam" in dana.open(page).text
    assert "5.25 % of what you win up to" in Surfer.signed_in(app, "sam@acme.example").open("/my-plan").text


def test_everything_wrong_is_named_at_its_field_and_what_was_typed_stays(app: Flask, cast: Cast) -> None:
    dana = Surfer.signed_in(app, "dana@acme.example")
    wrong = FILLED | {
        "rules.tables.0.tiers.0.from": "50",
        "rules.tables.0.tiers.2.rate": "much",
        "rules.factors.0.factor": "-1",
    }
    answer = dana.send(NEW, wrong, shown_on=NEW)
    assert answer.status_code == 422
    for name in ("rules.tables.0.tiers.1.rate", "rules.factors.0.factor"):
        assert f'id="{name}-wrong"' in answer.text
    assert 'value="much"' in answer.text

    answer = dana.send(NEW, FILLED | {"rules.tables.0.tiers.0.from": "50"}, shown_on=NEW)
    assert 'id="rules.tables.0.tiers.0.from-wrong"' in answer.text


def test_the_form_of_a_plan_says_what_the_plan_says(app: Flask, cast: Cast) -> None:
    dana = Surfer.signed_in(app, "dana@acme.example")
    page = dana.send(NEW, FILLED, shown_on=NEW).location
    before = cast.dana.call("GET", page, expect=200)["draft"]
    change = f"{page}/change"
    shown = dana.open(change).text
    with db.transaction(cast.dana.actor):
        values = written(queries.plan(cast.dana.actor, UUID(page.rpartition("/")[2])).draft)
    assert all(f'name="{name}"' in shown for name in values)
    sent = values | {"name": "Field sales", "version": version(dana, change)}
    assert dana.send(change, sent, shown_on=change).status_code == 303
    assert cast.dana.call("GET", page, expect=200)["draft"] == before
