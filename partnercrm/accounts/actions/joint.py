"""Working on a company together: proposed by one side, open once the other agrees, closed by either."""

from collections.abc import Collection
from collections.abc import Mapping as Values
from typing import Any, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.errors import JointAccountMoved
from partnercrm.accounts.joint import MOST_IDENTIFIERS, JointStatus, Named, may_go, telling
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.joint import JointAccount, JointAccountDomain, JointAccountNumber, JointAccountSide
from partnercrm.accounts.models.plans import JointAccountPerson
from partnercrm.accounts.numbers import Number
from partnercrm.accounts.queries import joint as queries
from partnercrm.accounts.queries import overlaps
from partnercrm.accounts.queries.withheld import withheld_from
from partnercrm.accounts.tiers import AccountField
from partnercrm.activity.actions import record
from partnercrm.calendars import queries as calendars
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.errors import AnsweredByTheOther, PartnershipPaused
from partnercrm.partnerships.models import Partnership

NOT_JOINED: Final = "You are not a member of such a partnership."
_FIELD_OF: Final = {"domains": "domain", "numbers": "number"}
NO_OVERLAP: Final = "Both of you have no such company, as far as you agreed to tell."
NAMELESS: Final = (
    "You agreed to tell no names of overlaps: propose it from your account, and say what the partner reads."
)
NO_ACCOUNT: Final = "This is none of your accounts."
OF_ANOTHER: Final = "Its owner decides what a partner reads of this account: ask them, or whoever manages partnerships."


def propose_joint_account(actor: Actor, given: Values[str, Any]) -> JointAccount:
    """Propose to work on a company together; of an account of one's own, what is left out is taken from it.

    Of an overlap no more is told than both agreed to tell of overlaps.

    Raises PartnershipPaused, Invalid.
    """
    told = dict(given)
    if overlap_id := told.pop("overlap_id", None):
        told |= _within_tier(actor, told["partnership_id"], overlap_id)
    elif account_id := told.get("account_id"):
        said = _said_of(own_account(actor, account_id))
        kept = withheld_from(actor, account_id, told["partnership_id"])
        told = {name: value for name, value in said.items() if _FIELD_OF.get(name, name) not in kept} | told
    if "name" not in told:
        raise Invalid.field("name", "Say what the company is called, or choose one of your accounts.")
    return open_joint_account(actor, told.pop("partnership_id"), **told)


def open_joint_account(
    actor: Actor,
    partnership_id: UUID,
    *,
    name: str,
    domains: Collection[str] = (),
    numbers: Collection[Number] = (),
    account_id: UUID | None = None,
    country: str | None = None,
    city: str | None = None,
) -> JointAccount:
    """Return the joint account that is this company, in one's partnership; a new one is proposed where there is none.

    What the other side has proposed is agreed to, and what was closed is proposed anew. The other side reads all that
    is said here. Raises PartnershipPaused, Invalid.
    """
    try:
        partnership = partnerships.held_partnership(actor, partnership_id)
    except NotFound as error:
        raise Invalid.field("partnership_id", NOT_JOINED) from error
    if partnership.is_paused:
        raise PartnershipPaused
    account = own_account(actor, account_id) if account_id else None
    named = Named(name, country, telling(domains), frozenset(numbers))
    found = queries.standing_in(actor, partnership_id, named)
    if found is None:
        found = _proposed(actor, partnership, named, city)
        _identify(actor, found, named)
    else:
        _join(actor, found, named, city)
        if _identify(actor, found, named):
            found.updated_at = clock.now()
    _take_part(actor, found, account)
    return queries.joint_account(actor, found.id)


def agree_joint_account(actor: Actor, joint_account_id: UUID, given: Values[str, Any]) -> JointAccount:
    """Agree to work on what the other side proposed, as one of one's own accounts or none.

    Raises JointAccountMoved, AnsweredByTheOther, PartnershipPaused, Invalid.
    """
    found, partnership = queries.joint_account_to_step(actor, joint_account_id)
    if partnership.is_paused:
        raise PartnershipPaused
    account_id = given.get("account_id")
    account = own_account(actor, account_id) if account_id else None
    _go(actor, found, JointStatus.OPEN, "agreed")
    _take_part(actor, found, account)
    return queries.joint_account(actor, joint_account_id)


def decline_joint_account(actor: Actor, joint_account_id: UUID) -> JointAccount:
    """Decline to work on what the other side proposed. Raises JointAccountMoved, AnsweredByTheOther."""
    found, _ = queries.joint_account_to_step(actor, joint_account_id)
    if found.status is JointStatus.PROPOSED and found.opened_by == actor.organization_id:
        raise AnsweredByTheOther
    if found.status is not JointStatus.PROPOSED:
        raise JointAccountMoved
    return _go(actor, found, JointStatus.CLOSED, "declined")


def close_joint_account(actor: Actor, joint_account_id: UUID) -> JointAccount:
    """Work on a company together no longer, or take back what one's own side proposed.

    Raises JointAccountMoved.
    """
    found, _ = queries.joint_account_to_step(actor, joint_account_id)
    if found.status is JointStatus.PROPOSED and found.opened_by != actor.organization_id:
        raise JointAccountMoved
    return _go(actor, found, JointStatus.CLOSED, "closed")


def own_account(actor: Actor, account_id: UUID) -> Account:
    """Return an account of which the actor may decide what a partner reads. Raises Invalid."""
    try:
        account = accounts.account(actor, account_id).account
    except NotFound as error:
        raise Invalid.field("account_id", NO_ACCOUNT) from error
    if not decides(actor, account):
        raise Invalid.field("account_id", OF_ANOTHER)
    return account


