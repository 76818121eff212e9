"""The chain's own rules: one way to write a row, a commitment that hides it, and every tampering seen."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.activity import chains
from partnercrm.activity.chains import BEGINNING, Entry, Fault, Flaw, Head

CHAIN = UUID(int=7)
FACTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("aé€𐐷\n", max_size=3), inner, max_size=3),
    max_leaves=8,
)


def entry(place: int, before: bytes, content: dict[str, Any]) -> Entry:
    salt = uuid4()
    committed = chains.commitment(salt, content)
    linked = chains.linked(CHAIN, place, before, committed)
    return Entry(place, uuid4(), committed, linked, content, salt, None)


def chain(length: int) -> list[Entry]:
    made: list[Entry] = []
    for place in range(1, length + 1):
        made.append(entry(place, made[-1].hash if made else BEGINNING, {"verb": "lead.offered", "place": place}))
    return made


def found(entries: list[Entry], head: Head, kept: dict[int, bytes] | None = None) -> list[Flaw]:
    return list(chains.flaws(CHAIN, entries, head, kept or {}))


def test_a_row_is_written_in_one_way_whatever_the_order_and_zone() -> None:
    moment = datetime(2026, 3, 14, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    row = {"é": 1, "b": [True, None, "\u0007\n"], "a": {"𐐷": 1, "\ue000": 2}, "id": UUID(int=1), "at": moment}

    assert (
        chains.canonical(row)
        == (
            '{"a":{"𐐷":1,"\ue000":2},"at":"2026-03-14T09:30:00.000000+00:00","b":[true,null,"\\u0007\\n"],'
            '"id":"00000000-0000-0000-0000-000000000001","é":1}'
        ).encode()
    )


@given(facts=FACTS)
def test_what_is_written_reads_back_and_writes_the_same(facts: Any) -> None:
    written = chains.canonical({"facts": facts})

    assert json.loads(written) == {"facts": facts}
    assert chains.canonical(json.loads(written)) == written


def test_a_link_holds_a_salted_hash_and_nothing_of_the_row() -> None:
    salt = UUID(int=3)
    committed = chains.commitment(salt, {"a": 1})

    assert committed == hashlib.sha256(salt.bytes + b'{"a":1}').digest()
    assert committed != chains.commitment(UUID(int=4), {"a": 1})


def test_a_moment_is_the_same_however_the_database_tells_its_zone() -> None:
    utc = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)

    assert chains.canonical({"at": utc}) == chains.canonical({"at": utc.astimezone(timezone(timedelta(hours=-7)))})


@given(length=st.integers(0, 12))
def test_an_honest_chain_has_no_flaw(length: int) -> None:
    made = chain(length)
    head = Head(length, made[-1].hash if made else BEGINNING)

    assert found(made, head, {one.place: one.hash for one in made}) == []


def edited(made: list[Entry], place: int) -> list[Entry]:
    return [one._replace(content={"verb": "lead.won"}) if one.place == place else one for one in made]


def deleted(made: list[Entry], place: int) -> list[Entry]:
    return [one._replace(content=None, salt=None) if one.place == place else one for one in made]


def taken_out(made: list[Entry], place: int) -> list[Entry]:
    return [one for one in made if one.place != place]


def moved(made: list[Entry], place: int) -> list[Entry]:
    other = place % len(made) + 1
    swapped = {place: made[other - 1], other: made[place - 1]}
    return [swapped.get(one.place, one)._replace(place=one.place) for one in made]


def put_in(made: list[Entry], place: int) -> list[Entry]:
    before = made[place - 2].hash if place > 1 else BEGINNING
    later = [one._replace(place=one.place + 1) for one in made[place - 1 :]]
    return [*made[: place - 1], entry(place, before, {"verb": "lead.won"}), *later]


@pytest.mark.parametrize(
    ("tampered", "faults"),
    [
        (edited, {Fault.EDITED}),
        (deleted, {Fault.DELETED}),
        (taken_out, {Fault.BROKEN, Fault.CUT}),
        (moved, {Fault.BROKEN}),
        (put_in, {Fault.BROKEN}),
    ],
)
@given(length=st.integers(2, 9), data=st.data())
def test_tampering_shows_wherever_it_is_done(
    tampered: Callable[[list[Entry], int], list[Entry]], faults: set[Fault], length: int, data: st.DataObject
) -> None:
    made = chain(length)
    place = data.draw(st.integers(1, length))

    flaws = found(tampered(made, place), Head(length, made[-1].hash))

    assert flaws
    assert {flaw.fault for flaw in flaws} & faults


def test_a_tail_cut_off_with_its_head_shows_against_a_head_kept_elsewhere() -> None:
    made = chain(5)
    shorter = made[:3]

    assert found(shorter, Head(3, shorter[-1].hash)) == []
    assert found(shorter, Head(3, shorter[-1].hash), {5: made[-1].hash}) == [Flaw(Fault.CUT, 5)]


def test_a_chain_written_anew_shows_against_a_head_kept_elsewhere() -> None:
    made, anew = chain(5), chain(5)

    assert found(anew, Head(5, anew[-1].hash)) == []
    assert [flaw.fault for flaw in found(anew, Head(5, anew[-1].hash), {4: made[3].hash})] == [Fault.REWRITTEN]


def test_an_erased_row_is_no_flaw_of_the_chain_that_covers_it() -> None:
    made = chain(3)
    erased = [made[0], made[1]._replace(content={"verb": "lead.offered"}, erased_by=uuid4()), made[2]]

    assert found(erased, Head(3, made[-1].hash)) == []


def test_what_is_left_of_erased_rows_has_one_digest() -> None:
    rows = [{"id": UUID(int=1)}, {"id": UUID(int=2)}]

    assert chains.remains(rows) == chains.remains(iter(rows))
    assert chains.remains(rows) != chains.remains(rows[::-1])
