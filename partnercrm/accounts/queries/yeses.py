"""Reading one's own yeses and what came of them; nobody reads anybody else's, colleagues no more than partners."""

from collections.abc import Mapping as Values
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.mappings import MappingStatus
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.mapping import Mapping
from partnercrm.accounts.models.yeses import AccountYes, Opening
from partnercrm.accounts.queries.mapping import mappings_seen_by
from partnercrm.accounts.tiers import MappingTier, discloses
from partnercrm.activity.models import Activity
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships.models import Member, PartnershipSide
from partnercrm.partnerships.queries import is_open_to
from partnercrm.web.paging import Page, page

TAKEN_BACK: Final = "account_yes.taken_back"
YES_SORTS = {"said_at": AccountYes.said_at}
OPENING_SORTS = {"made_at": Opening.made_at}
_SINGLY = [tier for tier in MappingTier if discloses(tier).which]


@dataclass(frozen=True, slots=True)
class YesSeen:
    """A yes as the person who said it sees it: what it opened, if it did."""

    yes: AccountYes
    opening_id: UUID | None

    @property
    def id(self) -> UUID:
        """The id of the yes."""
        return self.yes.id

    @property
    def partnership_id(self) -> UUID:
        """The partnership it was said in."""
        return self.yes.partnership_id


@dataclass(frozen=True, slots=True)
class OpeningSeen:
    """An opening as one of its two people sees it: the own account, and whom it opened to by which name."""

    opening: Opening
    yes_id: UUID
    account_id: UUID | None
    member_id: UUID
    their_account: str
    their_reach: str

    @property
    def id(self) -> UUID:
        """The id of the opening."""
        return self.opening.id


def yeses_seen_by(actor: Actor) -> Select[AccountYes]:
    """Return what the actor said in the living partnerships that the actor is a member of."""
    return select(AccountYes).where(
        AccountYes.organization_id == actor.organization_id,
        AccountYes.user_id == actor.user_id,
        is_open_to(actor, AccountYes.partnership_id),
    )


def openings_seen_by(actor: Actor) -> Select[Opening]:
    """Return what the actor's own yeses opened in living partnerships."""
    mine = actor.organization_id
    said = exists().where(
        AccountYes.organization_id == mine,
        AccountYes.user_id == actor.user_id,
        AccountYes.id.in_((Opening.first_yes_id, Opening.second_yes_id)),
    )
    return select(Opening).where(
        or_(Opening.first_organization_id == mine, Opening.second_organization_id == mine),
        said,
        is_open_to(actor, Opening.partnership_id),
    )


def yeses(actor: Actor, given: Values[str, Any]) -> Page:
    """Return a page of the actor's yeses that stand or opened something."""
    rows = _standing(actor)
    if "account_id" in given:
        rows = rows.where(AccountYes.account_id == given["account_id"])
    found = page(actor, rows, given, sorts=YES_SORTS, key=AccountYes.id)
    return Page(_yeses(found.items), found.next)


def yes(actor: Actor, yes_id: UUID) -> YesSeen:
    """Return one of the actor's yeses. Raises NotFound."""
    found = db.session().scalars(_standing(actor).where(AccountYes.id == yes_id)).one_or_none()
    if found is None:
        raise NotFound
    return _yeses([found])[0]


def said_of(actor: Actor, account_id: UUID) -> Sequence[YesSeen]:
    """Return the actor's yeses about one account."""
    rows = _standing(actor).where(AccountYes.account_id == account_id).order_by(AccountYes.said_at, AccountYes.id)
    return _yeses(db.session().scalars(rows).all())


def count_unanswered(actor: Actor, partnership_id: UUID, *, but: UUID) -> int:
    """Return how many of the actor's yeses stand unanswered in a partnership, but for those about one account."""
    rows = yeses_seen_by(actor).where(
        AccountYes.partnership_id == partnership_id,
        AccountYes.account_id != but,
        AccountYes.expires_at > clock.now(),
        ~_opened(),
    )
    return db.session().execute(select(func.count()).select_from(rows.subquery())).scalar_one()


def count_taken_back(actor: Actor, since: datetime) -> int:
    """Return how many yeses the actor took back since a moment, by the organization's own record."""
    rows = select(func.count()).where(
        Activity.organization_id == actor.organization_id,
        Activity.recorded_at >= since,
        Activity.user_id == actor.user_id,
        Activity.verb == TAKEN_BACK,
    )
    return db.session().execute(rows).scalar_one()


def openings(actor: Actor, given: Values[str, Any]) -> Page:
    """Return a page of what the actor's yeses opened."""
    found = page(actor, openings_seen_by(actor), given, sorts=OPENING_SORTS, key=Opening.id)
    return Page(_openings(actor, found.items), found.next)


def openings_of(actor: Actor, account_id: UUID) -> Sequence[OpeningSeen]:
    """Return what the actor's yeses about one account opened."""
    about = select(AccountYes.id).where(
        AccountYes.organization_id == actor.organization_id, AccountYes.account_id == account_id
    )
    rows = openings_seen_by(actor).where(or_(Opening.first_yes_id.in_(about), Opening.second_yes_id.in_(about)))
    return _openings(actor, db.session().scalars(rows).all())


