"""Gates and quizzes, as pure rules."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.enablement.gates import Verdict, verdict
from partnercrm.enablement.items import GateMode
from partnercrm.enablement.quizzes import Question, score


@pytest.mark.parametrize(("mode", "is_missing", "is_excepted"), list(product(GateMode, (True, False), (True, False))))
def test_a_gate_stops_only_who_misses_something_without_an_exception(
    mode: GateMode, is_missing: bool, is_excepted: bool
) -> None:
    said = {GateMode.OFF: Verdict.PASSED, GateMode.WARN: Verdict.WARNED, GateMode.BLOCK: Verdict.BLOCKED}[mode]
    expected = said if is_missing and not is_excepted else Verdict.PASSED

    assert verdict(mode, is_missing=is_missing, is_excepted=is_excepted) is expected


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=20))
def test_a_score_is_the_whole_per_cent_that_was_right(answered: list[tuple[int, int]]) -> None:
    questions = [Question("Who?", ("a", "b", "c", "d"), right) for right, _ in answered]
    right = sum(one == other for one, other in answered)

    reached = score(questions, [answer for _, answer in answered])

    assert reached * len(answered) <= 100 * right < (reached + 1) * len(answered)


def test_a_quiz_with_a_question_left_out_has_no_score() -> None:
    with pytest.raises(ValueError, match="zip"):
        score([Question("Who?", ("a", "b"), 0)], [])


def test_a_question_is_kept_as_it_is_decided_about() -> None:
    question = Question("Who?", ("a", "b"), 1)

    assert Question.read(question.written()) == question
