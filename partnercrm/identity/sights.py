"""What identity knows of a person, and the queries and rules that grant it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight, own
from partnercrm.identity import queries
from partnercrm.identity.queries import access
from partnercrm.kernel.actor import Actor


def _account(viewer: Actor, person: Actor) -> dict[str, Any]:
    return {"organization_id": person.organization_id, "id": person.user_id}


SIGHTS: Final = (
    Sight(
        "account",
        _("Your name, mail address, roles and team"),
        ("list_users", "read_user"),
        queries.users_seen_by,
        _account,
        ("UserView.name", "UserView.email", "MeView.name", "MeView.user_id"),
    ),
    Sight(
        "sessions",
        _("Where and since when you are signed in"),
        ("list_sessions",),
        access.sessions_seen_by,
        own,
        apart=_("An administrator can end it, and does not read where it was."),
    ),
    Sight(
        "tokens",
        _("That you made an API token, what it may do and until when"),
        ("list_tokens",),
        access.tokens_seen_by,
        own,
        ("TokenView.user_id", "TokenView.name"),
        apart=_("Its secret is stored as a hash alone."),
    ),
    Sight(
        "token_use",
        _("When your API token was last used"),
        ("list_tokens",),
        access.tokens_seen_by,
        own,
        ("TokenView.last_used_at",),
        access.sees_use_of_tokens,
    ),
    Sight(
        "invitations",
        _("Whom you invited, and that you were invited"),
        ("list_invitations", "read_invitation"),
        queries.invitations_seen_by,
        lambda viewer, person: {"organization_id": person.organization_id, "invited_by": person.user_id},
        ("InvitationView.invited_by", "InvitationView.name", "InvitationView.email"),
    ),
    Sight(
        "kept",
        _("Everything your company keeps of you, written out to hand to you"),
        ("export_person",),
        queries.users_seen_by,
        _account,
        ("PersonExport.kept",),
    ),
)
