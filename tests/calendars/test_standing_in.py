"""Who acts for whom: chains are followed, circles end."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.calendars.standing_in import stand_in, stood_in_for

A, B, C, D = (UUID(int=number) for number in range(1, 5))
people = st.sampled_from([UUID(int=number) for number in range(1, 9)])
absences = st.dictionaries(people, people).map(lambda found: {one: two for one, two in found.items() if one != two})


def test_a_deputys_deputy_acts() -> None:
    assert stand_in({A: B, B: C}, A) == C
    assert stood_in_for({A: B, B: C}, C) == {A, B}
    assert stand_in({A: B}, C) is None


def test_a_circle_ends_before_it_closes() -> None:
    assert stand_in({A: B, B: A}, A) == B
    assert stand_in({A: B, B: C, C: B}, A) == C
    assert stood_in_for({A: B, B: A}, A) == {B}


@given(absences, people)
def test_who_acts_for_a_person_may_act_for_that_person(deputies: dict[UUID, UUID], absent: UUID) -> None:
    acting = stand_in(deputies, absent)

    assert acting != absent
    assert (acting is None) == (absent not in deputies)
    if acting is not None:
        assert absent in stood_in_for(deputies, acting)
        assert acting not in deputies or stand_in(deputies, acting) is not None


@given(absences, people)
def test_one_acts_only_for_those_whose_chain_leads_there(deputies: dict[UUID, UUID], deputy: UUID) -> None:
    for absent in stood_in_for(deputies, deputy):
        met = [absent]
        while met[-1] != deputy:
            met.append(deputies[met[-1]])
            assert len(met) <= 9
