"""Shapes of lost accounts: what one tells, what one reads of it alone, and a company's total of a year."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.accounts.queries.losses import LossSeen
from partnercrm.accounts.schemas.mapping import IntroductionView
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Day, Id, Moment, Shape, Text, Whole


class LoseAccount(Shape):
    """On which day an account of yours was lost, without a partner."""

    lost_on = Day(required=True)


class PutLoss(LoseAccount):
    """On which day an opportunity at an account was lost, without a partner, as another system knows it."""


class PutLossView(Shape):
    """What was told, and no more: who was there is read by the account's owner alone."""

    account_id = Id(required=True)
    connector = Text(most=60, example="crm", required=True)
    external_id = Text(most=200, example="0064x00001", required=True)
    lost_on = Day(required=True)


class LossView(Shape):
    """An account you lost, and the partners who have it too, which you alone read."""

    id = Id(required=True)
    account_id = Id(required=True, allow_none=True)
    lost_on = Day(required=True)
    recorded_at = Moment(required=True)
    retracted_at = Moment(
        required=True,
        allow_none=True,
        metadata={"description": "When the CRM that told of it took it back: it was not lost."},
    )
    partners = fields.List(fields.Nested(IntroductionView), required=True)

    @pre_dump
    def lay_out(self, seen: LossSeen, **_: Any) -> dict[str, Any]:
        """Put who was there beside the loss."""
        names = ("id", "account_id", "lost_on", "recorded_at", "retracted_at")
        return {name: getattr(seen.loss, name) for name in names} | {"partners": seen.partners}


class LossQuery(ListQuery):
    """Of which account, and in which order: newest first unless asked otherwise."""

    sort = sort_field("-recorded_at", "recorded_at")
    account_id = Id()


class LossYearQuery(Shape):
    """Which year; the last one that is over unless asked otherwise."""

    year = Whole(least=2000, most=2999, example=2025)


class LossYearView(Shape):
    """How many accounts that a partner had too were lost alone; null before the year is over, and of too few people."""

    year = Whole(least=2000, most=2999, example=2025, required=True)
    total = Whole(least=0, most=10**9, example=14, required=True, allow_none=True)
