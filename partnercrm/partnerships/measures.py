"""By what an exchange of leads is measured. Pure: the one vocabulary for terms and reports."""

from enum import StrEnum


class Measure(StrEnum):
    """What is counted."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    QUALIFIED = "qualified"
    WON = "won"
