"""What is seen about me: the page says what is the case, because it asks what the reads ask; here everybody tries."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from partnercrm.identity.models import ApiToken
from partnercrm.identity.queries import seen
from partnercrm.identity.queries.seen import Audience
from partnercrm.kernel.actor import Actor
from tests.audience import TRIES, scene
from tests.cast import Cast, Player
from tests.surfer import Surfer


def told(player: Player) -> dict[str, set[str]]:
    answer = player.call("GET", "/me/seen", expect=200)
    return {one["kind"]: set(one["seen_by"]) for one in answer["sights"]}


@pytest.mark.parametrize("agreed", ["off", "managers"])
def test_for_every_sight_each_audience_gets_what_is_said_and_nothing_else(cast: Cast, agreed: str) -> None:
    here = scene(cast)
    cast.ada.call("POST", "/works-agreement", json={"person_figures": agreed, "reason": "Agreed."}, expect=201)
    said = {player.email: told(player) for player in (cast.sam, cast.dana, cast.ada, cast.ines)}

    wrong = []
    for kind in TRIES:
        claimed = said[here.person(kind).email][kind]
        for audience, viewers in here.viewers_of(kind).items():
            gets = any(here.sees(kind, viewer) for viewer in viewers)
            if gets != (audience in claimed):
                wrong.append(f"{kind}: {audience} {'gets it' if gets else 'does not get it'}")

    assert wrong == []


def test_every_sight_is_tried() -> None:
    assert [one.kind for one in seen.declared()] == list(dict.fromkeys(one.kind for one in seen.declared()))
    assert {one.kind for one in seen.declared()} == set(TRIES)


def test_the_works_agreement_opens_figures_and_lists_to_managers_alone(cast: Cast) -> None:
    def opened() -> set[str]:
        return {kind for kind, audiences in told(cast.sam).items() if "managers" in audiences}

    before = opened()
    cast.ada.call("POST", "/works-agreement", json={"person_figures": "managers", "reason": "Agreed."}, expect=201)

    lists = {"companies", "sellers", "leads", "offers", "cases", "requests", "registrations", "registration_drafts"}
    assert opened() - before == lists | {"figures", "enablement_of_people", "simulated_earnings"}


@pytest.fixture
def widened() -> Iterator[None]:
    """The tokens' query as somebody might one day widen it."""

    def everybodys_tokens(actor: Actor) -> object:
        return select(ApiToken).where(ApiToken.organization_id == actor.organization_id)

    before, scopes = list(seen.declared()), dict(seen._scopes)
    one = next(sight for sight in before if sight.kind == "tokens")
    seen.install([replace(one, rows=everybodys_tokens)], scopes)
    yield
    seen.install(before, scopes)


def test_a_query_that_grants_more_shows_more(cast: Cast, widened: None) -> None:
    colleagues = {Audience.DEPUTY, Audience.FELLOWS, Audience.COLLEAGUES, Audience.MANAGERS, Audience.PROGRAMS}

    assert told(cast.sam) == {"tokens": {Audience.ONESELF, Audience.ADMINISTRATORS, *colleagues}}


def test_who_is_in_no_partnership_is_seen_by_no_partner(cast: Cast) -> None:
    abroad = {Audience.PARTNERS, Audience.PARTNERS_OTHERS, Audience.MODERATOR}

    assert not [kind for kind, audiences in told(cast.nora).items() if abroad & audiences]
    assert not [kind for kind, audiences in told(cast.sam).items() if Audience.OTHERS in audiences]


def test_the_page_tells_who_looked_and_for_what(cast: Cast) -> None:
    cast.ada.call("POST", "/works-agreement", json={"person_figures": "managers", "reason": "Agreed."}, expect=201)
    cast.dana.call("GET", f"/figures/people/{cast.sam.actor.user_id}", expect=200)
    sam = Surfer.signed_in(cast.app, cast.sam.email)

    page = sam.open("/seen").text

    assert "Dana" in page
    assert "Your figures" in page
    assert "version 1 of the works agreement" in page
    nora = Surfer.signed_in(cast.app, cast.nora.email).open("/seen").text
    assert "Nobody yet." in nora


def test_when_a_persons_token_was_used_is_theirs_alone_and_a_programs_is_not(cast: Cast) -> None:
    crm = {"name": "CRM", "email": "crm@acme.example", "roles": ["integration"], "password": "a long enough one"}
    program = cast.ada.call("POST", "/users", json=crm, expect=201)["id"]
    listed = cast.ada.call("GET", "/tokens", query_string={"limit": 200}, expect=200)["items"]
    mine, sams = str(cast.ada.actor.user_id), str(cast.sam.actor.user_id)

    assert all(one["last_used_at"] is None for one in listed if one["user_id"] not in {mine, program})
    (own,) = [one for one in listed if one["user_id"] == sams]
    revoked = cast.ada.call("POST", f"/tokens/{own['id']}/revoke", expect=200)
    assert revoked["last_used_at"] is None