def decides(actor: Actor, account: Account) -> bool:
    """Tell whether the actor may decide what a partner reads of an account."""
    deciding = {None, actor.user_id, *calendars.stood_in_for_now(actor)}
    return account.owner_id in deciding or actor.has("partnerships:write")


def _said_of(account: Account) -> dict[str, Any]:
    """Return what a partner is told of an account, where nothing else is said."""
    return {
        "name": account.name,
        "country": account.country,
        "city": account.city,
        "domains": account.web_domains[:MOST_IDENTIFIERS],
        "numbers": [Number(one.scheme, one.country, one.number) for one in account.numbers[:MOST_IDENTIFIERS]],
    }


def _within_tier(actor: Actor, partnership_id: UUID, overlap_id: UUID) -> dict[str, Any]:
    """Return what a partner is told of an overlap: the agreed fields of the own account. Raises Invalid."""
    found = overlaps.own_of_overlap(actor, partnership_id, overlap_id)
    if found is None:
        raise Invalid.field("overlap_id", NO_OVERLAP)
    account, shown = found
    shown -= withheld_from(actor, account.id, partnership_id)
    if AccountField.NAME not in shown:
        raise Invalid.field("overlap_id", NAMELESS)
    said = _said_of(own_account(actor, account.id)) | {"numbers": []}
    told = {name: said[name] for name in ("name", "country", "city") if name in shown}
    return told | {"account_id": account.id, "domains": said["domains"][:1] if AccountField.DOMAIN in shown else []}


def _proposed(actor: Actor, partnership: Partnership, named: Named, city: str | None) -> JointAccount:
    first, second = sorted(partnership.sides())
    now = clock.now()
    proposed = JointAccount(
        id=new_id(),
        partnership_id=partnership.id,
        first_organization_id=first,
        second_organization_id=second,
        opened_by=actor.organization_id,
        name=named.name,
        country=named.country,
        city=city,
        status=JointStatus.PROPOSED,
        proposed_at=now,
        updated_at=now,
    )
    db.session().add(proposed)
    db.session().flush()
    record(actor, "joint_account.proposed", proposed)
    return proposed


def _join(actor: Actor, found: JointAccount, named: Named, city: str | None) -> None:
    """Take part in a joint account that stands, whatever the other side did with it before.

    Who proposes it anew names it anew: what it is called is always what `opened_by` told, who alone takes it back.
    """
    if found.status is JointStatus.CLOSED:
        found.opened_by, found.proposed_at, found.closed_at = actor.organization_id, clock.now(), None
        found.name, found.country, found.city = named.name, named.country, city
        _go(actor, found, JointStatus.PROPOSED, "proposed")
    elif found.status is JointStatus.PROPOSED and found.opened_by != actor.organization_id:
        _go(actor, found, JointStatus.OPEN, "agreed")


def _go(actor: Actor, found: JointAccount, to: JointStatus, said: str) -> JointAccount:
    """Take a joint account on. Raises JointAccountMoved, AnsweredByTheOther."""
    ours = found.opened_by == actor.organization_id
    if not may_go(found.status, to, by_proposer=ours):
        raise AnsweredByTheOther if may_go(found.status, to, by_proposer=False) else JointAccountMoved
    now = clock.now()
    found.status, found.updated_at = to, now
    if to is JointStatus.OPEN:
        found.opened_at = now
    if to is JointStatus.CLOSED:
        found.closed_at = now
    db.session().flush()
    record(actor, f"joint_account.{said}", found)
    return found


def _identify(actor: Actor, found: JointAccount, named: Named) -> bool:
    """Let a joint account be recognised by what is said of it now, too, unless it is another one's; tell if any is."""
    sides = ("partnership_id", "first_organization_id", "second_organization_id")
    whose = {name: getattr(found, name) for name in sides} | {
        "joint_account_id": found.id,
        "told_by": actor.organization_id,
        "told_at": clock.now(),
    }
    domains = [whose | {"id": new_id(), "domain": one} for one in sorted(named.domains)]
    numbers = [whose | {"id": new_id()} | one._asdict() for one in sorted(named.numbers, key=str)]
    added = 0
    for model, rows in ((JointAccountDomain, domains), (JointAccountNumber, numbers)):
        if rows:
            statement = insert(model).on_conflict_do_nothing().returning(model.id)
            added += len(db.session().scalars(statement, rows).all())
    return added > 0


def _take_part(actor: Actor, found: JointAccount, account: Account | None) -> None:
    """Keep, for one's own side alone, which account this is and who works on it; what was said before stays."""
    side = queries.own_side(actor, found.id)
    if side is None:
        side = JointAccountSide(
            organization_id=actor.organization_id, joint_account_id=found.id, partnership_id=found.partnership_id
        )
        db.session().add(side)
    if account is not None:
        side.account_id = account.id
    if side.owner_id is None:
        side.owner_id = account.owner_id if account and account.owner_id else actor.user_id
    db.session().flush()
    _join_team(actor, found)


def _join_team(actor: Actor, found: JointAccount) -> None:
    """Let who proposed or agreed work on it, where they are a member: there is somebody to be introduced to."""
    member = partnerships.own_member(actor, found.partnership_id, actor.user_id)
    if member is None:
        return
    names = ("partnership_id", "first_organization_id", "second_organization_id")
    named = insert(JointAccountPerson).values(
        id=new_id(),
        **{name: getattr(found, name) for name in names},
        joint_account_id=found.id,
        organization_id=actor.organization_id,
        member_id=member.id,
        named_at=clock.now(),
    )
    db.session().execute(named.on_conflict_do_nothing())
