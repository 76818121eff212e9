"""Incentives over the API."""

from partnercrm.incentives.api import plans, previewing, sharing

DOORS = (plans.api, previewing.api, sharing.api)
