"""Reading what one lost alone, with the partners who were there; and a company's total of a year that is over."""

from collections.abc import Mapping as Values
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from partnercrm.accounts.losses import is_over, total, year_of
from partnercrm.accounts.models.losses import AccountLoss
from partnercrm.accounts.queries import introducing
from partnercrm.accounts.queries.introducing import Introduction
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page

SORTS = {"recorded_at": AccountLoss.recorded_at}


@dataclass(frozen=True, slots=True)
class LossSeen:
    """A loss as whoever had it sees it: who else was there, since when, as far as both sides agree to tell."""

    loss: AccountLoss
    partners: Sequence[Introduction]

    @property
    def id(self) -> UUID:
        """The id of the loss."""
        return self.loss.id


class YearOfLosses(NamedTuple):
    """How many accounts that a partner had too a company's people lost in a year; none of too few people."""

    year: int
    total: int | None


def losses_seen_by(actor: Actor) -> Select[AccountLoss]:
    """Return what the actor lost; nobody else's, and nothing they took back. What a CRM took back is among it."""
    return select(AccountLoss).where(
        AccountLoss.organization_id == actor.organization_id,
        AccountLoss.user_id == actor.user_id,
        AccountLoss.withdrawn_at.is_(None),
    )


def losses(actor: Actor, given: Values[str, Any]) -> Page:
    """Return a page of what the actor lost."""
    rows = losses_seen_by(actor)
    if "account_id" in given:
        rows = rows.where(AccountLoss.account_id == given["account_id"])
    found = page(actor, rows, given, sorts=SORTS, key=AccountLoss.id)
    return Page(_seen(actor, found.items), found.next)


def loss(actor: Actor, loss_id: UUID) -> LossSeen:
    """Return one of the actor's losses. Raises NotFound."""
    found = db.session().scalars(losses_seen_by(actor).where(AccountLoss.id == loss_id)).one_or_none()
    if found is None:
        raise NotFound
    return _seen(actor, [found])[0]


def loss_under(actor: Actor, connector: str, external_id: str) -> AccountLoss | None:
    """Return what stands under another system's key, whoever had it, also what they took back; for that system."""
    rows = select(AccountLoss).where(
        AccountLoss.organization_id == actor.organization_id,
        AccountLoss.connector == connector,
        AccountLoss.external_id == external_id,
    )
    return db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()


def year_of_losses(actor: Actor, year: int | None = None) -> YearOfLosses:
    """Return the company's total of a year, the last one unless named.

    None before it is over, and none of fewer than eight people.
    """
    year = year or clock.now().year - 1
    begins, ends = year_of(year)
    if not is_over(year, clock.now()):
        return YearOfLosses(year, None)
    rows = select(AccountLoss.user_id, func.count().label("lost")).where(
        AccountLoss.organization_id == actor.organization_id,
        AccountLoss.was_common,
        AccountLoss.withdrawn_at.is_(None),
        AccountLoss.recorded_at >= begins,
        AccountLoss.recorded_at < ends,
        # A total that was told stays: what moved it would be one person's.
        or_(AccountLoss.retracted_at.is_(None), AccountLoss.retracted_at >= ends),
    )
    counted = db.session().execute(rows.group_by(AccountLoss.user_id))
    return YearOfLosses(year, total({row.user_id: row.lost for row in counted}))


def _seen(actor: Actor, found: Sequence[AccountLoss]) -> list[LossSeen]:
    lost = {one.account_id for one in found if one.account_id and one.retracted_at is None}
    there = introducing.introduced(actor, list(lost))
    return [LossSeen(one, there.get(one.account_id, ()) if one.account_id in lost else ()) for one in found]
