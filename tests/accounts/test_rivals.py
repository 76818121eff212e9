"""A pair is weighed beside the others of its lists, the same from either side, and unmoved by a stranger."""

from uuid import UUID

from benchmarks.matching.generated import generated
from partnercrm.accounts.calibration import DEFAULT
from partnercrm.accounts.matching import CANDIDATE, MATCH, Company, Lists, Pair, compared, mirrored, read
from partnercrm.accounts.reasons import score
from partnercrm.accounts.rivals import weighed

LISTS = generated("small", 60, seed=5)


def settled(left: list[Company], right: list[Company]) -> list[Pair]:
    ours, theirs = ({company.id: read(company) for company in side} for side in (left, right))
    lists = Lists(ours.values(), theirs.values())
    pairs = [compared(one, other, lists) for one in ours.values() for other in theirs.values()]
    found = [pair for pair in pairs if pair.millionths >= CANDIDATE]
    return sorted(weighed(found, ours, theirs, lists, DEFAULT))


def company(number: int, name: str, **known: object) -> Company:
    return Company(UUID(int=number), name, **known)  # type: ignore[arg-type]


def between(left: list[Company], right: list[Company]) -> int:
    return {(pair.left, pair.right): pair.millionths for pair in settled(left, right)}[left[0].id, right[0].id]


def test_sides_and_orders_change_nothing() -> None:
    """Among them nine namesakes, more than are compared with each other."""
    trades = ("Bank", "Foods", "Steel", "Paper", "Media", "Motors", "Labs", "Energy", "")
    namesakes = [company(number, f"Norbital Zyxquo {trade}") for number, trade in enumerate(trades, 10)]
    left, right = [company(1, "Norbital Zyxquo"), *LISTS.left], [*LISTS.right, *namesakes]
    expected = settled(left, right)

    assert sorted(mirrored(settled(right, left))) == expected
    assert settled(left[::-1], right[::-1]) == expected


def test_reasons_make_the_probability() -> None:
    assert all(DEFAULT.millionths(score(pair.reasons)) == pair.millionths for pair in settled(LISTS.left, LISTS.right))


def test_a_better_candidate_takes_from_a_worse_one() -> None:
    one, worse, better = company(1, "Norbital Zyxquo"), company(2, "Norbital"), company(3, "Norbital Zyxquo")

    assert between([one], [worse, better]) < between([one], [worse]) // 2
    assert between([one], [better, worse]) >= MATCH


def test_duplicates_do_not_rival() -> None:
    """Three spellings of one company take less from each other than another company of its name does."""
    one, twin = company(1, "Zyxquo Logistic"), company(2, "Zyxquo Logistics")
    duplicate, another = company(3, "Zyxquo Logistics GmbH"), company(3, "Zyxquo Logistic Bank")

    assert between([one], [twin, duplicate]) > between([one], [twin, another])


def test_a_stranger_moves_nobody_notably() -> None:
    before = {pair[:2]: pair.millionths for pair in settled(LISTS.left, LISTS.right)}
    stranger = company(9, "Quibbleworth", domains=frozenset({"quibbleworth.example"}))
    after = {pair[:2]: pair.millionths for pair in settled([*LISTS.left, stranger], LISTS.right)}

    assert after.keys() == before.keys()
    assert all(abs(after[pair] - before[pair]) < 2_000 for pair in before)
