"""How calendars refuse."""

from partnercrm.kernel.errors import Conflict


class AlreadyDeputised(Conflict):
    """One deputy at a time."""

    title = "Somebody stands in on some of these days already; end that first."
