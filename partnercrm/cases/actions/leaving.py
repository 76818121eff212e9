"""What a leaver's cases come to: those they own pass to a successor."""

from collections.abc import Sequence

from partnercrm.activity.actions import record
from partnercrm.cases import queries
from partnercrm.cases.actions.settling import own, touch
from partnercrm.identity.actions.leaving import Holding
from partnercrm.identity.models import User
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.partnerships import queries as partnerships


def held_by(actor: Actor, leaver: User) -> Sequence[Holding]:
    """Return how many open cases the leaver owns on our side."""
    return (Holding("open cases", len(queries.cases_owned_by(actor, leaver.id))),)


def hand_over(actor: Actor, leaver: User, successor: User) -> None:
    """Let the successor own the leaver's open cases; both sides see who owns them now. Raises Invalid."""
    for case in queries.cases_owned_by(actor, leaver.id, lock=True):
        member = partnerships.own_member(actor, case.partnership_id, successor.id)
        if member is None:
            raise Invalid.field("successor_id", "Only a member of the partnership can own its cases.")
        own(case, member)
        touch(case)
        record(actor, "case.handed_over", case)
