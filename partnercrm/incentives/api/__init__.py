"""Incentives over the API."""

from partnercrm.incentives.api import books, earning, plans, previewing, questions, sharing

DOORS = (plans.api, previewing.api, sharing.api, earning.api, books.api, questions.api)
