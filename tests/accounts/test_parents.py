"""Who may stand above an account: proposed to its owner by name and domain, and never decided for them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts.duplicates import name_key
from partnercrm.accounts.parents import is_above, keys_above
from tests.cast import Cast, Player
from tests.factories import mapping
from tests.surfer import Surfer

WORDS = ("northwind", "delta", "logistik", "hamburg", "holding", "group", "2", "deutsche", "bank", "gmbh")
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)


@pytest.mark.parametrize(
    ("mother", "daughter"),
    [
        ("Northwind AG", "Northwind Hamburg GmbH"),
        ("Northwind Holding", "Northwind Logistik"),
        ("Northwind Group", "Northwind GmbH"),
        ("Siemens AG", "Siemens \u00d6sterreich"),
        ("Deutsche Bank", "Deutsche Bank Luxembourg S.A."),
        ("Northwind Traders", "Northwind Traders Logistik"),
    ],
)
def test_a_mother_is_recognised(mother: str, daughter: str) -> None:
    assert is_above(mother, daughter)
    assert not is_above(daughter, mother)
    assert name_key(mother) in keys_above(daughter)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Delta", "Delta Dental"), ("Hamburg", "Hamburg Hafen"), ("Northwind", "Northwind"), ("Ltd", "Northwind")],
)
def test_names_alone_put_nobody_below(one: str, other: str) -> None:
    assert not is_above(one, other)
    assert not is_above(one, other, ["gmail.com"], ["gmail.com"])


def test_a_domain_of_one_label_does() -> None:
    assert is_above("Delta", "Delta Dental", ["delta.com"], ["delta.de"])


@given(names, names)
def test_nobody_is_above_who_is_below_and_every_mother_is_looked_up(one: str, other: str) -> None:
    assert not (is_above(one, other) and is_above(other, one))
    assert len(keys_above(one)) <= 96
    words = one.split()
    if is_above(one, other) and "2" not in words and len(set(words)) == len(words):
        assert name_key(one) in keys_above(other) or {"holding", "group"} <= set(one.split())


def account(player: Player, name: str, **given: Any) -> str:
    made: str = mapping.account(player, name, **given)["id"]
    return made


def test_its_owner_is_proposed_a_parent_and_takes_it_while_nothing_is_merged(cast: Cast) -> None:
    mother = account(cast.dana, "Northwind AG")
    daughter = account(cast.dana, "Northwind Hamburg GmbH", owner_id=str(cast.sam.actor.user_id))
    account(cast.gina, "Northwind Holding")
    path = f"/accounts/{daughter}"

    proposed = cast.sam.call("GET", f"{path}/parents", expect=200)["accounts"]
    assert [one["id"] for one in proposed] == [mother]
    assert cast.sam.call("GET", f"/accounts/{mother}/parents", expect=200)["accounts"] == []
    for player in (cast.gina, cast.ines):
        assert player.response("GET", f"{path}/parents").status_code == 404
    sam, nora = (Surfer.signed_in(cast.app, one.email) for one in (cast.sam, cast.nora))
    assert "May belong to a group" in sam.open(path).text
    assert "May belong to a group" not in nora.open(path).text
    assert cast.sam.call("GET", path, expect=200)["parent_id"] is None

    version = cast.sam.response("GET", path).headers["ETag"].strip('"')
    assert sam.send(f"{path}/parent", {"parent_id": mother, "version": version}, shown_on=path).status_code == 303
    assert cast.sam.call("GET", path, expect=200)["parent_id"] == mother
    assert cast.sam.call("GET", f"{path}/parents", expect=200)["accounts"] == []
