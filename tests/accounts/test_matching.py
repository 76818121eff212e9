"""Two companies are one from either side alike, and nobody else's account changes that."""

from math import log
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnercrm.accounts.matching import (
    CANDIDATE,
    MATCH,
    Cluster,
    Company,
    Lists,
    Pair,
    clusters,
    compared,
    mirrored,
    read,
)
from partnercrm.accounts.numbers import Number, Scheme
from partnercrm.accounts.reasons import Because

WORDS = (
    "Zyxquo",
    "Norbital",
    "Norbitel",
    "Bank",
    "Group",
    "Phoenix",
    "Germany",
    "France",
    "Leeds",
    "GmbH",
    "Inc",
    "II",
)
ids = st.uuids(version=4)
companies = st.builds(
    Company,
    ids,
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
    st.frozensets(st.sampled_from(("zyxquo.com", "zyxquo.de", "norbital.com", "gmail.com")), max_size=2),
    st.frozensets(st.builds(Number, st.sampled_from(Scheme), st.just("DE"), st.sampled_from("12")), max_size=1),
    st.sampled_from((None, "DE", "FR")),
    st.sampled_from((None, "Leeds", "Köln")),
    st.sampled_from((None, "10115")),
)
sides = st.lists(companies, max_size=8, unique_by=lambda one: one.id)
some_pairs = st.lists(
    st.builds(Pair, st.integers(1, 6).map(lambda n: UUID(int=n)), st.integers(7, 12).map(lambda n: UUID(int=n)),
              st.sampled_from((MATCH, MATCH - 1, CANDIDATE, 1_000_000))),
    max_size=12,
)  # fmt: skip


def company(name: str, **known: object) -> Company:
    return Company(UUID(int=1), name, **known)  # type: ignore[arg-type]


def probability(one: Company, other: Company, *more: Company) -> int:
    left, right = read(one), read(other)
    return compared(left, right, Lists([left, *map(read, more)], [right])).millionths


@settings(max_examples=30)
@given(companies, companies, sides, sides)
def test_exchanging_the_sides_mirrors_the_result_exactly(
    one: Company, other: Company, left: list[Company], right: list[Company]
) -> None:
    ours, theirs = [[read(company) for company in side] for side in ([one, *left], [other, *right])]

    found = compared(ours[0], theirs[0], Lists(ours, theirs))

    assert compared(theirs[0], ours[0], Lists(theirs, ours)) == found.mirrored()


@settings(max_examples=30)
@given(companies, companies, sides, sides, st.randoms(use_true_random=False))
def test_the_order_of_the_lists_does_not_matter(
    one: Company, other: Company, left: list[Company], right: list[Company], chance: Random
) -> None:
    ours, theirs = [[read(company) for company in side] for side in ([one, *left], [other, *right])]
    shuffled = Lists(chance.sample(ours, len(ours)), chance.sample(theirs, len(theirs)))

    assert compared(ours[0], theirs[0], shuffled) == compared(ours[0], theirs[0], Lists(ours, theirs))


@settings(max_examples=30)
@given(companies, companies, sides, sides)
def test_an_unrelated_company_is_felt_as_a_longer_list_alone(
    one: Company, other: Company, left: list[Company], right: list[Company]
) -> None:
    """Beside the longer lists, no evidence weighs otherwise than by what one name more makes of every word's share."""
    ours, theirs = [[read(company) for company in side] for side in ([one, *left], [other, *right])]
    stranger = read(Company(UUID(int=1), "Quibbleworth", frozenset({"quibbleworth.example"})))
    before = {reason.because: reason.weight for reason in compared(ours[0], theirs[0], Lists(ours, theirs)).reasons}
    after = compared(ours[0], theirs[0], Lists([*ours, stranger], theirs)).reasons

    most = round(1000 * log(2001 / 2000)) + 1
    assert {reason.because for reason in after} == before.keys()
    assert all(0 <= reason.weight - before[reason.because] <= 8 * most for reason in after)


@given(companies, companies)
def test_reasons_sum_to_what_the_probability_is_made_of(one: Company, other: Company) -> None:
    left, right = read(one), read(other)
    pair = compared(left, right, Lists([left], [right]))

    assert pair.reasons[0].weight == max((reason.weight for reason in pair.reasons), key=abs)
    assert len({reason.because for reason in pair.reasons}) <= len(pair.reasons)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zyxquo Systems GmbH", "ZYXQUO SYSTEMS"),
        ("Zyxquo", "Zyxquo Holding AG"),
        ("Norbital Logistics", "Norbital Logistic"),
        ("Jota Kappafels", "Jotakappafels"),
    ],
)
def test_one_name_in_two_spellings_is_a_match(one: str, other: str) -> None:
    assert probability(company(one, country="DE"), company(other, country="DE")) >= MATCH


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zyxquo France", "Zyxquo Deutschland"),
        ("Zyxquo", "Zyxquo Deutschland"),
        ("Zyxquo Fund II", "Zyxquo Fund III"),
        ("Phoenix Bank", "Phoenix Logistics"),
        ("Zyxquo Bank", "Norbital Bank"),
        ("First National Bank", "First National Bank"),
        ("Zyxquo Niederlassung", "Zyxquo"),
    ],
)
def test_what_may_be_another_company_is_no_match_by_name_alone(one: str, other: str) -> None:
    assert probability(company(one), company(other)) < MATCH


