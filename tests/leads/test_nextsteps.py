"""What to do next: pure."""

from hypothesis import given
from hypothesis import strategies as st

from partnercrm.leads.nextsteps import MOST, Next, Seen, ToDo, next_steps

counts = st.integers(0, 5)
seen = st.builds(Seen, st.integers(0, 9), counts, counts, counts, counts, counts, counts)


def test_a_customer_who_waits_comes_first_and_a_partner_who_is_late_last() -> None:
    busy = Seen("Globex", late_here=2, waiting_here=5, late_there=1, searches=1, to_give=9)

    assert [one[::2] for one in next_steps([busy], most=9)] == [
        (ToDo.ANSWER_LATE, 2),
        (ToDo.LOOK_FOR_CAUSE, 1),
        (ToDo.ANSWER, 3),
        (ToDo.GIVE, 9),
        (ToDo.ASK_PARTNER, 1),
    ]


def test_over_all_exchanges_the_larger_comes_first_of_what_is_as_urgent() -> None:
    assert next_steps([Seen("Globex", to_give=1), Seen("Initech", to_give=4), Seen("Hooli", overdue=1)], most=2) == [
        Next(ToDo.SETTLE_OVERDUE, "Hooli", 1),
        Next(ToDo.GIVE, "Initech", 4),
    ]


@given(st.lists(seen, max_size=6))
def test_few_things_are_told_none_of_them_empty_in_the_order_of_urgency(exchanges: list[Seen[int]]) -> None:
    found, order = next_steps(exchanges), list(ToDo)

    assert len(found) <= MOST
    assert all(one.number > 0 for one in found)
    assert [order.index(one.what) for one in found] == sorted(order.index(one.what) for one in found)
