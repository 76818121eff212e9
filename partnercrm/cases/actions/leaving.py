"""What a leaver's cases come to: those they own or moderate pass to a successor."""

from collections.abc import Sequence

from sqlalchemy import func, select

from partnercrm.activity.actions import record
from partnercrm.cases import queries
from partnercrm.cases.actions.settling import own, touch
from partnercrm.identity.actions.leaving import Holding
from partnercrm.identity.models import User
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries as partnerships


def held_by(actor: Actor, leaver: User) -> Sequence[Holding]:
    """Return how many cases the leaver owns on our side, and how many of other companies they moderate."""
    return (
        Holding("open cases", len(queries.cases_owned_by(actor, leaver.id))),
        Holding("cases to moderate", queries.count_moderations_of(actor, leaver.id)),
    )


def hand_over(actor: Actor, leaver: User, successor: User) -> None:
    """Let the successor own and moderate the leaver's cases; both sides of each see who it is now. Raises Invalid."""
    owned = queries.cases_owned_by(actor, leaver.id, lock=True)
    moderates = queries.count_moderations_of(actor, leaver.id) > 0
    if (owned or moderates) and "cases:write" not in scopes_of(successor.roles):
        raise Invalid.field("successor_id", "Only who may take part in cases can take these over.")
    for case in owned:
        member = partnerships.own_member(actor, case.partnership_id, successor.id)
        if member is None:
            raise Invalid.field("successor_id", "Only a member of the partnership can own its cases.")
        own(case, member)
        touch(case)
        record(actor, "case.handed_over", case)
    if moderates:
        _hand_over_moderations(leaver, successor)


def _hand_over_moderations(leaver: User, successor: User) -> None:
    followed = select("*").select_from(func.step_hand_over_moderations(leaver.id, successor.id))
    for case_id, sides in db.session().execute(followed).all():
        event_id = new_id()
        for side in sides:
            jobs.defer("cases.tell_of_follower", side, case_id=case_id, event_id=event_id)
