"""Populations: named segments, counted when made, a new version with every change of substance."""

from typing import Any

import pytest
from flask import Flask

from partnercrm.accounts import jobs
from partnercrm.accounts.queries import populations
from partnercrm.kernel import db
from tests.cast import Cast, Player
from tests.factories import imports
from tests.factories.accounts import account, population
from tests.surfer import Surfer


def change(player: Player, one: dict[str, Any], expect: int = 200, **given: Any) -> Any:
    path = f"/populations/{one['id']}"
    tag = player.response("GET", path).headers["ETag"]
    return player.call("PATCH", path, json=given, if_match=tag, expect=expect)


def some(cast: Cast) -> None:
    for country, relationship in (("DE", "customer"), ("DE", "prospect"), ("FR", "customer")):
        account(cast.sam, country=country, relationship=relationship)
    account(cast.gina, country="DE", relationship="customer")


def test_who_fits_every_criterion_belongs_and_the_partners_never(cast: Cast) -> None:
    some(cast)

    both = population(cast.sam, criteria={"country": ["DE", "AT"], "relationship": ["customer"]})
    every = population(cast.sam, criteria={})

    assert (both["counted"], both["version"], every["counted"]) == (1, 1, 3)
    asked = {name: values for name, values in both["criteria"].items() if values}
    assert asked == {"country": ["AT", "DE"], "relationship": ["customer"]}
    with db.transaction(cast.dana.actor, read_only=True) as session:
        found = populations.population(cast.dana.actor, both["id"])
        assert len(session.scalars(populations.members(cast.dana.actor, found)).all()) == 1


def test_other_criteria_are_a_new_version_and_another_name_is_none(cast: Cast) -> None:
    some(cast)
    made = population(cast.sam, criteria={"country": ["DE"]})

    change(cast.sam, made, name="Germany")
    change(cast.sam, made, criteria={"country": ["DE"], "industry": []})
    changed = change(cast.sam, made, criteria={"country": ["FR"]})

    assert (changed["name"], changed["version"], changed["counted"]) == ("Germany", 2, 1)
    versions = cast.sam.call("GET", f"/populations/{made['id']}/versions", expect=200)["items"]
    assert [(one["version"], one["criteria"]["country"], one["counted"]) for one in versions] == [
        (2, ["FR"], 1),
        (1, ["DE"], 2),
    ]


def test_a_name_is_given_once_among_those_in_use(cast: Cast) -> None:
    first = population(cast.sam, name="Customers")
    given = {"name": "customers", "criteria": {}}
    assert cast.dana.call("POST", "/populations", json=given, expect=409)["code"] == "population_exists_already"

    cast.sam.call("POST", f"/populations/{first['id']}/archive", expect=200)

    cast.dana.call("POST", "/populations", json=given, expect=201)
    assert change(cast.sam, first, expect=409, name="Other")["code"] == "population_archived"
    cast.sam.call("POST", f"/populations/{first['id']}/archive", expect=409)
    archived = cast.sam.call("GET", "/populations?archived=true", expect=200)["items"]
    assert [one["id"] for one in archived] == [first["id"]]


def test_wrong_criteria_are_all_named(cast: Cast) -> None:
    criteria = {"country": ["Germany"], "relationship": ["friend"], "owner_id": [str(cast.sam.actor.user_id)]}

    refused = cast.sam.call("POST", "/populations", json={"name": "X", "criteria": criteria}, expect=422)

    named = {error["field"] for error in refused["errors"]}
    assert named == {"criteria.country.0", "criteria.relationship.0", "criteria.owner_id"}


def test_after_a_file_populations_are_counted_again(cast: Cast) -> None:
    made = population(cast.sam, criteria={"country": ["DE"]})
    file = imports.of_accounts(cast.sam, "1,Contoso,DE\n2,Fabrikam,FR\n", "external_id,name,country\n")
    imports.run(cast.sam, file)

    jobs.count_populations(str(cast.sam.actor.organization_id))

    now = cast.dana.call("GET", f"/populations/{made['id']}", expect=200)
    assert (now["counted"], now["version"]) == (1, 1)


def test_what_is_hidden_looks_like_what_never_was(cast: Cast) -> None:
    made = population(cast.sam)

    for player in (cast.gina, cast.ines):
        hidden = player.call("GET", f"/populations/{made['id']}", expect=404)
        never = player.call("GET", f"/populations/{made['id'][:-4]}0000", expect=404)
        assert {**hidden, "request_id": ""} == {**never, "request_id": ""}
        assert player.call("GET", "/populations", expect=200)["items"] == []


@pytest.fixture
def sam(app: Flask, cast: Cast) -> Surfer:
    return Surfer.signed_in(app, "sam@acme.example")


def test_what_the_list_shows_is_kept_as_a_population_on_pages(cast: Cast, sam: Surfer) -> None:
    some(cast)
    way = "/populations/new?relationship=customer&amp;country=DE"
    assert way in sam.open("/accounts?relationship=customer&country=DE").text
    shown = sam.open(way.replace("&amp;", "&")).text
    assert 'value="DE"' in shown
    assert 'value="customer" checked' in shown

    filled = {
        "name": "German customers",
        "relationship": "customer",
        "country": "de, at",
        "industry": "Logistics\nRetail",
    }
    made = sam.send("/populations/new", filled, shown_on="/populations/new")

    page = sam.open(made.headers["Location"])
    assert "German customers" in page.text
    assert "Customer; Logistics, Retail; Austria, Germany" in page.text
    assert "German customers" in sam.open("/populations").text


def test_a_wrong_country_is_told_beside_its_field_and_an_old_form_is_refused(cast: Cast, sam: Surfer) -> None:
    made = population(cast.sam)
    path = f"/populations/{made['id']}"
    version = sam.open(path).text.split('name="version" value="')[1].split('"')[0]

    wrong = sam.send(path, {"name": "X", "country": "Germany", "version": version}, shown_on=path)
    assert (wrong.status_code, "ISO 3166-1" in wrong.text) == (422, True)
    change(cast.dana, made, criteria={"country": ["FR"]})
    stale = sam.send(path, {"name": "X", "country": "DE", "version": version}, shown_on=path)

    assert stale.status_code == 409