def test_subsidiaries_stay_apart_though_they_share_a_domain() -> None:
    shared = frozenset({"zyxquo.com"})

    assert probability(company("Zyxquo Sverige AB", domains=shared), company("Zyxquo Norge AS", domains=shared)) < MATCH


def test_subsidiaries_are_one_where_both_sides_say_so() -> None:
    left, right = read(company("Zyxquo Sverige AB")), read(company("Zyxquo Norge AS"))
    lists = Lists([left], [right], daughters_apart=False)

    assert compared(left, right, Lists([left], [right])).millionths < CANDIDATE
    assert compared(left, right, lists).millionths >= 500_000
    assert (
        compared(right, left, Lists([right], [left], daughters_apart=False)) == compared(left, right, lists).mirrored()
    )


def test_a_shared_domain_makes_a_likely_name_certain() -> None:
    apart = probability(company("Phoenix"), company("Phoenix Logistics"))
    shared = frozenset({"phoenix.example"})

    assert (
        apart < MATCH <= probability(company("Phoenix", domains=shared), company("Phoenix Logistics", domains=shared))
    )


def test_a_mailbox_anybody_may_have_tells_nothing() -> None:
    free = frozenset({"gmail.com"})

    assert probability(company("Zyxquo", domains=free), company("Norbital", domains=free)) < CANDIDATE


def test_one_number_in_a_register_is_one_company_and_two_are_two() -> None:
    number, another = (frozenset({Number(Scheme.NATIONAL, "DE", text)}) for text in ("HRB1", "HRB2"))

    assert probability(company("Zyxquo", numbers=number), company("Norbital Zyxquo", numbers=number)) >= MATCH
    assert probability(company("Phoenix", numbers=number), company("Phoenix", numbers=another)) < MATCH


def test_a_domain_that_a_whole_group_uses_tells_less() -> None:
    shared = frozenset({"zyxquo.com"})
    sisters = [company(f"Zyxquo Part{number}", domains=shared) for number in range(20)]
    one, other = company("Norbital", domains=shared), company("Zyxquo", domains=shared)

    assert probability(one, other, *sisters) < probability(one, other)


def test_a_word_that_many_of_both_lists_have_tells_less() -> None:
    one, other = company("Phoenix Bank"), company("Phoenix Bank")
    many = [company(f"Phoenix Strange{number}") for number in range(100)]

    assert probability(one, other, *many) < probability(one, other)


def test_reasons_name_no_value() -> None:
    left = read(company("Zyxquo", country="DE", city="Leeds"))
    right = read(company("Zyxquo", country="DE", city="Köln"))

    found = compared(left, right, Lists([left], [right])).reasons

    assert {Because.SAME_NAME, Because.SAME_COUNTRY, Because.OTHER_CITY} <= {reason.because for reason in found}
    assert all(isinstance(reason.because, Because) and isinstance(reason.weight, int) for reason in found)


@given(some_pairs)
def test_clusters_of_mirrored_pairs_are_the_clusters_mirrored(pairs: list[Pair]) -> None:
    assert clusters(mirrored(pairs)) == [cluster.mirrored() for cluster in clusters(pairs)]


@given(some_pairs, st.randoms(use_true_random=False))
def test_clusters_do_not_depend_on_the_order_of_pairs(pairs: list[Pair], chance: Random) -> None:
    assert clusters(chance.sample(pairs, len(pairs))) == clusters(pairs)


@given(some_pairs)
def test_clusters_part_what_pairs_connect(pairs: list[Pair]) -> None:
    found = clusters(pairs)
    placed = [one for cluster in found for one in (*cluster.left, *cluster.right)]
    matched = [pair for pair in pairs if pair.millionths >= MATCH]

    assert len(placed) == len(set(placed))
    assert set(placed) == {one for pair in matched for one in (pair.left, pair.right)}
    assert all(any({pair.left, pair.right} <= {*one.left, *one.right} for one in found) for pair in matched)
    assert all(cluster.left and cluster.right for cluster in found)


def test_what_chains_together_is_one_cluster() -> None:
    one, two, three, four = (UUID(int=number) for number in range(1, 5))
    pairs = [Pair(one, three, MATCH), Pair(two, three, MATCH), Pair(two, four, CANDIDATE)]

    assert clusters(pairs) == [Cluster((one, two), (three,))]
