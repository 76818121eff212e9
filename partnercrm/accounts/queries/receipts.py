"""Reading what partners know of one's own account, and how it looks through a partner's own queries."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.joint import (
    JointAccount,
    JointAccountDomain,
    JointAccountNumber,
    JointAccountSide,
)
from partnercrm.accounts.models.mapping import DisclosedAccount, OverlapDisclosure
from partnercrm.accounts.models.withheld import WithheldField
from partnercrm.accounts.queries import joint, overlaps, yeses
from partnercrm.accounts.queries.withheld import withheld_seen_by
from partnercrm.accounts.receipts import Receipt, Through, Told
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.queries import is_open_to
from partnercrm.partnerships.tiers import Tier

_COLUMNS: Final = {
    field: "owner_member_id" if field is Told.OWNER else field.value for field in Told if field is not Told.NUMBER
}
_MOST: Final = 500
Source = Callable[[Actor, Account], Iterable[Receipt]]
_sources: Final[list[Source]] = []


class Receipts(NamedTuple):
    """What partners know of an account, and what is withheld from them."""

    account_id: UUID
    receipts: Sequence[Receipt]
    withheld: Sequence[WithheldField]


class AsPartner(NamedTuple):
    """What a partner's own queries return of an account: copies told by mappings, and joint accounts."""

    account_id: UUID
    partnership_id: UUID
    copies: Sequence[OverlapDisclosure]
    joint_accounts: Sequence[JointAccount]


def install(sources: Iterable[Source]) -> None:
    """Say what else, above accounts, tells partners of companies."""
    _sources[:] = sources


def _given_copies(actor: Actor) -> Select[OverlapDisclosure]:
    """Return what the actor's side disclosed in the living partnerships that the actor is a member of."""
    return select(OverlapDisclosure).where(
        OverlapDisclosure.discloser_id == actor.organization_id, is_open_to(actor, OverlapDisclosure.partnership_id)
    )


def receipts(actor: Actor, account_id: UUID) -> Receipts:
    """Return what partners know of an account, by partnership, way and field. Raises NotFound."""
    account = accounts.account(actor, account_id).account
    told = [*_by_mappings(actor, account_id), *_by_joint_accounts(actor, account), *_by_openings(actor, account_id)]
    told += [one for source in _sources for one in source(actor, account)]
    kept = withheld_seen_by(actor).where(WithheldField.account_id == account_id)
    withheld = db.session().scalars(kept.order_by(WithheldField.partnership_id, WithheldField.field)).all()
    return Receipts(account_id, sorted(told, key=_place), withheld)


def as_partner(actor: Actor, account_id: UUID, partnership_id: UUID) -> AsPartner:
    """Return what a partner reads of an account, found by the partner's own queries behind one's own walls.

    The queries are asked in the partner's name, so that only what the partner may see is found; the database still
    knows who really asks, so that of the partner's own rows none can be. Raises NotFound.
    """
    account = accounts.account(actor, account_id).account
    partner = in_name_of_partner(actor, partnership_id)
    copies = overlaps.copies_seen_by(partner).where(OverlapDisclosure.id.in_(_disclosures_of(actor, account_id)))
    shared = joint.joint_accounts_seen_by(partner).where(
        JointAccount.id.in_(joint_accounts_of(actor, account)), JointAccount.partnership_id == partnership_id
    )
    return AsPartner(
        account_id,
        partnership_id,
        db.session().scalars(copies.order_by(OverlapDisclosure.disclosed_at, OverlapDisclosure.id).limit(_MOST)).all(),
        db.session()
        .scalars(joint.whole(shared).order_by(JointAccount.proposed_at, JointAccount.id).limit(_MOST))
        .all(),
    )


def in_name_of_partner(actor: Actor, partnership_id: UUID) -> Actor:
    """Return an actor of the other side, for its queries alone: it writes nothing, and no wall opens to it.

    Raises NotFound.
    """
    partnership = partnerships.joined_partnership(actor, partnership_id, loading=())
    scopes = frozenset({"accounts:read", "leads:read", "partnerships:read"})
    other = partnership.other(actor.organization_id)
    return Actor(other, scopes=scopes, partnership_ids=frozenset({partnership_id}))


