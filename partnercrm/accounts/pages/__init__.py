"""The pages of accounts, and the ways to them in the order they stand in the rail."""

from flask_babel import lazy_gettext as _

from partnercrm.accounts.pages import (
    candidates,
    contacts,
    flows,
    grouping,
    joint,
    keeping,
    looking,
    losses,
    mapping,
    planning,
    populations,
    receipts,
    times,
    twice,
    yeses,
)
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.queries import duplicates
from partnercrm.accounts.queries import joint as joint_queries

__all__ = [
    "candidates",
    "contacts",
    "flows",
    "grouping",
    "joint",
    "keeping",
    "looking",
    "losses",
    "mapping",
    "pages",
    "planning",
    "populations",
    "receipts",
    "times",
    "twice",
    "yeses",
]

_REACHED = (
    *("account", "new_account", "enter_account", "edit_account", "change_account"),
    *("new_contact", "add_contact", "edit_contact", "change_contact"),
)
pages.way("accounts", "accounts", _("Own accounts"), *_REACHED)
pages.way("accounts", "pairs", _("Duplicates"), "find_pairs", "merge_pair", "reject_pair", count=duplicates.count_open)
pages.way(
    *("accounts", "joint_accounts", _("Joint accounts")),
    *("new_joint_account", "propose_joint_account"),
    count=joint_queries.count_proposed,
)
pages.way("accounts", "shared_accounts", _("With partners"), "openings", "opening")
pages.way(
    *("accounts", "populations", _("Populations")),
    *("population", "new_population", "make_population", "change_population"),
)
