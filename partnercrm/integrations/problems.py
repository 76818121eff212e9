"""Why an import cannot go on: kept as the English text that programs read, known again for pages to translate."""

import re
from functools import cache
from typing import Final

from partnercrm.kernel.errors import Told

GIVEN_UP: Final = (
    "It was tried several times and failed each time (%(reason)s). Nothing was entered; you can go on where it stopped."
)
NOT_UNDONE: Final = (
    "It was tried several times and failed each time (%(reason)s). Nothing was undone; you can try again."
)
NOT_CSV: Final = "The file is not CSV after row %(row)s: %(reason)s."
NOT_IN_ENCODING: Final = "The file is not written in %(encoding)s: %(reason)s."
WRONG_VALUES: Final = "What the mapping says of every row is not right. %(told)s"
_ALL: Final = (GIVEN_UP, NOT_UNDONE, NOT_CSV, NOT_IN_ENCODING, WRONG_VALUES)


def known(problem: str) -> str:
    """Return a kept problem as a sentence that remembers its values; any other text as it stands."""
    for sentence in _ALL:
        if found := _form(sentence).fullmatch(problem):
            return Told(sentence, **found.groupdict())
    return problem


@cache
def _form(sentence: str) -> re.Pattern[str]:
    plain = re.split(r"%\((\w+)\)s", sentence)
    parts = (f"(?P<{part}>.*)" if place % 2 else re.escape(part) for place, part in enumerate(plain))
    return re.compile("".join(parts), re.DOTALL)