def joint_sides_of(actor: Actor, account: Account, partnership_id: UUID) -> Sequence[JointAccount]:
    """Return the joint accounts of one partnership that are one's own account, locked in the order of ids."""
    rows = joint.merged_or_not(actor).where(
        JointAccount.id.in_(joint_accounts_of(actor, account)), JointAccount.partnership_id == partnership_id
    )
    return db.session().scalars(rows.order_by(JointAccount.id).with_for_update()).all()


def _disclosures_of(actor: Actor, account_id: UUID) -> Select[UUID]:
    return select(DisclosedAccount.disclosure_id).where(
        DisclosedAccount.organization_id == actor.organization_id, DisclosedAccount.account_id == account_id
    )


def joint_accounts_of(actor: Actor, account: Account) -> Select[UUID]:
    """Return the joint accounts that are one's own account: where that is said, or where one's own side told of it.

    Who named a company without saying which account it is told of the account all the same: by one of its domains or
    numbers, or by its name where neither was told.
    """
    side, mine = JointAccountSide, actor.organization_id
    said = joint.merged_or_not(actor).join(
        side, (side.organization_id == mine) & (side.joint_account_id == JointAccount.id), isouter=True
    )
    merged = select(Account.id).where(Account.organization_id == mine, Account.merged_into_id == account.id)
    domains = _told_by(JointAccountDomain, mine)
    numbers = _told_by(JointAccountNumber, mine)
    is_told = or_(
        domains.where(JointAccountDomain.domain.in_({one.domain for one in account.domains})).exists(),
        numbers.where(JointAccountNumber.number.in_({one.number for one in account.numbers})).exists(),
    )
    is_named = (
        (JointAccount.opened_by == mine)
        & (func.lower(JointAccount.name) == func.lower(account.name))
        & ~domains.exists()
        & ~numbers.exists()
    )
    is_it = or_(side.account_id == account.id, side.account_id.in_(merged))
    return said.where(is_it | (side.account_id.is_(None) & (is_told | is_named))).with_only_columns(JointAccount.id)


def _told_by(model: type[JointAccountDomain | JointAccountNumber], organization_id: UUID) -> Select[UUID]:
    return select(model.id).where(model.joint_account_id == JointAccount.id, model.told_by == organization_id)


def _by_mappings(actor: Actor, account_id: UUID) -> Iterator[Receipt]:
    rows = _given_copies(actor).where(OverlapDisclosure.id.in_(_disclosures_of(actor, account_id)))
    for copy in db.session().scalars(rows.limit(_MOST)):
        told = Tier.PARTNER_INTERNAL, copy.disclosed_at, Through.MAPPING, copy.mapping_id
        for field, column in _COLUMNS.items():
            if getattr(copy, column) is not None:
                yield Receipt(copy.partnership_id, field, *told)


def _by_joint_accounts(actor: Actor, account: Account) -> Iterator[Receipt]:
    rows = joint.merged_or_not(actor).where(JointAccount.id.in_(joint_accounts_of(actor, account)))
    mine = actor.organization_id
    for one in db.session().scalars(joint.whole(rows).limit(_MOST)):
        told = [(Told(name), one.proposed_at) for name in ("name", "city", "country") if getattr(one, name)]
        said = told if one.opened_by == mine else []
        said += [(Told.DOMAIN, domain.told_at) for domain in one.domains if domain.told_by == mine]
        said += [(Told.NUMBER, number.told_at) for number in one.numbers if number.told_by == mine]
        for field, since in said:
            yield Receipt(one.partnership_id, field, Tier.PARTNER_INTERNAL, since, Through.JOINT_ACCOUNT, one.id)


def _by_openings(actor: Actor, account_id: UUID) -> Iterator[Receipt]:
    """Yield what the reader's own yeses opened: nobody else is told that somebody said yes."""
    for seen in yeses.openings_of(actor, account_id):
        opening = seen.opening
        told = Tier.NEED_TO_KNOW, opening.made_at, Through.MUTUAL_YES, opening.id
        yield Receipt(opening.partnership_id, Told.NAME, *told)


def _place(one: Receipt) -> tuple[str, str, str, str]:
    return str(one.partnership_id), one.through, str(one.through_id), one.field
