"""Cases' pages, and the way to them."""

from flask_babel import lazy_gettext as _

from partnercrm.cases.pages import moderating, panels, settling
from partnercrm.cases.pages.blueprint import pages

__all__ = ["moderating", "pages", "panels", "settling"]

pages.way("partnerships", "cases", _("Cases"), "case", "new_case", "open_case", "moderations", "file")
