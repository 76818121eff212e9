"""Facts of a case: kept as plain text and beside it as what it was made of, so that a page says it again. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from partnercrm.kernel.errors import Told

PARTS: Final = ("name", "value")
_SAID: Final = "said"


def kept(fact: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fact as it is kept; everybody reads the same plain text, whatever their language."""
    said = {part: fact[part].kept() for part in PARTS if isinstance(fact[part], Told)}
    return {part: str(fact[part]) for part in PARTS} | ({_SAID: said} if said else {})


def told(fact: Mapping[str, Any], part: str) -> str:
    """Return a part of a kept fact, as a sentence where it was one and was not emptied since."""
    said = fact.get(_SAID, {}).get(part)
    again = Told.again(said) if said else fact[part]
    return again if again == fact[part] else fact[part]
