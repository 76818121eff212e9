"""What partnerships come to when a person leaves or may manage none: somebody follows, or they stay as a seller."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.identity.actions.leaving import Holding
from partnercrm.identity.errors import LastToManage
from partnercrm.identity.models import User
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, Told
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries
from partnercrm.partnerships.models import Member, MemberRole
from partnercrm.partnerships.queries import leaving


def held_by(actor: Actor, leaver: User) -> Sequence[Holding]:
    """Return how many partnerships would be without a manager of ours, and how many proposals wait for an answer."""
    return (
        Holding("partnerships without another manager", sum(_is_last(actor, one) for one in _held(actor, leaver))),
        Holding("open proposals", len(leaving.open_proposals_of(actor, leaver.id))),
    )


def hand_over(actor: Actor, leaver: User, successor: User) -> None:
    """Name the successor wherever the leaver is a member, in the same role, and let the leaver's membership end."""
    able = scopes_of(successor.roles)
    members = _held(actor, leaver)
    if any(member.role is MemberRole.PARTNER_MANAGER for member in members) and "partnerships:write" not in able:
        raise Invalid.field("successor_id", "Only a partner manager or an administrator can follow a manager.")
    for member in members:
        queries.partnership(actor, member.partnership_id, lock=True)
        present = queries.own_member(actor, member.partnership_id, successor.id)
        if present is not None and (present.role is member.role or member.role is not MemberRole.PARTNER_MANAGER):
            _leave(actor, member)
            continue
        if present is not None:
            _leave(actor, present)
        _join(actor, member, successor)
        _leave(actor, member)
    db.session().execute(select(func.step_hand_over_proposals(leaver.id, successor.id)))


def let_go(actor: Actor, leaver: User) -> None:
    """End the memberships of who leaves."""
    for member in _held(actor, leaver):
        queries.partnership(actor, member.partnership_id, lock=True)
        _leave(actor, member)


def step_down(actor: Actor, _verb: str, person: User, _activity_id: UUID) -> None:
    """Let who lost the right to manage partnerships go on in theirs as a seller.

    Raises LastToManage where nobody of the side would manage one any more.
    """
    if "partnerships:write" in scopes_of(person.roles):
        return
    managed = [member for member in _held(actor, person) if member.role is MemberRole.PARTNER_MANAGER]
    for member in managed:
        queries.partnership(actor, member.partnership_id, lock=True)
    if alone := [queries.partner_name(actor, one.partnership_id) for one in managed if _is_last(actor, one)]:
        sentence = "Of your side only this person manages the partnership with %(partners)s; name another there first."
        raise LastToManage(Told(sentence, partners=", ".join(alone)))
    for member in managed:
        member.role = MemberRole.SELLER
        _tell(actor, "member.stepped_down", member)


def _held(actor: Actor, leaver: User) -> Sequence[Member]:
    return leaving.memberships_of(actor, leaver.id)


def _is_last(actor: Actor, member: Member) -> bool:
    managers = queries.own_managers(actor, member.partnership_id)
    return member.role is MemberRole.PARTNER_MANAGER and len(managers) == 1


def _join(actor: Actor, before: Member, successor: User) -> None:
    member = Member(
        id=new_id(),
        partnership_id=before.partnership_id,
        organization_id=before.organization_id,
        other_id=before.other_id,
        user_id=successor.id,
        name=successor.name,
        role=before.role,
        joined_at=clock.now(),
    )
    db.session().add(member)
    _tell(actor, "member.named", member)


def _leave(actor: Actor, member: Member) -> None:
    member.left_at = clock.now()
    _tell(actor, "member.released", member)


def _tell(actor: Actor, verb: str, member: Member) -> None:
    queries.partnership(actor, member.partnership_id, lock=True).version += 1
    db.session().flush()
    record(actor, verb, member, name=member.name, role=member.role)
