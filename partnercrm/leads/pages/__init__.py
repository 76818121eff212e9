"""The lead exchange's pages."""

from partnercrm.leads.pages import home, offers, own, reports
from partnercrm.leads.pages.blueprint import pages

__all__ = ["home", "offers", "own", "pages", "reports"]
