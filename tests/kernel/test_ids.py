"""Identifiers."""

import time
from uuid import RFC_4122

from partnercrm.kernel.ids import new_id, random_id


def test_ids_carry_their_version_and_variant() -> None:
    for _ in range(500):
        assert (new_id().version, new_id().variant) == (7, RFC_4122)
        assert (random_id().version, random_id().variant) == (4, RFC_4122)


def test_ids_made_later_sort_later_and_tell_their_millisecond() -> None:
    made = []
    for _ in range(20):
        before = time.time_ns() // 1_000_000
        made.append(new_id())
        assert before <= made[-1].int >> 80 <= time.time_ns() // 1_000_000
        time.sleep(0.002)
    assert made == sorted(made)
    assert [str(one) for one in made] == sorted(str(one) for one in made)


def test_no_two_ids_are_alike() -> None:
    assert len({make() for make in (new_id, random_id) for _ in range(20_000)}) == 40_000


def test_a_random_id_does_not_tell_when_it_was_made() -> None:
    assert len({random_id().int >> 112 for _ in range(200)}) > 150


def test_every_random_bit_varies() -> None:
    for make, free in ((new_id, 74), (random_id, 122)):
        seen_set = seen_clear = 0
        for _ in range(200):
            value = make().int & (2**80 - 1 if free == 74 else 2**128 - 1)
            seen_set, seen_clear = seen_set | value, seen_clear | ~value
        assert (seen_set & seen_clear & (2**128 - 1)).bit_count() == free
