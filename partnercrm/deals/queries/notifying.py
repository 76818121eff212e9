"""Reading who of one side is told about a registration or a deal."""

from collections.abc import Collection
from uuid import UUID

from partnercrm.deals.models import Registration
from partnercrm.deals.models.deals import Deal
from partnercrm.deals.queries import registration_side_of, working
from partnercrm.deals.registering import Party
from partnercrm.deals.reviewing import Alarm
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships


def managers(actor: Actor, partnership_id: UUID) -> Collection[UUID]:
    """Return the partner managers of the actor's side, and who stands in for them."""
    people = {member.user_id for member in partnerships.own_managers(actor, partnership_id)}
    return partnerships.and_deputies(actor, people)


def who_registered(actor: Actor, about: Registration) -> Collection[UUID]:
    """Return who of the actor's side works on a registration and is still a member, else the managers."""
    side = registration_side_of(actor, about.id)
    owner = side and partnerships.own_member(actor, about.partnership_id, side.owner_id)
    return partnerships.and_deputies(actor, {owner.user_id}) if owner else managers(actor, about.partnership_id)


def whom_to_remind(actor: Actor, about: Registration, alarm: Alarm) -> Collection[UUID]:
    """Return who of the side that a registration waits for is told of an alarm: who acts first, then their managers."""
    registers = about.party_of(actor.organization_id) is Party.REGISTRANT
    if registers and alarm is not Alarm.REVIEW_LATE:
        return who_registered(actor, about)
    return managers(actor, about.partnership_id)


def who_works_on(actor: Actor, about: Deal) -> Collection[UUID]:
    """Return who of the actor's side works on a deal: its team and who registered it, else the managers."""
    people = working.users_of(actor, about.id)
    side = registration_side_of(actor, about.registration_id)
    if side and partnerships.own_member(actor, about.partnership_id, side.owner_id):
        people.add(side.owner_id)
    return partnerships.and_deputies(actor, people) if people else managers(actor, about.partnership_id)
