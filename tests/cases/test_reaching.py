"""An invitation to moderate reaches who gets an account with its address later; both sides learn nothing of it."""

from concurrent.futures import ThreadPoolExecutor, wait

from flask import Flask
from sqlalchemy import select

from partnercrm.cases.actions.moderating import confirm_moderator
from partnercrm.cases.models import Moderation
from partnercrm.identity.actions import add_user
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from tests.cast import PASSWORD, Cast, organization, person
from tests.factories import cases

MO = "mo@birch.example"


def test_who_gets_the_account_later_is_asked_and_both_sides_read_what_they_read_before(app: Flask, cast: Cast) -> None:
    found = cases.invited(cast, MO)
    before = [player.response("GET", f"/cases/{found['id']}").data for player in (cast.sam, cast.gina)]

    mo = person(app, organization("Birch"), "Mo", MO, "executive")

    assert [player.response("GET", f"/cases/{found['id']}").data for player in (cast.sam, cast.gina)] == before
    [asked] = mo.call("GET", "/moderations", expect=200)["items"]
    mo.call("POST", f"/moderations/{asked['id']}/accept", json={"declares": "None."}, expect=200)


def test_nobody_of_either_side_is_asked_though_the_address_is_theirs(cast: Cast) -> None:
    cases.invited(cast, "ole@acme.example")

    ole = person(cast.app, cast.dana.actor.organization_id, "Ole", "ole@acme.example", "executive")

    assert ole.call("GET", "/moderations", expect=200)["items"] == []


def test_an_account_made_while_its_address_is_asked_is_not_overlooked(app: Flask, cast: Cast) -> None:
    found = cases.case(cast.sam, cast)
    cast.sam.call("POST", f"/cases/{found['id']}/moderator", json={"address": MO}, expect=200)
    birch = Actor.system(organization("Birch"))
    given = {"name": "Mo", "email": MO, "roles": ["executive"], "password": PASSWORD}

    def asked() -> None:
        with app.app_context(), db.transaction(cast.gina.actor):
            confirm_moderator(cast.gina.actor, found["id"])

    with ThreadPoolExecutor(1) as other:
        with db.transaction(birch):
            add_user(birch, given)
            asking = other.submit(asked)
            assert not wait([asking], timeout=0.5).done
        asking.result(10)

    with db.transaction(birch):
        assert db.session().scalars(select(Moderation.organization_id)).all() == [birch.organization_id]
