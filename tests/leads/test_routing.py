"""Who is asked first: pure."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.leads.routing import Bar, Candidate, Rule, Teaser, fits, tried

PARTNER, OTHER, LINE = (UUID(int=number) for number in range(1, 4))
PEOPLE = [UUID(int=number) for number in range(10, 15)]
LEAD = Teaser(PARTNER, "DE", "Logistics", LINE, "10-49")


def test_a_rule_fits_in_all_that_it_names_and_what_a_lead_does_not_say_is_not_named() -> None:
    fitting = Rule(OTHER, PARTNER, ("AT", "DE"), ("logistics",), LINE, ("10-49",))
    assert fits(fitting, LEAD)
    assert fits(Rule(OTHER), Teaser(PARTNER))
    for wrong in (
        Rule(OTHER, OTHER),
        Rule(OTHER, countries=("FR",)),
        Rule(OTHER, industries=("Retail",)),
        Rule(OTHER, product_line_id=OTHER),
        Rule(OTHER, size_bands=("1-9",)),
    ):
        assert not fits(wrong, LEAD)
        assert not fits(wrong, Teaser(PARTNER))


def test_who_was_asked_longest_ago_is_next_and_who_cannot_is_passed_over_to_the_next_rule() -> None:
    first, second, last = Rule(PEOPLE[0]), Rule(PEOPLE[1], countries=("FR",)), Rule(PEOPLE[2])
    people = {
        first.id: [Candidate(PEOPLE[0], 5, Bar.FULL), Candidate(PEOPLE[1], 2, Bar.AWAY)],
        last.id: [Candidate(PEOPLE[2], 9), Candidate(PEOPLE[3], 4), Candidate(PEOPLE[4], 7)],
    }

    found = list(tried([first, second, last], LEAD, lambda rule: people[rule.id]))

    assert [one.rule for one in found] == [first, last]
    assert [one.free for one in found] == [None, PEOPLE[3]]
    assert [one.user_id for one in found[0].candidates] == [PEOPLE[1], PEOPLE[0]]
    assert list(tried([second], LEAD, lambda rule: [])) == []


@given(st.integers(1, 5), st.integers(0, 40))
def test_turns_go_round_evenly(people: int, leads: int) -> None:
    last = dict.fromkeys(PEOPLE[:people], 0)
    asked: Counter[UUID] = Counter()
    for turn in range(1, leads + 1):
        [one] = tried([Rule(OTHER)], LEAD, lambda rule: [Candidate(*each) for each in last.items()])
        assert one.free is not None
        last[one.free] = turn
        asked[one.free] += 1
    counts = [asked[one] for one in last]
    assert max(counts) - min(counts) <= 1
