"""Reading the ways in: API tokens and sessions, each as its reader may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from partnercrm.identity.models import ApiToken, SignIn, User
from partnercrm.identity.scopes import Role
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page

TOKEN_SORTS = {"created_at": ApiToken.created_at}
SESSION_SORTS = {"created_at": SignIn.created_at}


@dataclass(frozen=True, slots=True)
class TokenSeen:
    """A token as its reader sees it: when it was last used tells of a person when they work, and is theirs alone."""

    token: ApiToken
    tells_use: bool

    @property
    def last_used_at(self) -> datetime | None:
        """When it was last used, for those who may know."""
        return self.token.last_used_at if self.tells_use else None

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the token."""
        return getattr(self.token, name)


@dataclass(frozen=True, slots=True)
class SessionSeen:
    """A session as its owner sees it: `is_present` where it is the one that looks."""

    session: SignIn
    is_present: bool

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the session."""
        return getattr(self.session, name)


def tokens_seen_by(actor: Actor) -> Select[ApiToken]:
    """Return the actor's own tokens; an administrator's view holds those of the whole organization."""
    rows = select(ApiToken).where(ApiToken.organization_id == actor.organization_id)
    return rows if actor.has("identity:write") else rows.where(ApiToken.user_id == actor.user_id)


def sees_use_of_tokens(viewer: Actor, person: Actor) -> bool:
    """Tell whether the viewer reads when tokens of an account were last used; of a person it tells when they work."""
    return viewer.user_id == person.user_id or person.roles == {Role.INTEGRATION}


def sessions_seen_by(actor: Actor) -> Select[SignIn]:
    """Return where the actor is signed in; where colleagues are is theirs alone."""
    return select(SignIn).where(SignIn.organization_id == actor.organization_id, SignIn.user_id == actor.user_id)


def tokens(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of API tokens."""
    rows = tokens_seen_by(actor).join(User, User.id == ApiToken.user_id).add_columns(User.roles)
    shown = partial(_token_seen, actor)
    return page(actor, rows, given, sorts=TOKEN_SORTS, key=ApiToken.id, shown=shown)


def token_seen(actor: Actor, token: ApiToken) -> TokenSeen:
    """Return a token as the actor sees it."""
    roles = db.session().execute(select(User.roles).where(User.id == token.user_id)).scalar_one()
    return _token_seen(actor, (token, roles))


def _token_seen(actor: Actor, row: Sequence[Any]) -> TokenSeen:
    token, roles = row[0], row[1]
    owner = Actor(token.organization_id, token.user_id, roles=frozenset(roles))
    return TokenSeen(token, sees_use_of_tokens(actor, owner))


def token(actor: Actor, token_id: UUID, *, lock: bool = False) -> ApiToken:
    """Return one API token. Raises NotFound."""
    rows = tokens_seen_by(actor).where(ApiToken.id == token_id)
    found = db.session().scalars(rows.with_for_update() if lock else rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def sessions(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of the actor's own sessions."""
    rows = sessions_seen_by(actor).where(SignIn.expires_at > clock.now())
    return page(actor, rows, given, sorts=SESSION_SORTS, key=SignIn.id, shown=partial(_session_seen, actor))


def _session_seen(actor: Actor, row: Row[*tuple[Any, ...]]) -> SessionSeen:
    return SessionSeen(row[0], row[0].id == actor.session_id)


def session(actor: Actor, session_id: UUID) -> SignIn:
    """Return one of the actor's own sessions. Raises NotFound."""
    rows = sessions_seen_by(actor).where(SignIn.id == session_id)
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found
