"""Organizations, people, teams, tokens, passwords: made, changed, ended; the ways in and out."""

from partnercrm.identity.actions.agreements import change_agreement
from partnercrm.identity.actions.erasing import Erased, Exported, erase_person, export_person, kept_of
from partnercrm.identity.actions.founding import set_up, waiting_code
from partnercrm.identity.actions.inviting import (
    accept_invitation,
    invite_user,
    mailed_invitation,
    make_invitation_link,
    resend_invitation,
    withdraw_invitation,
)
from partnercrm.identity.actions.leaving import close_account, hand_over
from partnercrm.identity.actions.passwords import change_password, reset_password
from partnercrm.identity.actions.people import add_team, add_user, choose_language, edit_user, found_organization
from partnercrm.identity.actions.resetting import ask_reset, find_accounts, mailed_reset, start_reset, use_reset
from partnercrm.identity.actions.retaining import change_retention, note_run, remove_some
from partnercrm.identity.actions.sessions import (
    end_other_sessions,
    end_session,
    end_sessions_of,
    note_seen,
    sign_in,
    sign_out,
)
from partnercrm.identity.actions.tokens import make_token, revoke_token

__all__ = [
    "Erased",
    "Exported",
    "accept_invitation",
    "add_team",
    "add_user",
    "ask_reset",
    "change_agreement",
    "change_password",
    "change_retention",
    "choose_language",
    "close_account",
    "edit_user",
    "end_other_sessions",
    "end_session",
    "end_sessions_of",
    "erase_person",
    "export_person",
    "find_accounts",
    "found_organization",
    "hand_over",
    "invite_user",
    "kept_of",
    "mailed_invitation",
    "mailed_reset",
    "make_invitation_link",
    "make_token",
    "note_run",
    "note_seen",
    "remove_some",
    "resend_invitation",
    "reset_password",
    "revoke_token",
    "set_up",
    "sign_in",
    "sign_out",
    "start_reset",
    "use_reset",
    "waiting_code",
    "withdraw_invitation",
]
