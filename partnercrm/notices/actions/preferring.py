"""How a person wishes to be told."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from partnercrm.identity import actions as identity
from partnercrm.kernel import db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound, Told
from partnercrm.notices import kinds, queries
from partnercrm.notices.actions.mailing import DIGEST, Subscription
from partnercrm.notices.kinds import Channel
from partnercrm.notices.models import ChosenChannels, Preferences
from partnercrm.notices.queries import Wishes

_WHEN = ("zone", "digest_hour", "quiet_from", "quiet_until")


def prefer(actor: Actor, given: Mapping[str, Any], expected: str | None) -> Wishes:
    """Change how the actor wishes to be told; what is left out stays. Raises Stale, Invalid."""
    if actor.user_id is None:
        raise NotFound
    queries.preferences_of(actor, actor.user_id)
    before = queries.wishes(actor)
    versions.require(expected, before.version_tag)
    quiet = {name: given.get(name, getattr(before, name)) for name in ("quiet_from", "quiet_until")}
    if (quiet["quiet_from"] is None) != (quiet["quiet_until"] is None):
        lacking = next(name for name, value in quiet.items() if value is None)
        raise Invalid.field(lacking, "Quiet hours need a beginning and an end.")
    chosen = {name: given[name] for name in _WHEN if name in given}
    _store(actor, {name: _read(value) for name, value in (chosen | (quiet if quiet.keys() & chosen else {})).items()})
    _choose(actor, given.get("channels", []))
    if "language" in given:
        identity.choose_language(actor, given["language"])
    return queries.wishes(actor)


def unsubscribe(subscription: Subscription) -> None:
    """End the mails of one kind, or the digest, for a person; done twice it changes nothing."""
    actor = Actor(subscription.organization_id, subscription.user_id)
    wishes = queries.wishes_of(actor, [subscription.user_id]).get(subscription.user_id)
    kind = kinds.known(subscription.kind)
    if wishes is None:
        return
    if subscription.kind == DIGEST:
        _store(actor, {"digest_hour": None})
    elif kind is not None and Channel.MAIL in wishes.channels(kind):
        _store(actor, {})
        _set(actor, kind.verb, wishes.channels(kind) - {Channel.MAIL})


def _read(value: Any) -> Any:
    return time.fromisoformat(value) if isinstance(value, str) and ":" in value else value


def _choose(actor: Actor, chosen: list[Mapping[str, Any]]) -> None:
    unknown = [one["kind"] for one in chosen if kinds.known(one["kind"]) is None]
    if unknown:
        raise Invalid([FieldError("channels", Told("Nobody is told of %(kind)s.", kind=kind)) for kind in unknown])
    for one in chosen:
        _set(actor, one["kind"], frozenset(one["channels"]))


def _set(actor: Actor, kind: str, channels: frozenset[Channel]) -> None:
    key = {"organization_id": actor.organization_id, "user_id": actor.user_id, "kind": kind}
    new = {"channels": sorted(channels)}
    statement = insert(ChosenChannels).values(**key, **new)
    db.session().execute(statement.on_conflict_do_update(constraint="pk_notice_channels", set_=new))


def _store(actor: Actor, new: Mapping[str, Any]) -> None:
    key = {"organization_id": actor.organization_id, "user_id": actor.user_id}
    statement = insert(Preferences).values(**key, **new)
    changed = {**new, "version": Preferences.version + 1}
    # Another hour or zone plans the next digest anew.
    changed["digest_due_at"] = func.least(Preferences.digest_due_at, func.now()) if new else Preferences.digest_due_at
    db.session().execute(statement.on_conflict_do_update(constraint="pk_notice_preferences", set_=changed))