def opening(actor: Actor, opening_id: UUID) -> OpeningSeen:
    """Return one of the actor's openings. Raises NotFound."""
    found = db.session().scalars(openings_seen_by(actor).where(Opening.id == opening_id)).one_or_none()
    if found is None:
        raise NotFound
    return _openings(actor, [found])[0]


def partners_to_ask(actor: Actor) -> Sequence[PartnershipSide]:
    """Return the partners with whom single overlaps are agreed to be told, whatever they have, by name."""
    agreed = (
        mappings_seen_by(actor)
        .where(Mapping.status == MappingStatus.AGREED, Mapping.tier.in_(_SINGLY))
        .with_only_columns(Mapping.partnership_id)
    )
    rows = select(PartnershipSide).where(
        PartnershipSide.other_id == actor.organization_id, PartnershipSide.partnership_id.in_(agreed)
    )
    return db.session().scalars(rows.order_by(PartnershipSide.name, PartnershipSide.partnership_id)).all()


def names(actor: Actor, seen: Sequence[YesSeen | OpeningSeen]) -> dict[UUID, str]:
    """Return what the accounts of these, and the people behind these openings, are called, by their ids."""
    accounts_of = {one.yes.account_id if isinstance(one, YesSeen) else one.account_id for one in seen}
    members = {one.member_id for one in seen if isinstance(one, OpeningSeen)}
    mine = accounts.accounts_seen_by(actor).with_only_columns(Account.id, Account.name)
    theirs = select(Member.id, Member.name).where(
        Member.other_id == actor.organization_id, is_open_to(actor, Member.partnership_id), Member.id.in_(members)
    )
    found = (mine.where(Account.id.in_(accounts_of)), theirs)
    return {row.id: row.name for rows in found for row in db.session().execute(rows)}


def unanswered(actor: Actor, partnership_id: UUID) -> Sequence[UUID]:
    """Return, for the clock, the yeses of the actor's side in a partnership that nobody answered, oldest first."""
    rows = select(AccountYes.id).where(
        AccountYes.organization_id == actor.organization_id,
        AccountYes.partnership_id == partnership_id,
        AccountYes.expires_at > clock.now(),
        ~_opened(),
    )
    return db.session().scalars(rows.order_by(AccountYes.said_at, AccountYes.id)).all()


def made_opening(actor: Actor, opening_id: UUID) -> Opening | None:
    """Return, for whoever let a yes be heard, the opening it made under this id, if it made one."""
    mine = actor.organization_id
    rows = select(Opening).where(
        or_(Opening.first_organization_id == mine, Opening.second_organization_id == mine), Opening.id == opening_id
    )
    return db.session().scalars(rows).one_or_none()


def who_said(actor: Actor, opening_id: UUID) -> UUID | None:
    """Return which of the actor's people an opening concerns, for telling them."""
    rows = select(AccountYes.user_id).where(
        AccountYes.organization_id == actor.organization_id,
        Opening.id == opening_id,
        or_(Opening.first_yes_id == AccountYes.id, Opening.second_yes_id == AccountYes.id),
        is_open_to(actor, Opening.partnership_id),
    )
    return db.session().scalars(rows).one_or_none()


def _opened() -> Any:
    return exists().where(or_(Opening.first_yes_id == AccountYes.id, Opening.second_yes_id == AccountYes.id))


def _standing(actor: Actor) -> Select[AccountYes]:
    """Return what the actor said and has not ended: it stands, or it opened something."""
    return yeses_seen_by(actor).where(or_(AccountYes.expires_at > clock.now(), _opened()))


def _yeses(found: Sequence[AccountYes]) -> list[YesSeen]:
    ids = [one.id for one in found]
    rows = select(Opening).where(or_(Opening.first_yes_id.in_(ids), Opening.second_yes_id.in_(ids)))
    opened = {yes_id: one.id for one in db.session().scalars(rows) for yes_id in (one.first_yes_id, one.second_yes_id)}
    return [YesSeen(one, opened.get(one.id)) for one in found]


def _openings(actor: Actor, found: Sequence[Opening]) -> list[OpeningSeen]:
    said = yeses_seen_by(actor).where(
        AccountYes.id.in_([yes_id for one in found for yes_id in (one.first_yes_id, one.second_yes_id)])
    )
    about = {one.id: one.account_id for one in db.session().scalars(said)}
    seen = []
    for one in found:
        ours, theirs = (
            ("first", "second") if one.first_organization_id == actor.organization_id else ("second", "first")
        )
        yes_id: UUID = getattr(one, f"{ours}_yes_id")
        told = (getattr(one, f"{theirs}_{what}") for what in ("member_id", "account", "reach"))
        seen.append(OpeningSeen(one, yes_id, about.get(yes_id), *told))
    return seen
