"""Shapes of deals that somebody has begun to register."""

from typing import Any, Final

from marshmallow import fields

from partnercrm.deals.schemas.reading import RegistrationOwnerView
from partnercrm.deals.schemas.registering import RegisterDeal
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Flag, Id, Moment

_OPEN: Final = frozenset(RegisterDeal().fields) - {"partnership_id"}


class DraftDeal(RegisterDeal):
    """A deal as far as it is known; whatever is left out, or null, is open."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Let everything but the partnership be open."""
        super().on_bind_field(field_name, field_obj)
        if field_name in _OPEN:
            field_obj.required, field_obj.allow_none, field_obj.load_default = False, True, None


class RegistrationDraftView(DraftDeal):
    """A deal that somebody of your side has begun to register; the partner learns nothing of it."""

    id = Id(required=True)
    owner = fields.Nested(
        RegistrationOwnerView,
        required=True,
        allow_none=True,
        metadata={"description": "Who works on it; in lists yourself alone."},
    )
    changed_at = Moment(required=True)


class RegistrationDraftQuery(ListQuery):
    """Which drafts."""

    sort = sort_field("-changed_at", "changed_at")
    partnership_id = Id()
    mine = Flag(example=True, metadata={"description": "Those you work on."})
