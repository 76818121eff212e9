"""The life of a registration: every step by every party, from the table."""

from datetime import UTC, datetime, timedelta

import pytest

from partnercrm.deals import registering
from partnercrm.deals.errors import RegistrationDecided, RegistrationMoved, ReviewOver
from partnercrm.deals.registering import BY_EVIDENCE, BY_REVIEWER, OPEN, Party, RegistrationStatus, RejectReason

OVER = {"rejected", "withdrawn", "expired"}
LEGAL = {
    ("submitted", "reviewer"): {"in_review", "action_required", "approved", "rejected"},
    ("in_review", "reviewer"): {"action_required", "approved", "rejected"},
    ("action_required", "registrant"): {"in_review", "withdrawn"},
    ("submitted", "registrant"): {"withdrawn"},
    ("in_review", "registrant"): {"withdrawn"},
    ("approved", "registrant"): {"extended", "withdrawn"},
    ("extended", "registrant"): {"extended", "withdrawn"},
    ("submitted", "record"): {"approved", "expired", "rejected"},
    ("in_review", "record"): {"approved", "expired", "rejected"},
    ("action_required", "record"): {"expired", "rejected"},
    ("approved", "record"): {"expired", "rejected"},
    ("extended", "record"): {"expired", "rejected"},
    ("rejected", "record"): {"submitted"},
}
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize("by", Party)
@pytest.mark.parametrize("after", RegistrationStatus)
@pytest.mark.parametrize("status", RegistrationStatus)
def test_every_step_is_legal_or_refused_with_what_stands_in_its_way(
    status: RegistrationStatus, after: RegistrationStatus, by: Party
) -> None:
    if after.value in LEGAL.get((status.value, by.value), set()):
        registering.require_step(status, after, by)
        return
    with pytest.raises(RegistrationDecided if status.value in OVER else RegistrationMoved) as refused:
        registering.require_step(status, after, by)
    assert refused.value.facts["status"] == status.value


def test_a_refused_step_names_the_possible_ones() -> None:
    with pytest.raises(RegistrationMoved) as refused:
        registering.require_step(RegistrationStatus.APPROVED, RegistrationStatus.REJECTED, Party.REGISTRANT)
    assert refused.value.facts == {"status": "approved", "possible": ["extended", "withdrawn"]}


def test_what_is_open_waits_for_somebody_is_protected_or_over() -> None:
    assert {status.value for status in RegistrationStatus} - {status.value for status in OPEN} == OVER
    assert {status: registering.waits_for(status) for status in OPEN} == {
        RegistrationStatus.SUBMITTED: Party.REVIEWER,
        RegistrationStatus.IN_REVIEW: Party.REVIEWER,
        RegistrationStatus.ACTION_REQUIRED: Party.REGISTRANT,
        RegistrationStatus.APPROVED: None,
        RegistrationStatus.EXTENDED: None,
    }


def test_time_that_is_over_takes_no_step_whether_or_not_the_clock_came_by() -> None:
    registering.require_time(RegistrationStatus.SUBMITTED, NOON, NOON - timedelta(microseconds=1))
    registering.require_time(RegistrationStatus.REJECTED, NOON, NOON)
    with pytest.raises(ReviewOver):
        registering.require_time(RegistrationStatus.SUBMITTED, NOON, NOON)


def test_a_reviewer_never_says_what_only_the_record_knows() -> None:
    assert set(BY_REVIEWER) | BY_EVIDENCE == set(RejectReason)
    assert not set(BY_REVIEWER) & BY_EVIDENCE
