"""Mutual yes: said in private, heard by one step for both sides, taken back at any time."""

from collections.abc import Mapping as Values
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.errors import TooManyYeses
from partnercrm.accounts.models.yeses import AccountYes
from partnercrm.accounts.queries import yeses as queries
from partnercrm.accounts.queries.withheld import withheld_from
from partnercrm.accounts.queries.yeses import YesSeen
from partnercrm.accounts.receipts import Told
from partnercrm.accounts.yeses import ends_at, may_say_another
from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.kernel.ids import random_id
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Member
from partnercrm.settings import settings

NAMELESS: Final = "Your side tells this partner no name of this account any more: a yes could open nothing."


def say_yes(actor: Actor, account_id: UUID, given: Values[str, Any]) -> YesSeen:
    """Say that the actor would talk about an account with a partner, whether or not the partner has it too.

    Said again it stands anew. What comes back is the same in every case but one: somebody there had said it as well.
    Raises NotFound, TooManyYeses, Invalid.
    """
    account = accounts.account(actor, account_id).account
    member = _member(actor, given["partnership_id"])
    if Told.NAME in withheld_from(actor, account.id, member.partnership_id):
        raise Invalid.field("partnership_id", NAMELESS)
    now = clock.now()
    standing = queries.count_unanswered(actor, member.partnership_id, but=account.id)
    # Who could take back and say anew would read the other side's yeses one twenty after the other.
    gone = queries.count_taken_back(actor, now - timedelta(days=settings().yes_days))
    if not may_say_another(standing + gone):
        raise TooManyYeses
    changing = {"reach": given.get("reach", ""), "said_at": now, "expires_at": ends_at(now, settings().yes_days)}
    said = insert(AccountYes).values(
        id=random_id(),
        organization_id=actor.organization_id,
        partnership_id=member.partnership_id,
        account_id=account.id,
        user_id=actor.user_id,
        member_id=member.id,
        **changing,
    )
    said = said.on_conflict_do_update(constraint="uq_account_yeses_once", set_=changing)
    yes_id: UUID = db.session().execute(said.returning(AccountYes.id)).scalar_one()
    record(actor, "account_yes.said", queries.yes(actor, yes_id).yes)
    _hear(actor, yes_id)
    return queries.yes(actor, yes_id)


def take_yes_back(actor: Actor, yes_id: UUID) -> None:
    """Take a yes back; what it opened is closed for both at once. Raises NotFound."""
    found = queries.yes(actor, yes_id).yes
    record(actor, queries.TAKEN_BACK, found)
    mine = AccountYes.organization_id == actor.organization_id, AccountYes.id == yes_id
    db.session().execute(delete(AccountYes).where(*mine).execution_options(synchronize_session=False))


def hear_again(actor: Actor, partnership_id: UUID) -> None:
    """Hear what the actor's side said before an epoch told of the companies it is about."""
    for yes_id in queries.unanswered(actor, partnership_id):
        _hear(actor, yes_id)


def _member(actor: Actor, partnership_id: UUID) -> Member:
    """Return as whom the actor speaks in a partnership, who says one yes after the other. Raises Invalid."""
    try:
        partnerships.held_partnership(actor, partnership_id)
    except NotFound as error:
        raise Invalid.field("partnership_id", "You are not a member of such a partnership.") from error
    found = partnerships.own_member(actor, partnership_id, actor.user_id)
    if found is None:
        raise Invalid.field("partnership_id", "You are not a member of such a partnership.")
    held = select(Member.id).where(Member.organization_id == actor.organization_id, Member.id == found.id)
    db.session().execute(held.with_for_update(key_share=True))
    return found


def _hear(actor: Actor, yes_id: UUID) -> None:
    """Let the step decide whether a yes is answered; both people are told by nobody's hand, so neither was first."""
    opening_id = random_id()
    db.session().execute(select(func.matcher_hear_yes(yes_id, opening_id, clock.now())))
    opened = queries.made_opening(actor, opening_id)
    if opened is not None:
        record(Actor.system(actor.organization_id), "opening.made", opened)
