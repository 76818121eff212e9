"""Shapes of the addresses whose pages may show an organization's cards."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from partnercrm.identity import origins
from partnercrm.web import limits
from partnercrm.web.shapes import Shape, Written

_EXAMPLE = "https://crm.globex.example"


class Origin(Written):
    """An address such as `https://crm.globex.example`, as browsers write an origin."""

    def __init__(self, **options: Any) -> None:
        super().__init__(origins.FORM, origins.WRONG, most=origins.LONGEST, least=11, example=_EXAMPLE, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        try:
            return origins.origin(super()._deserialize(value, attr, data, **kwargs))
        except ValueError as error:
            raise ValidationError(origins.WRONG) from error


class ChangeEmbedding(Shape):
    """All addresses whose pages may show your cards; none of them, when the list is empty."""

    origins = fields.List(Origin(), required=True, validate=limits.Length(max=origins.MOST))


class EmbeddingView(ChangeEmbedding):
    """The addresses whose pages may show your cards."""
