"""What people can be told: the registry of kinds, filled once by the slices above.

A new kind is one `Kind(...)` in its slice's `notices.py`: the verb of the activity it follows, a title and a sentence
that name no customer and no contact, the page it leads to, and `audience`, which says who of one organization is told.
`reactions.py` gathers them; nothing else is to be done. A kind without an audience is told by `actions.tell`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from flask_babel import LazyString
from marshmallow import Schema

from partnercrm.activity.queries import Event
from partnercrm.kernel.actor import Actor


class Channel(StrEnum):
    """How something reaches a person."""

    PAGE = "page"
    MAIL = "mail"
    DIGEST = "digest"


class Tells(StrEnum):
    """Which organization's people hear of an activity: the one that did not act, the acting one, or both."""

    OTHER = "other"
    OWN = "own"
    BOTH = "both"


class Told(NamedTuple):
    """Who of the actor's organization is told, and what the sentence says beside its words: no customer's name."""

    people: Iterable[UUID] = ()
    facts: Mapping[str, str] = {}


Audience = Callable[[Actor, Event], Told]


@dataclass(frozen=True, slots=True)
class Act:
    """What a mail lets its reader do without signing in.

    `teaser` returns (label, value) lines about the subject that its reader may see now, and NotFound or a Conflict when
    there is nothing to do any more; `until` says when the link ends; `do` acts as the person, with what the `shape`
    read of the form, if it asks anything; `asks` names the template of its fields, `about` returns what that needs.
    """

    name: str
    label: LazyString
    question: LazyString
    done: LazyString
    scope: str
    teaser: Callable[[Actor, UUID], list[tuple[str, str]]]
    until: Callable[[Actor, UUID], datetime]
    do: Callable[[Actor, UUID, dict[str, Any]], object]
    shape: type[Schema] | None = None
    asks: str = ""
    about: Callable[[], Mapping[str, Any]] = dict


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing people can be told; urgent kinds come by mail unless somebody wishes otherwise."""

    verb: str
    title: LazyString
    sentence: LazyString
    page: str
    place: str = ""
    audience: Audience | None = None
    tells: Tells = Tells.OTHER
    urgent: bool = False
    outlives_partnership: bool = False
    acts: tuple[Act, ...] = field(default=())

    def places(self, subject_id: UUID, partnership_id: UUID | None) -> dict[str, Any]:
        """Return what the address of its page needs to show the subject, or the partnership it belongs to."""
        if not self.place:
            return {}
        return {self.place: partnership_id if self.place == "partnership_id" and partnership_id else subject_id}

    @property
    def channels(self) -> frozenset[Channel]:
        """How it is told to who has not chosen."""
        return frozenset({Channel.PAGE, Channel.MAIL if self.urgent else Channel.DIGEST})


IsMember = Callable[[Actor, UUID, UUID], bool]
_kinds: Final[dict[str, Kind]] = {}
_held: Final[list[IsMember]] = []


def install(kinds: Iterable[Kind], is_member: IsMember) -> None:
    """Say what people are told of, and how to see whether a person still is a member of a living partnership.

    `is_member` is asked with the organization's own hand, a person and a partnership; while the transaction lasts,
    what it says stays true.
    """
    _kinds.clear()
    _kinds.update({kind.verb: kind for kind in kinds})
    _held[:] = [is_member]


def known(verb: str) -> Kind | None:
    """Return the kind that follows a verb."""
    return _kinds.get(verb)


def every() -> tuple[Kind, ...]:
    """Return all kinds in the order they were installed."""
    return tuple(_kinds.values())


def act(name: str) -> Act | None:
    """Return what a mail's link of this name does."""
    return next((one for kind in _kinds.values() for one in kind.acts if one.name == name), None)


def is_member(actor: Actor, user_id: UUID, partnership_id: UUID) -> bool:
    """Tell whether the person is a member of the living partnership, and stays one until the transaction ends."""
    return all(held(actor, user_id, partnership_id) for held in _held)
