"""How calendars refuse."""

from partnercrm.kernel.errors import Conflict


class NeverOpen(Conflict):
    """No moment to work comes in sight, so no clock can run."""

    title = "These business hours are never open, so nothing can be due in them."
