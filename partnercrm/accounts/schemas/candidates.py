"""Shapes of candidates: one's own account, and that the partner may have it."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.accounts.candidates import Answer
from partnercrm.accounts.queries.candidates import CandidateSeen
from partnercrm.accounts.schemas.mapping import OwnAccount
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Flag, Id, Moment, Shape


class CandidateView(Shape):
    """One of your accounts that the partner may have too; what your side says of it, the partner does not read."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    account = fields.Nested(OwnAccount, required=True)
    told_at = Moment(required=True)
    answer = Choice(Answer, required=True, allow_none=True)
    answered_at = Moment(required=True, allow_none=True)

    @pre_dump
    def lay_out(self, seen: CandidateSeen, **_: Any) -> dict[str, Any]:
        """Put the account beside what was said of it."""
        names = ("partnership_id", "told_at", "answer", "answered_at")
        return {name: getattr(seen.candidate, name) for name in names} | {"id": seen.id, "account": seen.account}


class CandidateQuery(ListQuery):
    """Filters and orders of candidates."""

    sort = sort_field("-told_at", "told_at")
    partnership_id = Id()
    answered = Flag(example=False)
