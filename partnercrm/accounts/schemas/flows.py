"""Shapes of monthly reports of what flowed."""

from typing import Final

from partnercrm.accounts.flowing import FlowKind
from partnercrm.partnerships.tiers import Tier
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Id, Moment, Shape, Text, Whole

_MOST: Final = 10**9
_FEW: Final = {"description": "Null for fewer than eight things."}


class FlowReportView(Shape):
    """How much one side told the other in a month, by what and at which tier: counts, no content."""

    id = Id(required=True)
    month = Text(most=7, least=7, example="2026-03", required=True)
    discloser_id = Id(required=True)
    kind = Choice(FlowKind, required=True)
    tier = Choice(Tier, required=True)
    disclosed = Whole(least=8, most=_MOST, example=12, required=True, allow_none=True, metadata=_FEW)
    told_fields = Whole(
        least=8,
        most=_MOST,
        example=48,
        required=True,
        allow_none=True,
        metadata=_FEW,
        data_key="fields",
        attribute="fields",
    )
    made_at = Moment(required=True)


class FlowReportQuery(ListQuery):
    """The order of reports."""

    sort = sort_field("-month", "month")
