"""Whose claim holds follows from the steps alone, in whatever order the claims arrive."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.deals import conflicts
from partnercrm.deals.conflicts import BACKDATING, Claim, Evidence, EvidenceKind

ACME, GLOBEX = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
moments = st.integers(-200, 0).map(lambda days: NOON + timedelta(days=days))
steps = st.builds(Evidence, st.sampled_from(EvidenceKind), moments, st.just(NOON))
claims = st.builds(Claim, st.sampled_from((ACME, GLOBEX)), st.lists(steps, min_size=1, max_size=4).map(tuple))


def arrive(holder: Claim, claim: Claim) -> Claim:
    """Return who holds after a claim arrived."""
    return claim if conflicts.outweighs(claim, holder) else holder


def step(days: int, kind: EvidenceKind = EvidenceKind.MEETING_HELD, recorded: datetime = NOON) -> Evidence:
    return Evidence(kind, NOON - timedelta(days=days), recorded)


@given(st.lists(claims, min_size=1, max_size=3))
def test_the_same_claim_holds_in_whatever_order_they_arrive(arriving: list[Claim]) -> None:
    held = [reduce(arrive, order) for order in permutations(arriving)]

    deciding = [(one.organization_id, conflicts.deciding(one.evidence)) for one in held]
    assert len({(side, step.counts_from, step.kind) for side, step in deciding}) == 1


@given(claims, claims)
def test_of_two_claims_of_different_sides_exactly_one_holds_and_both_are_told_the_same(
    one: Claim, other: Claim
) -> None:
    if one.organization_id != other.organization_id:
        assert conflicts.outweighs(one, other) is not conflicts.outweighs(other, one)
        assert conflicts.explained(one, other) == conflicts.explained(other, one)


@given(claims, steps)
def test_another_step_never_weakens_a_claim(claim: Claim, more: Evidence) -> None:
    assert not conflicts.outweighs(claim, Claim(claim.organization_id, (*claim.evidence, more)))


def test_the_earliest_step_wins_whoever_typed_first() -> None:
    typed_first, happened_first = Claim(ACME, (step(3),)), Claim(GLOBEX, (step(30),))

    told = conflicts.explained(typed_first, happened_first)

    assert (told.held_by, told.holds, told.outweighed) == (GLOBEX, step(30), step(3))


def test_of_two_steps_at_one_moment_the_stronger_one_counts() -> None:
    met, offered = Claim(ACME, (step(3),)), Claim(GLOBEX, (step(3, EvidenceKind.PROPOSAL_SENT),))

    assert conflicts.outweighs(offered, met)


def test_nobody_wins_by_typing_an_old_day() -> None:
    typed, logged = step(4000), step(60, recorded=NOON - timedelta(days=59))

    assert typed.counts_from == NOON - BACKDATING
    assert conflicts.outweighs(Claim(ACME, (step(89),)), Claim(GLOBEX, (logged,)))
    assert not conflicts.outweighs(
        Claim(ACME, (typed,)), Claim(GLOBEX, (step(400, recorded=NOON - timedelta(days=1)),))
    )
