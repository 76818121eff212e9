"""The life of a co-sell deal: which stage follows which, which of the two sides moves it, and why it was lost. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from partnercrm.deals.errors import DealClosed, NotInvolved, StageNotNext
from partnercrm.deals.registering import Involvement, Party
from partnercrm.kernel.errors import FieldError


class Stage(StrEnum):
    """How far a deal has come, as both sides read it."""

    PROSPECT = "prospect"
    QUALIFIED = "qualified"
    TECHNICAL_VALIDATION = "technical_validation"
    BUSINESS_VALIDATION = "business_validation"
    COMMITTED = "committed"
    CLOSED_WON = "closed_won"
    CLOSED_LOST = "closed_lost"


class LossReason(StrEnum):
    """Why a deal was lost."""

    PRICE = "price"
    COMPETITOR = "competitor"
    NO_BUDGET = "no_budget"
    NO_DECISION = "no_decision"
    NOT_SUITABLE = "not_suitable"
    OTHER = "other"


class Move(NamedTuple):
    """A legal move: from which stage, to which."""

    before: Stage
    after: Stage


CLOSED: Final = (Stage.CLOSED_WON, Stage.CLOSED_LOST)
OPEN_STAGES: Final = tuple(stage for stage in Stage if stage not in CLOSED)
# A seller learns more than a stage at a time, or less than was thought; only what the customer committed to is won.
MOVES: Final = (
    *(Move(before, after) for before in OPEN_STAGES for after in OPEN_STAGES if after is not before),
    Move(Stage.COMMITTED, Stage.CLOSED_WON),
    *(Move(before, Stage.CLOSED_LOST) for before in OPEN_STAGES),
)
# Who only knows of a deal moves it nowhere.
MOVERS: Final[Mapping[Involvement, tuple[Party, ...]]] = {
    Involvement.CO_SELL: (Party.REGISTRANT, Party.REVIEWER),
    Involvement.VISIBILITY_ONLY: (Party.REGISTRANT,),
}
_LEGAL: Final = frozenset(MOVES)


def require_move(before: Stage, after: Stage, by: Party, involvement: Involvement) -> None:
    """Refuse a move that is not this party's or not legal. Raises NotInvolved, DealClosed or StageNotNext."""
    if by not in MOVERS[involvement]:
        raise NotInvolved(involvement=involvement.value)
    if before in CLOSED:
        raise DealClosed(stage=before.value)
    if Move(before, after) not in _LEGAL:
        raise StageNotNext(stage=before.value, possible=[stage.value for stage in next_stages(before)])


def wrong_reason(after: Stage, reason: LossReason | None) -> list[FieldError]:
    """Return what is wrong with a reason: a lost deal needs one, any other stage forbids it."""
    if after is Stage.CLOSED_LOST and reason is None:
        return [FieldError("reason", "Say why the deal was lost.")]
    if after is not Stage.CLOSED_LOST and reason is not None:
        return [FieldError("reason", "Only a lost deal has a reason.")]
    return []


def next_stages(before: Stage) -> list[Stage]:
    """Return where a deal can go from a stage, in the order of the table."""
    return [move.after for move in MOVES if move.before is before]


def is_onward(before: Stage, after: Stage) -> bool:
    """Tell whether an open stage is the one that usually comes after another."""
    return after in OPEN_STAGES and OPEN_STAGES.index(after) == [*OPEN_STAGES, *CLOSED].index(before) + 1
