"""What the doctor finds."""

from typing import NamedTuple


class Finding(NamedTuple):
    """Something wrong, and what to do about it; one sentence each."""

    wrong: str
    remedy: str
