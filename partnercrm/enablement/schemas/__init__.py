"""Shapes of enablement on the wire."""

from partnercrm.enablement.schemas.gating import (
    ExceptionQuery,
    ExceptionView,
    GatesView,
    GrantException,
    SetGates,
)
from partnercrm.enablement.schemas.keeping import (
    ChangeItem,
    ItemQuery,
    ItemVersionsQuery,
    ItemVersionView,
    ItemView,
    MakeItem,
)
from partnercrm.enablement.schemas.learning import (
    AnswerQuiz,
    EnterResult,
    PersonStandingView,
    PutResult,
    ResultQuery,
    ResultView,
    StandingQuery,
    StandingsView,
)

__all__ = [
    "AnswerQuiz",
    "ChangeItem",
    "EnterResult",
    "ExceptionQuery",
    "ExceptionView",
    "GatesView",
    "GrantException",
    "ItemQuery",
    "ItemVersionView",
    "ItemVersionsQuery",
    "ItemView",
    "MakeItem",
    "PersonStandingView",
    "PutResult",
    "ResultQuery",
    "ResultView",
    "SetGates",
    "StandingQuery",
    "StandingsView",
]
