"""Shapes of the record on the wire."""

from typing import Any, Final

from marshmallow import fields, pre_dump

from partnercrm.activity.queries import head_told
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Id, Moment, Shape, Text, Whole

MOST: Final = 10**15


class AuditQuery(ListQuery):
    """Filters of the audit trail."""

    sort = sort_field("-recorded_at", "recorded_at")
    verb = Text(most=80, example="lead.offered")
    subject_id = Id()


class ActivityView(Shape):
    """One thing that was done."""

    id = Id(required=True)
    verb = Text(most=80, example="lead.offered", required=True)
    subject = Text(most=80, example="offers", required=True)
    subject_id = Id(required=True)
    user_id = Id(
        required=True,
        allow_none=True,
        metadata={
            "description": "Who did it. Lists name you, and who administrated; open one activity for its person."
        },
    )
    token_id = Id(required=True, allow_none=True)
    request_id = Text(
        most=64,
        least=0,
        example="0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f1a",
        required=True,
        metadata={"description": "Empty where a list does not say who it was."},
    )
    facts = fields.Dict(required=True, metadata={"example": {"reason": "no_capacity"}})
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)


class ChainView(Shape):
    """A hash chain over what was recorded: the organization's own, or that of one of its partnerships."""

    chain = Id(required=True)
    kind = fields.String(
        required=True,
        validate=limits.OneOf(("organization", "partnership")),
        metadata={"example": "partnership", "description": "Both sides of a partnership read the same head."},
    )
    length = Whole(least=0, most=MOST, example=412, required=True)
    hash = Text(most=64, example="9f" * 32, required=True)
    sealed_at = Moment(required=True, allow_none=True)
    verified_at = Moment(required=True, allow_none=True)
    verified_length = Whole(least=0, most=MOST, example=400, required=True)
    flaws = Whole(
        least=0, most=MOST, example=0, required=True, metadata={"description": "Found when it was last verified."}
    )

    @pre_dump
    def tell(self, head: Any, **_: Any) -> dict[str, Any]:
        """Put what is kept elsewhere beside when it was sealed and verified."""
        noted = {name: getattr(head, name) for name in ("sealed_at", "verified_at", "verified_length", "flaws")}
        return head_told(head) | noted


class HeadsView(Shape):
    """The ends of the chains you may read; keep them where this installation cannot write."""

    heads = fields.List(fields.Nested(ChainView), required=True)


class OpenActivity(Shape):
    """Why an activity is opened with its person; who did it reads this."""

    purpose = Text(most=200, least=3, example="A customer asks who changed the offer.", required=True)


class LookView(Shape):
    """That somebody looked at what is yours: at your figures, or at who did something."""

    looked_by = Id(required=True, attribute="user_id")
    verb = Text(most=80, example="person.looked_at", required=True)
    facts = fields.Dict(required=True, metadata={"example": {"what": "figures", "purpose": ""}})
    recorded_at = Moment(required=True)


class LooksView(Shape):
    """Who looked at what is yours, newest first, at most 100."""

    looks = fields.List(fields.Nested(LookView), required=True)
