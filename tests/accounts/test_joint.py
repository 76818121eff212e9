"""Which joint account is the company named, and who may take one where; pure."""

from itertools import permutations, product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts.joint import JointStatus, Known, Named, may_go, standing, telling
from partnercrm.accounts.numbers import Number, Scheme

LEI = Number(Scheme.LEI, None, "5493001KJTIIGC8Y1R12")
FIRST, SECOND = UUID(int=1), UUID(int=2)
PROPOSED, OPEN, CLOSED = JointStatus


def known(one: UUID, name: str = "Northwind", *domains: str, number: Number | None = None) -> Known:
    return Known(one, name, None, frozenset(domains), frozenset({number} if number else ()))


def named(name: str = "Northwind", *domains: str, number: Number | None = None) -> Named:
    return Named(name, None, frozenset(domains), frozenset({number} if number else ()))


def test_a_register_number_says_more_than_a_domain() -> None:
    both = [known(FIRST, "Northwind", "northwind.com"), known(SECOND, "Tailspin", number=LEI)]

    assert standing(named("Wingtip", "northwind.com", number=LEI), both) == SECOND
    assert standing(named("Wingtip", "northwind.com"), both) == FIRST


def test_a_name_alone_counts_where_nothing_else_is_known_of_either() -> None:
    assert standing(named("NORTHWIND"), [known(FIRST)]) == FIRST
    assert standing(named("Northwind", "northwind.com"), [known(FIRST)]) is None
    assert standing(named(), [known(FIRST, "Northwind", "northwind.com")]) is None
    assert standing(named()._replace(country="DE"), [known(FIRST)]) is None


@given(st.sets(st.sampled_from(["a.com", "b.com", "c.com"])), st.lists(st.sets(st.sampled_from(["a.com", "b.com"]))))
def test_the_order_in_which_they_are_known_decides_nothing(domains: set[str], others: list[set[str]]) -> None:
    rows = [known(UUID(int=number), "Northwind", *one) for number, one in enumerate(others[:4], 1)]

    assert len({standing(named("Northwind", *domains), order) for order in permutations(rows)}) == 1


def test_where_anybody_has_a_mailbox_nobody_is_recognised() -> None:
    assert telling(["gmail.com", "northwind.com"]) == {"northwind.com"}


@pytest.mark.parametrize(("status", "to"), list(product(JointStatus, JointStatus)))
@pytest.mark.parametrize("by_proposer", [True, False])
def test_only_the_side_that_was_asked_opens(status: JointStatus, to: JointStatus, *, by_proposer: bool) -> None:
    legal = {(PROPOSED, CLOSED), (OPEN, CLOSED), (CLOSED, PROPOSED)} | (set() if by_proposer else {(PROPOSED, OPEN)})

    assert may_go(status, to, by_proposer=by_proposer) == ((status, to) in legal)
