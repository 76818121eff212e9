"""Identity's pages, and the ways to them in the order they stand in the rail."""

from flask_babel import lazy_gettext as _

from partnercrm.identity.pages import (
    account,
    agreement,
    audit,
    embedding,
    entering,
    founding,
    home,
    links,
    organization,
    people,
    privacy,
    retention,
    seen,
    tokens,
)
from partnercrm.identity.pages.blueprint import pages

__all__ = [
    "account",
    "agreement",
    "audit",
    "embedding",
    "entering",
    "founding",
    "home",
    "links",
    "organization",
    "pages",
    "people",
    "privacy",
    "retention",
    "seen",
    "tokens",
]

pages.way("", "home", _("Start"))
pages.way("administration", "people", _("People"), "person", "invite_user", "edit_person", "make_invitation_link")
pages.way("administration", "organization", _("Organization"), "add_team", "retention", "change_retention")
pages.way("administration", "agreement", _("Works agreement"), "change_agreement")
pages.way(
    "administration",
    "audit",
    _("Audit trail"),
    *("audit_entry", "open_entry", "audit_chains", "own_chain", "partnership_chain"),
)
pages.way("administration", "person_data", _("A person's data"), "confirm_erasure", "erase_person")
pages.way("administration", "tokens", _("API tokens"), "make_token", "revoke_token")
pages.way("own", "seen", _("What is seen about me"))
pages.way("own", "account", _("Sign-in and password"), "change_password", "end_session", "end_other_sessions")
