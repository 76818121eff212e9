"""The life of a case, an appeal among them: every step by every party, from the table."""

import pytest

from partnercrm.cases import lifecycle
from partnercrm.cases.errors import CaseSettled, StepNotYours
from partnercrm.cases.lifecycle import CaseStatus, Party

LEGAL = {
    ("open", "opener"): {"decided", "withdrawn"},
    ("open", "other"): {"in_discussion", "decided"},
    ("open", "moderator"): {"in_discussion", "decided"},
    ("in_discussion", "opener"): {"decided", "withdrawn"},
    ("in_discussion", "other"): {"decided"},
    ("in_discussion", "moderator"): {"decided"},
    ("decided", "opener"): {"closed"},
    ("decided", "other"): {"closed"},
}


@pytest.mark.parametrize("by", Party)
@pytest.mark.parametrize("after", CaseStatus)
@pytest.mark.parametrize("status", CaseStatus)
def test_every_step_is_legal_or_refused_with_what_stands_in_its_way(
    status: CaseStatus, after: CaseStatus, by: Party
) -> None:
    if after.value in LEGAL.get((status.value, by.value), set()):
        lifecycle.require_step(status, after, by)
        return
    is_anothers = any(after.value in LEGAL.get((status.value, party.value), set()) for party in Party)
    with pytest.raises(StepNotYours if is_anothers else CaseSettled):
        lifecycle.require_step(status, after, by)


@pytest.mark.parametrize("status", CaseStatus)
def test_a_case_takes_words_until_it_is_decided_and_the_first_answer_begins_the_discussion(status: CaseStatus) -> None:
    takes_words = any("decided" in LEGAL.get((status.value, party.value), set()) for party in Party)

    assert lifecycle.is_live(status) == takes_words
    assert {by.value for by in Party if lifecycle.after_words_of(status, by) is not status} == (
        {"other", "moderator"} if status is CaseStatus.OPEN else set()
    )
    if takes_words:
        lifecycle.require_live(status)
    else:
        with pytest.raises(CaseSettled):
            lifecycle.require_live(status)
