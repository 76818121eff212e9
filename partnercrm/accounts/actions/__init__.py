"""Changing accounts: entered, changed, discarded, and brought up to date by another system's key."""

from partnercrm.accounts.actions.keeping import change_account, discard_account, enter_account

__all__ = ["change_account", "discard_account", "enter_account"]
