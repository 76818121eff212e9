"""Deals over the API."""

from partnercrm.deals.api import drafts, registering, selling, showing, working

DOORS = (registering.api, drafts.api, selling.api, showing.api, working.api)
