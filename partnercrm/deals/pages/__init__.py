"""The pages of registered deals, and the way to them in the rail."""

from flask_babel import lazy_gettext as _

from partnercrm.deals.pages import (
    books,
    drafting,
    files,
    home,
    reading,
    receipts,
    registering,
    reviewing,
    selling,
    showing,
    working,
)
from partnercrm.deals.pages.blueprint import pages
from partnercrm.deals.queries import counts_waiting

__all__ = [
    "books",
    "drafting",
    "files",
    "home",
    "pages",
    "reading",
    "receipts",
    "registering",
    "reviewing",
    "selling",
    "showing",
    "working",
]

pages.way("deals", "deals", _("Deals"), "attribution", "deal", "deal_book", "deal_entry", "deal_file", "list_deals")
pages.way(
    "deals",
    "registrations",
    _("Registered deals"),
    "registration",
    "new_registration",
    "draft",
    "drafts",
    count=lambda actor: counts_waiting(actor) if actor.has("deals:review") else 0,
)
