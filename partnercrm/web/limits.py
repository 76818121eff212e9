"""What a field may hold: the checks of marshmallow, whose sentences remember their values for pages to translate."""

from typing import Any

from marshmallow import validate

from partnercrm.kernel.errors import Told


class Length(validate.Length):
    """At least, at most or exactly so many characters or items."""

    message_min = "Shorter than minimum length %(min)s."
    message_max = "Longer than maximum length %(max)s."
    message_all = "Length must be between %(min)s and %(max)s."
    message_equal = "Length must be %(equal)s."

    def _format_error(self, value: Any, message: str) -> str:
        return Told(message, min=self.min, max=self.max, equal=self.equal)


class Range(validate.Range):
    """Between two bounds, which belong to it."""

    message_min = "Must be greater than or equal to %(min)s."
    message_max = "Must be less than or equal to %(max)s."
    message_all = "Must be greater than or equal to %(min)s and less than or equal to %(max)s."

    def _format_error(self, value: Any, message: str) -> str:
        return Told(message, min=self.min, max=self.max)


class OneOf(validate.OneOf):
    """One of a few values."""

    def _format_error(self, value: Any) -> str:
        return Told("Must be one of: %(choices)s.", choices=self.choices_text)
