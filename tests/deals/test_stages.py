"""The life of a co-sell deal: every move by every party, from the table."""

import pytest

from partnercrm.deals import stages
from partnercrm.deals.errors import DealClosed, NotInvolved, StageNotNext
from partnercrm.deals.registering import Involvement, Party
from partnercrm.deals.stages import LossReason, Stage

LEGAL = {
    "prospect": {"qualified", "technical_validation", "business_validation", "committed", "closed_lost"},
    "qualified": {"prospect", "technical_validation", "business_validation", "committed", "closed_lost"},
    "technical_validation": {"prospect", "qualified", "business_validation", "committed", "closed_lost"},
    "business_validation": {"prospect", "qualified", "technical_validation", "committed", "closed_lost"},
    "committed": {
        *("prospect", "qualified", "technical_validation", "business_validation"),
        *("closed_won", "closed_lost"),
    },
    "closed_won": set(),
    "closed_lost": set(),
}
INVOLVED = {
    ("co_sell", "registrant"),
    ("co_sell", "reviewer"),
    ("visibility_only", "registrant"),
}


@pytest.mark.parametrize("involvement", Involvement)
@pytest.mark.parametrize("by", Party)
@pytest.mark.parametrize("after", Stage)
@pytest.mark.parametrize("before", Stage)
def test_every_move_is_legal_or_refused_with_what_stands_in_its_way(
    before: Stage, after: Stage, by: Party, involvement: Involvement
) -> None:
    is_involved = (involvement.value, by.value) in INVOLVED
    if is_involved and after.value in LEGAL[before.value]:
        stages.require_move(before, after, by, involvement)
        return
    expected = StageNotNext if LEGAL[before.value] else DealClosed
    with pytest.raises(expected if is_involved else NotInvolved):
        stages.require_move(before, after, by, involvement)


def test_a_refused_move_names_the_possible_ones() -> None:
    with pytest.raises(StageNotNext) as refused:
        stages.require_move(Stage.PROSPECT, Stage.CLOSED_WON, Party.REGISTRANT, Involvement.CO_SELL)
    assert refused.value.facts["stage"] == "prospect"
    assert set(refused.value.facts["possible"]) == LEGAL["prospect"]


@pytest.mark.parametrize("reason", [None, *LossReason])
@pytest.mark.parametrize("after", Stage)
def test_a_lost_deal_has_a_reason_and_no_other_has(after: Stage, reason: LossReason | None) -> None:
    wrong = [one.field for one in stages.wrong_reason(after, reason)]

    assert wrong == ([] if (after is Stage.CLOSED_LOST) == (reason is not None) else ["reason"])
