"""Shapes of reviewing a registration, of answering what the review asks, and of appealing."""

from marshmallow import fields

from partnercrm.deals.registering import BY_REVIEWER, AskedField, Involvement
from partnercrm.deals.schemas.registering import LogStep
from partnercrm.web import limits
from partnercrm.web.shapes import Choice, Day, Flag, MoneyShape, OneOf, Shape, Text

_DIRECT = "Whether your side has a deal of its own there; nothing else of it is told. Left out: not said."


class _Noted(Shape):
    note = Text(most=500, least=0, example="Our team there is booked until June.", load_default="")


class _Decided(_Noted):
    direct_deal = Flag(example=False, allow_none=True, load_default=None, metadata={"description": _DIRECT})


class Approve(_Decided):
    """A word with the approval, and whether your side has a deal of its own there."""


class RejectRegistration(_Decided):
    """Why the registration is not approved; both sides read it."""

    reason = OneOf(*BY_REVIEWER, required=True)


class AskForMore(Shape):
    """What is to be filled in or mended, and why; nothing else can be changed meanwhile."""

    asked_fields = fields.List(Choice(AskedField), required=True, validate=limits.Length(min=1, max=len(AskedField)))
    note = Text(most=500, example="When do they decide?", required=True)


class Resubmit(Shape):
    """What the other side asked for, all of it and nothing else."""

    value = fields.Nested(MoneyShape)
    close_on = Day()
    asks = Text(most=500, example="A reference call with their logistics team.")
    involvement = Choice(Involvement)


class Extend(LogStep):
    """A step of a protected deal: it protects as long again from then."""


class Appeal(Shape):
    """Why your claim should hold."""

    claim = Text(most=2000, example="Our first meeting there was in March; see our note.", required=True)
