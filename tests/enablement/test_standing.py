"""Where a person stands: examples of the lifecycle, and properties of any history."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnercrm.enablement.items import Outcome
from partnercrm.enablement.standing import KNOWN, Course, Edition, ItemState, Result, Status, standing

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
IDS = [UUID(int=number) for number in range(1, 4)]
SELLER = frozenset({"seller"})


def day(number: float) -> datetime:
    return BEGUN + timedelta(days=number)


def edition(number: int = 1, since: float = 0, **other: object) -> Edition:
    usual = {"roles": SELLER, "is_must_know": True, "reopens": False, "valid_days": 100, "renew_days": 30}
    return Edition(number, day(since), **(usual | other))  # type: ignore[arg-type]


def course(*editions: Edition, place: int = 0, archived: float | None = None) -> Course:
    return Course(IDS[place], editions or (edition(),), None if archived is None else day(archived))


def result(on: float, outcome: Outcome = Outcome.PASSED, place: int = 0, number: int = 1, **more: object) -> Result:
    return Result(IDS[place], number, outcome, day(on), **more)  # type: ignore[arg-type]


def stands(courses: list[Course], results: list[Result], at: float, told: float | None = None) -> Status:
    told_at = None if told is None else day(told)
    return standing(courses, results, roles=SELLER, told_at=told_at, at=day(at)).status


def state(of: Course, results: list[Result], at: float) -> ItemState:
    return standing([of], results, roles=SELLER, told_at=None, at=day(at)).items[of.id].state


def test_a_person_goes_from_never_told_to_enabled_and_it_runs_out() -> None:
    history = [result(20, Outcome.OPENED), result(30, Outcome.FAILED), result(40)]
    seen = [stands([course()], history, at, told=10) for at in (5, 15, 25, 35, 45, 139.9, 140)]

    assert seen == [
        *(Status.UNAWARE, Status.AWARE, Status.IN_PROGRESS, Status.IN_PROGRESS),
        *(Status.ENABLED, Status.ENABLED, Status.EXPIRED),
    ]


@pytest.mark.parametrize(
    ("results", "at", "expected"),
    [
        ([], 50, ItemState.MISSING),
        ([result(10, Outcome.OPENED)], 50, ItemState.STARTED),
        ([result(10)], 79, ItemState.DONE),
        ([result(10)], 80, ItemState.RENEWABLE),
        ([result(10)], 110, ItemState.EXPIRED),
        ([result(10), result(85)], 110, ItemState.DONE),
        ([result(10), result(50, Outcome.REVOKED)], 60, ItemState.STARTED),
        ([result(10), result(50, Outcome.REVOKED), result(55)], 60, ItemState.DONE),
        ([result(10, valid_until=day(20))], 20, ItemState.EXPIRED),
        ([result(10, valid_until=day(500))], 400, ItemState.DONE),
    ],
)
def test_an_item_is_known_while_something_that_was_passed_holds(
    results: list[Result], at: float, expected: ItemState
) -> None:
    assert state(course(), results, at) is expected


def test_what_has_no_end_is_known_for_good() -> None:
    assert state(course(edition(valid_days=None)), [result(1)], 10_000) is ItemState.DONE


def test_a_new_edition_that_reopens_is_learned_anew_and_another_is_not() -> None:
    reopened = course(edition(), edition(2, 50, reopens=True), edition(3, 60))
    longer = course(edition(), edition(2, 50, valid_days=1000))

    assert [state(reopened, [result(10)], at) for at in (49, 50, 70)] == [ItemState.DONE, *[ItemState.REOPENED] * 2]
    assert state(reopened, [result(10), result(55, number=2)], 70) is ItemState.DONE
    assert stands([reopened], [result(10)], 70) is Status.EXPIRED
    assert state(longer, [result(10)], 900) is ItemState.DONE


def test_what_is_not_needed_does_not_count() -> None:
    offer, others = (
        course(edition(is_must_know=False), place=1),
        course(edition(roles=frozenset({"executive"})), place=2),
    )

    assert stands([course(), offer, others], [result(10)], 20) is Status.ENABLED
    assert stands([offer, others], [], 20) is Status.UNAWARE
    assert stands([offer], [result(5, place=1)], 20) is Status.AWARE
    assert stands([course(archived=15), offer], [], 20, told=1) is Status.AWARE
    assert stands([course(archived=15)], [], 10, told=1) is Status.AWARE


def test_one_that_ran_out_beside_one_never_known_is_on_the_way() -> None:
    assert stands([course(), course(place=1)], [result(10)], 200) is Status.IN_PROGRESS


editions = st.builds(
    lambda since, must, reopens, valid: (since, must, reopens and must, valid),
    st.integers(0, 200),
    st.booleans(),
    st.booleans(),
    st.none() | st.integers(1, 120),
)


@st.composite
def courses(draw: st.DrawFn) -> list[Course]:
    made = []
    for place in range(draw(st.integers(1, 3))):
        drawn = sorted(draw(st.lists(editions, min_size=1, max_size=3)), key=lambda one: one[0])
        versions = [
            edition(number, since, is_must_know=must, reopens=reopens, valid_days=valid, renew_days=10)
            for number, (since, must, reopens, valid) in enumerate(drawn, start=1)
        ]
        made.append(course(*versions, place=place, archived=draw(st.none() | st.integers(0, 300))))
    return made


results = st.lists(
    st.builds(
        result,
        st.integers(0, 250),
        st.sampled_from(Outcome),
        st.integers(0, 2),
        st.integers(1, 3),
    ),
    max_size=8,
)
moments = st.integers(0, 400)


@settings(max_examples=40)
@given(courses(), results, moments, st.none() | st.integers(0, 300), st.randoms())
def test_only_what_happened_by_then_counts_in_whatever_order(
    programme: list[Course], history: list[Result], at: int, told: int | None, random: object
) -> None:
    shuffled = history[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    by_then = [one for one in history if one.happened_at <= day(at)]

    assert stands(programme, history, at, told) is stands(programme[::-1], shuffled, at, told)
    assert stands(programme, history, at, told) is stands(programme, by_then, at, told)


@settings(max_examples=40)
@given(courses(), results, moments, moments)
def test_while_nothing_happens_the_enabled_run_out_and_nobody_else_moves(
    programme: list[Course], history: list[Result], at: int, later: int
) -> None:
    frozen = [Course(one.id, [e for e in one.editions if e.since <= day(at)]) for one in programme]
    before = [one for one in history if one.happened_at <= day(at)]
    now, then = stands(frozen, before, at, 0), stands(frozen, before, at + later, 0)

    assert then is now or (now, then) == (Status.ENABLED, Status.EXPIRED)


@settings(max_examples=40)
@given(courses(), results, moments, st.integers(0, 2))
def test_passing_the_edition_in_force_never_makes_anything_worse(
    programme: list[Course], history: list[Result], at: int, place: int
) -> None:
    before = standing(programme, history, roles=SELLER, told_at=None, at=day(at))
    numbers = {one.id: edition.number for one in programme if (edition := one.at(day(at)))}
    passed = result(at + 0.5, place=place, number=numbers.get(IDS[place], 1))
    same = [Course(one.id, [e for e in one.editions if e.since <= day(at)], one.archived_at) for one in programme]
    after = standing(same, [*history, passed], roles=SELLER, told_at=None, at=day(at))

    assert set(after.missing) <= set(before.missing)


@settings(max_examples=40)
@given(courses(), results, moments)
def test_enabled_is_exactly_who_misses_nothing_of_what_there_is_to_know(
    programme: list[Course], history: list[Result], at: int
) -> None:
    found = standing(programme, history, roles=SELLER, told_at=None, at=day(at))
    needed = [one.id for one in programme if (edition := one.at(day(at))) and edition.is_must_know]

    assert (found.status is Status.ENABLED) == (bool(needed) and not found.missing)
    assert set(found.missing) == {one for one in needed if found.items[one].state not in KNOWN}
