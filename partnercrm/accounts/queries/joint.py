"""Reading joint accounts: those of the partnerships the reader is a member of, and what one's own side keeps."""

from collections.abc import Collection, Sequence
from collections.abc import Mapping as Values
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import selectinload

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.joint import JointStatus, Known, Named, standing
from partnercrm.accounts.models import Account, AccountDomain
from partnercrm.accounts.models.joint import (
    JointAccount,
    JointAccountDomain,
    JointAccountNumber,
    JointAccountSide,
)
from partnercrm.accounts.numbers import Number
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership
from partnercrm.web.paging import Page, page

SORTS: Final[Values[str, Any]] = {
    "name": func.coalesce(func.lower(JointAccount.name), ""),
    "proposed_at": JointAccount.proposed_at,
}


def joint_accounts_seen_by(actor: Actor) -> Select[JointAccount]:
    """Return the joint accounts of the living partnerships that the actor is a member of.

    Not what was merged into another.
    """
    return merged_or_not(actor).where(JointAccount.merged_into_id.is_(None))


def merged_or_not(actor: Actor) -> Select[JointAccount]:
    """Return the joint accounts of these partnerships with those that were merged."""
    mine = actor.organization_id
    return select(JointAccount).where(
        or_(JointAccount.first_organization_id == mine, JointAccount.second_organization_id == mine),
        partnerships.is_open_to(actor, JointAccount.partnership_id),
    )


def whole(rows: Select[JointAccount]) -> Select[JointAccount]:
    """Return the rows with the domains and numbers of each, in two statements more however many there are."""
    return rows.options(selectinload(JointAccount.domains), selectinload(JointAccount.numbers))


def joint_accounts(actor: Actor, given: Values[str, Any]) -> Page:
    """Return a page of the joint accounts."""
    rows = joint_accounts_seen_by(actor)
    for name in ("partnership_id", "status"):
        if name in given:
            rows = rows.where(getattr(JointAccount, name) == given[name])
    if "q" in given:
        rows = rows.where(func.lower(JointAccount.name).contains(given["q"].lower(), autoescape=True))
    if "account_id" in given:
        rows = rows.where(JointAccount.id.in_(_of_account(actor, given["account_id"])))
    return page(actor, whole(rows), given, sorts=SORTS, key=JointAccount.id)


def joint_account(actor: Actor, joint_account_id: UUID) -> JointAccount:
    """Return one joint account with its domains and numbers. Raises NotFound."""
    return _one(joint_accounts_seen_by(actor).where(JointAccount.id == joint_account_id))


def joint_account_to_step(actor: Actor, joint_account_id: UUID) -> tuple[JointAccount, Partnership]:
    """Return one joint account, locked, and its partnership, which cannot end meanwhile. Raises NotFound."""
    rows = joint_accounts_seen_by(actor).where(JointAccount.id == joint_account_id)
    partnership = partnerships.held_partnership(actor, _one(rows).partnership_id)
    return _one(rows, lock=True), partnership


def held(partnership_id: UUID, ids: Collection[UUID]) -> Values[UUID, JointAccount]:
    """Return joint accounts of a partnership the actor was found in, merged ones too, locked in the order of ids."""
    rows = select(JointAccount).where(JointAccount.partnership_id == partnership_id, JointAccount.id.in_(ids))
    fresh = rows.order_by(JointAccount.id).with_for_update().execution_options(populate_existing=True)
    return {one.id: one for one in db.session().scalars(fresh)}


def standing_in(actor: Actor, partnership_id: UUID, named: Named) -> JointAccount | None:
    """Return the joint account that is the company named, locked.

    Whoever else names a company in the partnership waits until the transaction ends.
    """
    key = func.hashtextextended(f"joint/{partnership_id}", 0)
    db.session().execute(select(func.pg_advisory_xact_lock(key)))
    there = select(JointAccount).where(JointAccount.partnership_id == partnership_id)
    likely = db.session().scalars(whole(there.where(_may_be(partnership_id, named)))).all()
    found = standing(named, [_known(one) for one in likely])
    if found is None:
        return None
    return _one(joint_accounts_seen_by(actor).where(JointAccount.id == survivor_of(found)), lock=True)


def survivor_of(joint_account_id: UUID) -> UUID:
    """Return what a joint account was merged into, however often; itself where it was not."""
    chain = (
        select(JointAccount.id, JointAccount.merged_into_id)
        .where(JointAccount.id == joint_account_id)
        .cte(recursive=True)
    )
    above = select(JointAccount.id, JointAccount.merged_into_id).join(chain, JointAccount.id == chain.c.merged_into_id)
    chain = chain.union_all(above)
    survivor: UUID = db.session().execute(select(chain.c.id).where(chain.c.merged_into_id.is_(None))).scalar_one()
    return survivor


