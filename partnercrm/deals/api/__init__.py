"""Deals over the API."""

from partnercrm.deals.api import drafts, files, registering, selling, showing, working

DOORS = (registering.api, drafts.api, files.api, selling.api, showing.api, working.api)
