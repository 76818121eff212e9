"""The lead exchange's pages, and the ways to them in the order they stand in the rail."""

from flask_babel import lazy_gettext as _

from partnercrm.leads.pages import (
    behind,
    claims,
    factsheets,
    figures,
    gates,
    home,
    mine,
    offering,
    offers,
    own,
    questions,
    receipts,
    reports,
    requests,
    rounds,
    routing,
    values,
)
from partnercrm.leads.pages.blueprint import pages

__all__ = [
    "behind",
    "claims",
    "factsheets",
    "figures",
    "gates",
    "home",
    "mine",
    "offering",
    "offers",
    "own",
    "pages",
    "questions",
    "receipts",
    "reports",
    "requests",
    "rounds",
    "routing",
    "values",
]

pages.way("leads", "offers_received", _("Offers received"))
pages.way("leads", "offers_given", _("Offers given"), "new_offer", "offer_new_lead", "offer_request")
pages.way("leads", "my_leads", _("Leads I work on"))
pages.way("leads", "leads", _("Own leads"), "lead", "edit_lead", "offer_of_lead", "offer_lead")
pages.way("leads", "exchange", _("Where are the leads?"), "reciprocity", "fact_sheet", "leads_behind", "claim_check")
pages.way("leads", "figures", _("Figures"), "look", "person_figures")
pages.way("leads", "routing", _("Who answers"))
