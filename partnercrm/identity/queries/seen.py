"""What is seen of a person and by whom, as the permissions stand: asked of the rules that the reads themselves ask."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import false, select

from partnercrm.activity.sights import Sight
from partnercrm.identity import queries
from partnercrm.identity.models import User
from partnercrm.identity.queries import Agreed
from partnercrm.identity.scopes import Role, scopes_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor, Asked, any_of


class Audience(StrEnum):
    """Who may look, as seen from one person."""

    ONESELF = "oneself"
    DEPUTY = "deputy"
    FELLOWS = "fellows"
    COLLEAGUES = "colleagues"
    MANAGERS = "managers"
    ADMINISTRATORS = "administrators"
    PROGRAMS = "programs"
    PARTNERS = "partners"
    PARTNERS_OTHERS = "partners_others"
    SIDES = "sides"
    MODERATOR = "moderator"
    OTHERS = "others"


# Each stands for whoever it is.
DEPUTY_ID, PARTNER_ID, SIDE_ID, OTHER_SIDE_ID, MODERATOR_ID, FOREIGN_PARTNERSHIP_ID, _SOMEBODY, _ELSEWHERE = (
    UUID(int=number) for number in range(1, 9)
)
_SELLING: Final = (Role.SELLER,)
_MANAGING: Final = (Role.PARTNER_MANAGER, Role.EXECUTIVE)
_ANYTHING: Final = (Role.SELLER, Role.PARTNER_MANAGER, Role.EXECUTIVE, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class SightSeen:
    """One kind of thing known of a person, with who sees it and by what that is granted."""

    sight: Sight
    scopes: Sequence[str]
    audiences: Sequence[Audience]

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the sight."""
        return getattr(self.sight, name)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of a person, under the works agreement in force."""

    user_id: UUID
    agreed: Agreed
    sights: Sequence[SightSeen] = field(default_factory=tuple)


_sights: list[Sight] = []
_scopes: dict[str, Asked] = {}


def install(sights: Sequence[Sight], scopes: Mapping[str, Asked]) -> None:
    """Take what the slices know of people, and the scope that each operation asks for."""
    _sights[:] = sights
    _scopes.clear()
    _scopes.update(scopes)


def declared() -> Sequence[Sight]:
    """Return every kind of thing that is known of people."""
    return tuple(_sights)


def audiences(person: Actor) -> Mapping[Audience, Actor]:
    """Return who may look, as the program would recognise them.

    Each is the one of their kind who may see most: with all roles that belong to it, and a member of every partnership
    of the person's unless the kind says otherwise.
    """
    colleague = Actor(person.organization_id, _SOMEBODY, partnership_ids=person.partnership_ids)
    partner = replace(colleague, organization_id=PARTNER_ID)
    alone = frozenset[UUID]()
    outside = replace(partner, partnership_ids=alone)
    side = replace(outside, organization_id=SIDE_ID, partnership_ids=frozenset({FOREIGN_PARTNERSHIP_ID}))
    return {
        Audience.ONESELF: replace(person, scopes=scopes_of(person.roles)),
        Audience.DEPUTY: _as(replace(colleague, user_id=DEPUTY_ID), _SELLING),
        Audience.FELLOWS: _as(colleague, _SELLING),
        Audience.COLLEAGUES: _as(replace(colleague, partnership_ids=alone), _SELLING),
        Audience.MANAGERS: _as(colleague, _MANAGING),
        Audience.ADMINISTRATORS: _as(colleague, (Role.ADMIN,)),
        Audience.PROGRAMS: _as(colleague, (Role.INTEGRATION,)),
        Audience.PARTNERS: _as(partner, _ANYTHING),
        Audience.PARTNERS_OTHERS: _as(outside, _ANYTHING),
        Audience.SIDES: _as(side, _ANYTHING),
        Audience.MODERATOR: _as(replace(outside, organization_id=MODERATOR_ID), _ANYTHING),
        Audience.OTHERS: _as(replace(outside, organization_id=_ELSEWHERE), _ANYTHING),
    }


def _as(actor: Actor, roles: Iterable[Role]) -> Actor:
    return replace(actor, roles=frozenset(roles), scopes=scopes_of(roles))


def seen(person: Actor) -> Seen:
    """Return what is seen of a person and by whom. Raises NotFound where there is no person."""
    queries.oneself(person)
    viewers = audiences(person)
    admitted = [
        (sight, audience) for sight in _sights for audience, viewer in viewers.items() if _is_admitted(viewer, sight)
    ]
    found = _found(person, [(sight, viewers[audience]) for sight, audience in admitted])
    granted: dict[str, list[Audience]] = {}
    for (sight, audience), is_found in zip(admitted, found, strict=True):
        if is_found and sight.rule(viewers[audience], person):
            granted.setdefault(sight.kind, []).append(audience)
    shown = [SightSeen(sight, _asked(sight), granted.get(sight.kind, ())) for sight in _sights]
    return Seen(person.user_id or _SOMEBODY, queries.agreement(person), shown)


def _is_admitted(viewer: Actor, sight: Sight) -> bool:
    """Tell whether a viewer holds the scope of one of the operations that answer a sight."""
    scopes = [_scopes[name] for name in sight.operations]
    return any(scope is None or viewer.has(*any_of(scope)) for scope in scopes)


def _found(person: Actor, asked: Sequence[tuple[Sight, Actor]]) -> list[bool]:
    """Return, in order, whose own query would find the person's row; the database decides, in one statement."""
    conditions = [sight.allows(viewer, person) for sight, viewer in asked]
    row = db.session().execute(select(*(false() if one is None else one for one in conditions))).one()
    return [bool(value) for value in row]


def _asked(sight: Sight) -> list[str]:
    return sorted({scope for name in sight.operations for scope in any_of(_scopes[name])})


def names_of(actor: Actor, user_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Return what the organization's people are called, by id."""
    rows = queries.users_seen_by(actor).where(User.id.in_(user_ids)).with_only_columns(User.id, User.name)
    return {row.id: row.name for row in db.session().execute(rows)}
