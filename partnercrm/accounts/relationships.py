"""How a company stands to the organization that keeps it: told by its own system, never derived from deals."""

from enum import StrEnum


class Relationship(StrEnum):
    """A customer, a company with an open opportunity, or one that may become either."""

    CUSTOMER = "customer"
    OPEN_OPPORTUNITY = "open_opportunity"
    PROSPECT = "prospect"
