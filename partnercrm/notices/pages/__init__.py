"""The pages of notices: the list, how one wishes to be told, and those behind links in mails."""

from flask_babel import lazy_gettext as _

from partnercrm.notices import queries
from partnercrm.notices.pages import links, preferences, reading
from partnercrm.notices.pages.blueprint import pages

__all__ = ["links", "pages", "preferences", "reading"]

pages.way("", "notices", _("Notices"), "read_notices", "preferences", "prefer", count=queries.unread_count)
