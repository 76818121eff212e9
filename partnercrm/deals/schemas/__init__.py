"""Shapes of registrations: registering, trying it out, reviewing, and what each side reads."""

from partnercrm.deals.schemas.reading import RegistrationEventView, RegistrationQuery, RegistrationView
from partnercrm.deals.schemas.registering import CheckDeal, DealCheckView, RegisterDeal
from partnercrm.deals.schemas.reviewing import Appeal, Approve, AskForMore, Extend, RejectRegistration, Resubmit

__all__ = [
    "Appeal",
    "Approve",
    "AskForMore",
    "CheckDeal",
    "DealCheckView",
    "Extend",
    "RegisterDeal",
    "RegistrationEventView",
    "RegistrationQuery",
    "RegistrationView",
    "RejectRegistration",
    "Resubmit",
]
