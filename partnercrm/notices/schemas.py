"""Shapes of notices and of how people wish to be told."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from marshmallow import ValidationError, fields

from partnercrm.notices.kinds import Channel
from partnercrm.web import limits
from partnercrm.web.language import LANGUAGES
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Flag, Id, Moment, Shape, Text, Whole, Written

_KIND = "[a-z_]+[.][a-z_]+"


class NoticeQuery(ListQuery):
    """Filters and orders of what you were told."""

    sort = sort_field("-created_at", "created_at")
    unread = Flag(example=True)


class NoticeView(Shape):
    """One thing you were told; `subject_id` is what it is about."""

    id = Id(required=True)
    kind = Text(most=80, example="lead.offered", required=True)
    title = Text(most=200, example="A lead was offered to you", required=True)
    sentence = Text(most=500, example="Globex offers you a lead.", required=True)
    urgent = Flag(example=True, required=True)
    subject_id = Id(required=True)
    partnership_id = Id(required=True, allow_none=True)
    created_at = Moment(required=True)
    read_at = Moment(required=True, allow_none=True)


class Hour(Written):
    """A time of day on the wall, as 21:30."""

    def __init__(self, **options: Any) -> None:
        wrong = "Write a time of day such as 21:30."
        super().__init__("([01][0-9]|2[0-3]):[0-5][0-9]", wrong, least=5, most=5, example="21:30", **options)


class Zone(Written):
    """A time zone by its name in the IANA database."""

    def __init__(self, **options: Any) -> None:
        wrong = "There is no such time zone; write one such as Europe/Berlin."
        super().__init__("[A-Za-z][A-Za-z0-9_+/-]*", wrong, most=60, example="Europe/Berlin", **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        read = super()._deserialize(value, attr, data, **kwargs)
        if read not in available_timezones():
            raise ValidationError(self._wrong)
        return read


class ChannelsOfKind(Shape):
    """By which channels one kind of thing is told; none of them: it is not told at all."""

    kind = Written(
        _KIND, "This is not the name of a kind of notice.", least=3, most=80, example="lead.offered", required=True
    )
    channels = fields.List(Choice(Channel), required=True, validate=limits.Length(max=len(Channel)))


class KindView(ChannelsOfKind):
    """One kind of thing people are told, and how you are told it."""

    title = Text(most=200, example="A lead was offered to you", required=True)


class Prefer(Shape):
    """How you wish to be told; fields left out stay."""

    zone = Zone()
    digest_hour = Whole(least=0, most=23, example=8, allow_none=True)
    quiet_from = Hour(allow_none=True)
    quiet_until = Hour(allow_none=True)
    language = fields.String(validate=limits.OneOf(LANGUAGES), metadata={"example": LANGUAGES[0]})
    channels = fields.List(fields.Nested(ChannelsOfKind), validate=limits.Length(max=200))


class PreferencesView(Shape):
    """How you are told: your zone, the hour of the digest (none: no digest), quiet hours, channels by kind."""

    zone = Zone(required=True)
    digest_hour = Whole(least=0, most=23, example=8, required=True, allow_none=True)
    quiet_from = Hour(required=True, allow_none=True)
    quiet_until = Hour(required=True, allow_none=True)
    language = Text(most=10, example="en", required=True)
    channels = fields.List(fields.Nested(KindView), required=True)
