"""Keeping a registration that is not finished; nothing of it is on record, for anybody, until it is registered."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from partnercrm.accounts.models.joint import JointAccount
from partnercrm.accounts.queries import joint
from partnercrm.activity.actions import record
from partnercrm.deals.actions.registering import register_deal
from partnercrm.deals.models.drafts import RegistrationDraft
from partnercrm.deals.queries import RegistrationSeen
from partnercrm.deals.queries import drafts as queries
from partnercrm.deals.queries.drafts import DraftSeen
from partnercrm.kernel import clock, db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions.steps import acting_member
from partnercrm.partnerships import queries as partnerships


def draft_deal(actor: Actor, given: Mapping[str, Any]) -> DraftSeen:
    """Keep what is known of a deal so far. Raises Invalid."""
    _require_known(actor, given)
    member = acting_member(actor, given["partnership_id"])
    made = RegistrationDraft(
        id=new_id(),
        organization_id=actor.organization_id,
        partnership_id=given["partnership_id"],
        owner_id=actor.user_id or member.user_id,
        changed_at=clock.now(),
    )
    made.say(given)
    db.session().add(made)
    db.session().flush()
    record(actor, "registration_draft.kept", made)
    return queries.draft(actor, made.id)


def change_draft(actor: Actor, draft_id: UUID, given: Mapping[str, Any], expected: str | None) -> DraftSeen:
    """Keep this in place of what the draft says; its partnership stays. Raises NotFound, Stale, Invalid."""
    found = queries.draft(actor, draft_id, lock=True).draft
    versions.require(expected, found.version_tag)
    if given["partnership_id"] != found.partnership_id:
        raise Invalid.field("partnership_id", "A draft stays with its partner; begin another one.")
    _require_known(actor, given)
    found.say(given)
    found.changed_at = clock.now()
    db.session().flush()
    record(actor, "registration_draft.kept", found)
    return queries.draft(actor, draft_id)


def submit_draft(actor: Actor, draft_id: UUID, given: Mapping[str, Any] | None = None) -> RegistrationSeen:
    """Register what a draft says, or what is given in its place, as `register_deal` does; the draft is gone then.

    Raises NotFound, and whatever registering raises.
    """
    found = queries.draft(actor, draft_id, lock=True).draft
    made = register_deal(actor, found.said if given is None else given)
    _remove(found)
    return made


def discard_draft(actor: Actor, draft_id: UUID, expected: str | None) -> None:
    """Throw a draft away. Raises NotFound, Stale."""
    found = queries.draft(actor, draft_id, lock=True).draft
    versions.require(expected, found.version_tag)
    _remove(found)
    record(actor, "registration_draft.discarded", found)


def _remove(found: RegistrationDraft) -> None:
    db.session().delete(found)
    db.session().flush()


def _require_known(actor: Actor, given: Mapping[str, Any]) -> None:
    """Refuse a partnership the actor is no member of, and a joint account that it does not see."""
    try:
        partnerships.held_partnership(actor, given["partnership_id"])
    except NotFound as refusal:
        raise Invalid.field("partnership_id", "You are not a member of such a partnership.") from refusal
    if (account_id := given.get("joint_account_id")) is None:
        return
    rows = joint.joint_accounts_seen_by(actor).where(
        JointAccount.id == account_id, JointAccount.partnership_id == given["partnership_id"]
    )
    if db.session().scalars(rows).one_or_none() is None:
        raise Invalid.field("joint_account_id", "There is no such joint account among those you see.")