def merged_ids(joint_account_id: UUID) -> list[UUID]:
    """Return a joint account's id and those of what was merged into it, however often."""
    chain = select(JointAccount.id).where(JointAccount.id == joint_account_id).cte(recursive=True)
    chain = chain.union_all(select(JointAccount.id).join(chain, JointAccount.merged_into_id == chain.c.id))
    return list(db.session().scalars(select(chain.c.id)))


def open_beside(actor: Actor, found: JointAccount) -> Sequence[JointAccount]:
    """Return the other open joint accounts of the same partnership, by name, at most 100."""
    rows = joint_accounts_seen_by(actor).where(
        JointAccount.partnership_id == found.partnership_id,
        JointAccount.id != found.id,
        JointAccount.status == JointStatus.OPEN,
    )
    return db.session().scalars(rows.order_by(func.lower(JointAccount.name), JointAccount.id).limit(100)).all()


def merged_into(found: JointAccount) -> Sequence[JointAccount]:
    """Return what was merged into a joint account that the actor was found to see, by name."""
    rows = select(JointAccount).where(
        JointAccount.partnership_id == found.partnership_id, JointAccount.merged_into_id == found.id
    )
    return db.session().scalars(rows.order_by(func.lower(JointAccount.name), JointAccount.id).limit(100)).all()


def suggested(actor: Actor, found: JointAccount) -> Sequence[Account]:
    """Return which of one's own accounts a joint account seems to be, by a domain in common; at most 5."""
    domains = {one.domain for one in found.domains}
    known = exists().where(
        AccountDomain.organization_id == Account.organization_id,
        AccountDomain.account_id == Account.id,
        AccountDomain.domain.in_(domains),
    )
    rows = accounts.accounts_seen_by(actor).where(known)
    return db.session().scalars(rows.order_by(func.lower(Account.name), Account.id).limit(5)).all()


def count_proposed(actor: Actor) -> int:
    """Return how many joint accounts wait for the answer of the actor's side, 100 for more than 99."""
    rows = joint_accounts_seen_by(actor).where(
        JointAccount.status == JointStatus.PROPOSED, JointAccount.opened_by != actor.organization_id
    )
    return db.session().execute(select(func.count()).select_from(rows.limit(100).subquery())).scalar_one()


def own_side(actor: Actor, joint_account_id: UUID) -> JointAccountSide | None:
    """Return what the actor's own side keeps of a joint account."""
    rows = select(JointAccountSide).where(
        JointAccountSide.organization_id == actor.organization_id,
        JointAccountSide.joint_account_id == joint_account_id,
    )
    return db.session().scalars(rows).one_or_none()


def count_owned(actor: Actor, user_id: UUID) -> int:
    """Return on how many joint accounts one of the organization's people works, for who lets people go."""
    rows = select(func.count()).where(
        JointAccountSide.organization_id == actor.organization_id, JointAccountSide.owner_id == user_id
    )
    return db.session().execute(rows).scalar_one()


def _of_account(actor: Actor, account_id: UUID) -> Select[UUID]:
    return select(JointAccountSide.joint_account_id).where(
        JointAccountSide.organization_id == actor.organization_id, JointAccountSide.account_id == account_id
    )


def _may_be(partnership_id: UUID, named: Named) -> ColumnElement[bool]:
    by_domain = select(JointAccountDomain.joint_account_id).where(
        JointAccountDomain.partnership_id == partnership_id, JointAccountDomain.domain.in_(named.domains)
    )
    by_number = select(JointAccountNumber.joint_account_id).where(
        JointAccountNumber.partnership_id == partnership_id,
        JointAccountNumber.number.in_({one.number for one in named.numbers}),
    )
    is_called = func.lower(JointAccount.name) == func.lower(named.name)
    return or_(JointAccount.id.in_(by_domain), JointAccount.id.in_(by_number), is_called)


def _known(one: JointAccount) -> Known:
    numbers = frozenset(Number(said.scheme, said.country, said.number) for said in one.numbers)
    return Known(one.id, one.name, one.country, frozenset(said.domain for said in one.domains), numbers)


def _one(rows: Select[JointAccount], *, lock: bool = False) -> JointAccount:
    fresh = whole(rows).execution_options(populate_existing=True)
    found = db.session().scalars(fresh.with_for_update(of=JointAccount) if lock else fresh).one_or_none()
    if found is None:
        raise NotFound
    return found
