"""What one of two accounts takes from the other when both turn out to be one company."""

from collections.abc import Mapping
from typing import Any, Final

from partnercrm.accounts.relationships import Relationship

_ADDRESS: Final = ("street", "postal_code", "city", "region", "country")
_ALONE: Final = ("industry", "size_band", "owner_id")
# Whoever buys is a customer, whatever else one of the two records says.
_CLOSENESS: Final = (Relationship.PROSPECT, Relationship.OPEN_OPPORTUNITY, Relationship.CUSTOMER)


def taken_over(survivor: Any, merged: Any) -> Mapping[str, Any]:
    """Return the fields that the survivor gets from the other: what it lacks, and the closer relationship.

    Two addresses are not mixed: one is taken whole, where the survivor has none.
    """
    fields = list(_ALONE)
    if not any(getattr(survivor, name) for name in _ADDRESS):
        fields += _ADDRESS
    found = {
        name: value
        for name in fields
        if getattr(survivor, name) is None and (value := getattr(merged, name)) is not None
    }
    closer = max(survivor.relationship, merged.relationship, key=_CLOSENESS.index)
    return found if closer is survivor.relationship else found | {"relationship": closer}
