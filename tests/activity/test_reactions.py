"""What else happens once something is recorded."""

from uuid import UUID

import pytest

from partnercrm.activity import actions
from partnercrm.kernel.actor import Actor
from tests.cast import Cast


def test_a_reaction_happens_for_its_verb_alone_and_learns_what_was_recorded(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Actor, str, str, UUID]] = []
    monkeypatch.setattr(actions, "_reactions", dict(actions._reactions))
    actions.react_with(
        {"team.added": [lambda actor, verb, team, activity_id: seen.append((actor, verb, team.name, activity_id))]}
    )

    cast.ada.call("POST", "/teams", json={"name": "North"}, expect=201)
    cast.sam.call("POST", "/leads", json={"company_name": "Contoso", "need": "Kite"}, expect=201)

    [(actor, verb, name, activity_id)] = seen
    [noted] = cast.ada.call("GET", "/activities", query_string={"verb": "team.added"}, expect=200)["items"]
    assert (actor.organization_id, verb, name) == (cast.ada.actor.organization_id, "team.added", "North")
    assert str(activity_id) == noted["id"]
