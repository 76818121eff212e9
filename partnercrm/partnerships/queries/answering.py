"""Reading who of one's own side may answer in which partnerships."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import selectinload

from partnercrm.identity import queries as identity
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.models import MemberRole, Partnership, PartnershipStatus
from partnercrm.partnerships.queries import own_member, own_members, partnerships_seen_by

_ANSWERING = frozenset({MemberRole.SELLER, MemberRole.PARTNER_MANAGER})
_SIDES_AND_TERMS = (selectinload(Partnership.sides_by_id), selectinload(Partnership.terms_by_version))


def living_partnerships(actor: Actor) -> Sequence[Partnership]:
    """Return every living partnership of the actor's organization, whoever its members are."""
    rows = partnerships_seen_by(actor).where(Partnership.status != PartnershipStatus.ENDED)
    return db.session().scalars(rows.options(*_SIDES_AND_TERMS).order_by(Partnership.started_at)).all()


def who_answers(actor: Actor, partnership_id: UUID) -> set[UUID]:
    """Return the present members of the actor's side whose part it is to answer leads: sellers and managers."""
    return {member.user_id for member in own_members(actor, partnership_id) if member.role in _ANSWERING}


def may_answer(actor: Actor, partnership_id: UUID, user_id: UUID) -> bool:
    """Tell whether one of the actor's people is a present member who can sign in and may answer leads."""
    known = {one.id: one for one in identity.colleagues(actor)}
    can = user_id in known and "leads:write" in scopes_of(known[user_id].roles)
    return can and own_member(actor, partnership_id, user_id) is not None
