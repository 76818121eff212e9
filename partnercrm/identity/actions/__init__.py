"""Making and changing organizations, people, teams, tokens and passwords; signing in and out, here and elsewhere."""

from partnercrm.identity.actions.passwords import change_password, reset_password
from partnercrm.identity.actions.people import add_team, add_user, edit_user, found_organization
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
    "add_team",
    "add_user",
    "change_password",
    "edit_user",
    "end_other_sessions",
    "end_session",
    "end_sessions_of",
    "found_organization",
    "make_token",
    "note_seen",
    "reset_password",
    "revoke_token",
    "sign_in",
    "sign_out",
]
