"""Shapes of time: what somebody tells of a month, what a side took before, and what it comes to."""

from marshmallow import fields

from partnercrm.web.shapes import Id, Moment, Shape, Whole, Written

_MOST = 100_000
_MONTH_MINUTES = 44_640


def _month() -> Written:
    return Written(r"\d{4}-(0[1-9]|1[0-2])", "Write a month as 2026-03.", most=7, example="2026-03", required=True)


class TellTime(Shape):
    """What a partnership took you in this month or the last; said again it stands anew."""

    month = _month()
    minutes = Whole(least=0, most=_MONTH_MINUTES, example=90, required=True)


class StateTimeBaseline(Shape):
    """What your side took before the partnership was signed."""

    list_minutes = Whole(
        least=1, most=_MOST, example=480, required=True, metadata={"description": "For one account list made by hand."}
    )
    month_minutes = Whole(
        least=0, most=_MOST, example=600, required=True, metadata={"description": "A seller's month with partners."}
    )


class TimeBaselineView(Shape):
    """What your side said it took before; the partner does not read it."""

    list_minutes = Whole(least=1, most=_MOST, example=480, required=True)
    month_minutes = Whole(least=0, most=_MOST, example=600, required=True)
    stated_at = Moment(required=True)


class MonthOfTimeView(Shape):
    """What your side's people say a month took: together, and each of those who said so; null of fewer than eight."""

    month = _month()
    minutes = Whole(least=0, most=10**9, example=960, required=True, allow_none=True)
    each = Whole(least=0, most=_MONTH_MINUTES, example=120, required=True, allow_none=True)


class OwnTimeView(Shape):
    """What you said yourself."""

    month = _month()
    minutes = Whole(least=0, most=_MONTH_MINUTES, example=90, required=True)
    told_at = Moment(required=True)


class TimeView(Shape):
    """What a partnership takes your side, and what mapping saved it: a list by hand for each pair compared."""

    partnership_id = Id(required=True)
    baseline = fields.Nested(TimeBaselineView, required=True, allow_none=True)
    lists_compared = Whole(least=0, most=10**9, example=3, required=True)
    minutes_saved = Whole(least=0, most=10**15, example=1440, required=True, allow_none=True)
    months = fields.List(fields.Nested(MonthOfTimeView), required=True)
    mine = fields.List(fields.Nested(OwnTimeView), required=True)
