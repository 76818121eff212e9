"""Secrets that people and programs carry."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.identity.secrets import fingerprint, is_well_formed, new_token

BASE62 = string.digits + string.ascii_letters


@pytest.mark.parametrize("kind", ["user", "session"])
def test_a_token_says_what_it_is_and_is_recognised(kind: str) -> None:
    made = [new_token(kind) for _ in range(200)]

    assert all(re.fullmatch(rf"pcrm_{kind}_[0-9A-Za-z]{{36}}", token) for token in made)
    assert all(is_well_formed(token) for token in made)
    assert len(set(made)) == 200
    assert {letter for token in made for letter in token.rpartition("_")[2]} == set(BASE62)


@given(place=st.integers(0, 35), letter=st.sampled_from(BASE62))
def test_one_mistyped_letter_is_noticed(place: int, letter: str) -> None:
    head, _, tail = new_token("user").rpartition("_")
    mistyped = f"{head}_{tail[:place]}{letter}{tail[place + 1 :]}"
    assert is_well_formed(mistyped) is (letter == tail[place])


@given(st.integers(0, 34))
def test_two_neighbours_swapped_are_noticed(place: int) -> None:
    head, _, tail = new_token("user").rpartition("_")
    swapped = f"{head}_{tail[:place]}{tail[place + 1]}{tail[place]}{tail[place + 2 :]}"
    assert is_well_formed(swapped) is (tail[place] == tail[place + 1])


@given(st.text(max_size=60))
def test_other_text_is_no_token(written: str) -> None:
    assert not is_well_formed(written)
    assert not is_well_formed(f"pcrm_user_{written}")


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token.removeprefix("pcrm_"),
        lambda token: token + " ",
        lambda token: token[:-1],
        lambda token: token.replace("_", "-"),
        lambda token: "é" + token,
        lambda token: token[:-1] + "é",
    ],
)
def test_a_token_cut_or_dressed_up_is_none(change: object) -> None:
    assert callable(change)
    assert not is_well_formed(change(new_token("user")))


def test_only_a_fingerprint_is_kept() -> None:
    token = new_token("user")
    assert fingerprint(token) == fingerprint(token)
    assert len(fingerprint(token)) == 32
    assert fingerprint(token) != fingerprint(new_token("user"))
    assert fingerprint("abc").hex().startswith("ba7816bf8f01cfea")
