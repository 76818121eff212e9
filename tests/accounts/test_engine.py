"""The engine finds what comparing every pair finds, from either side, tells how far it is, and can be stopped."""

from itertools import product

import pytest

from benchmarks.matching.generated import generated
from partnercrm.accounts.calibration import DEFAULT
from partnercrm.accounts.engine import DuckEngine, Stopped
from partnercrm.accounts.matching import CANDIDATE, MATCH, Company, Lists, Pair, compared, mirrored, read
from partnercrm.accounts.rivals import weighed

LISTS = generated("small", 120, seed=5)


def every_pair(left: list[Company], right: list[Company]) -> list[Pair]:
    ours, theirs = ({company.id: read(company) for company in side} for side in (left, right))
    lists = Lists(ours.values(), theirs.values())
    pairs = [compared(one, other, lists) for one, other in product(ours.values(), theirs.values())]
    found = weighed([pair for pair in pairs if pair.millionths >= CANDIDATE], ours, theirs, lists, DEFAULT)
    return sorted((pair for pair in found if pair.millionths >= CANDIDATE), key=lambda pair: pair[:2])


def pairs(left: list[Company], right: list[Company]) -> list[Pair]:
    return DuckEngine().pairs(left, right, progress=lambda done: None, cancelled=lambda: False)


def test_the_engine_finds_what_comparing_every_pair_finds() -> None:
    left, right = list(LISTS.left), list(LISTS.right)
    expected, found = ({pair[:2]: pair for pair in way(left, right)} for way in (every_pair, pairs))

    assert {pair for pair in expected if expected[pair].millionths >= MATCH} <= found.keys() <= expected.keys()
    assert len(found) >= 0.95 * len(expected)


def test_exchanged_lists_mirror_the_pairs() -> None:
    left, right = list(LISTS.left), list(LISTS.right)

    assert sorted(mirrored(pairs(right, left))) == pairs(left, right)


def test_companies_read_alike_are_each_in_their_own_pair() -> None:
    left, right = list(LISTS.left[:20]), list(LISTS.right[:20])
    twins = [one._replace(id=other.id) for one, other in zip(left, generated("more", 20, seed=9).left, strict=True)]
    twins = [one._replace(id=type(one.id)(int=one.id.int + 1000)) for one in twins]
    right = [one._replace(id=type(one.id)(int=one.id.int + 5000)) for one in left]

    assert {(pair.left, pair.right) for pair in pairs([*left, *twins], right)} >= {
        (ours.id, theirs.id) for side in (left, twins) for ours, theirs in zip(side, right, strict=True)
    }


def test_progress_grows_to_a_hundred() -> None:
    told = list[int]()
    DuckEngine().pairs(LISTS.left, LISTS.right, progress=told.append, cancelled=lambda: False)

    assert told == sorted(told)
    assert told[-1] == 100


@pytest.mark.parametrize("asked", [0, 3, 8])
def test_it_can_be_stopped(asked: int) -> None:
    answers = iter([False] * asked)

    with pytest.raises(Stopped):
        DuckEngine().pairs(LISTS.left, LISTS.right, lambda done: None, lambda: next(answers, True))


@pytest.mark.parametrize("side", [0, 1])
def test_an_empty_list_has_no_pairs(side: int) -> None:
    left, right = ([], list(LISTS.right)) if side else (list(LISTS.left), [])

    assert pairs(left, right) == []
