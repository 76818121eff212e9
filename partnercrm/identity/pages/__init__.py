"""Identity's pages, and the ways to them in the order they stand in the rail."""

from flask_babel import lazy_gettext as _

from partnercrm.identity.pages import account, entering, home, links, tokens
from partnercrm.identity.pages.blueprint import pages

__all__ = ["account", "entering", "home", "links", "pages", "tokens"]

pages.way("", "home", _("Start"))
pages.way("administration", "tokens", _("API tokens"), "make_token", "revoke_token")
pages.way("own", "account", _("Sign-in and password"), "change_password", "end_session", "end_other_sessions")
