"""Windows of agreed months, against a walk from the first one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.leads.windows import Window, ended_before, months_between, running_in

months = st.builds("{:04}-{:02}".format, st.integers(2000, 2060), st.integers(1, 12))
lengths = st.integers(1, 60)


def following(month: str) -> str:
    year, place = map(int, month.split("-"))
    return f"{year + place // 12:04}-{place % 12 + 1:02}"


def walked(anchor: str, length: int, windows: int) -> list[Window]:
    found, first = [], anchor
    for _ in range(windows):
        last = first
        for _ in range(length - 1):
            last = following(last)
        found.append(Window(first, last))
        first = following(last)
    return found


@given(months, lengths, st.integers(1, 8))
def test_windows_follow_one_another_without_a_gap(anchor: str, length: int, passed: int) -> None:
    windows = walked(anchor, length, passed)
    before, now = windows[-2] if passed > 1 else None, windows[-1]

    assert now.last is not None
    for month in (now.first, now.last):
        assert running_in(month, anchor, length) == now
        assert ended_before(month, anchor, length) == before
        assert now.holds(month)
    assert not now.holds(following(now.last))
    assert months_between(anchor, now.last) == length * passed - 1 == -months_between(now.last, anchor)


@given(months, months)
def test_without_an_agreed_length_a_window_never_ends(month: str, anchor: str) -> None:
    window = running_in(month, anchor, None)

    assert window == Window(anchor, None)
    assert ended_before(month, anchor, None) is None
    assert window.holds(month) == (anchor <= month)


@pytest.mark.parametrize("length", [1, 12])
def test_before_the_terms_took_force_the_first_window_is_awaited(length: int) -> None:
    window = running_in("2025-11", "2026-02", length)

    assert window.first == "2026-02"
    assert not window.holds("2025-11")
    assert ended_before("2025-11", "2026-02", length) is None
