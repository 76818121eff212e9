"""Reading what two organizations owe each other in fees by the own books, that both agree, and what it all costs."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, case, func, select, text

from partnercrm.incentives.models.ledgers import Accrual, Entry
from partnercrm.incentives.posting import Account
from partnercrm.incentives.queries.books import PAY
from partnercrm.incentives.sharing import Portion
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money
from partnercrm.partnerships.queries import is_open_to, joined_partnership

_UNMIRRORED: Final = text("SELECT * FROM step_unmirrored(:partnership_id)")


class FeeSum(NamedTuple):
    """What fees of one kind come to in a currency."""

    portion: Portion
    received: Money
    paid: Money


class Unmirrored(NamedTuple):
    """An event of which the two books say something different of a fee, and by how much they differ."""

    deal_id: UUID
    revenue_id: UUID
    portion: Portion
    difference: Money


class Cost(NamedTuple):
    """What the own sellers earned of a partnership's deals, beside what these deals credited to them."""

    earned: Money
    credited: Money

    @property
    def share(self) -> int | None:
        """How much of what was credited was earned, in millionths; None of nothing."""
        return self.earned.minor * 1_000_000 // self.credited.minor if self.credited.minor > 0 else None


class Fees(NamedTuple):
    """What is between two organizations; costs are told to who pays alone."""

    partnership_id: UUID
    fees: Sequence[FeeSum]
    unmirrored: Sequence[Unmirrored]
    costs: Sequence[Cost]


def partner_entries_seen_by(actor: Actor) -> Select[Entry]:
    """Return what the own books say of fees in the living partnerships that the actor is a member of."""
    return select(Entry).where(
        Entry.organization_id == actor.organization_id,
        Entry.account == Account.PARTNER,
        is_open_to(actor, Entry.partnership_id),  # type: ignore[arg-type]  # of this account there is one
    )


def fees(actor: Actor, partnership_id: UUID) -> Fees:
    """Return what two organizations owe each other, and where their books differ: nowhere. Raises NotFound."""
    partnership = joined_partnership(actor, partnership_id)
    # What a refund undoes takes from what was paid or received before, and is no fee the other way round.
    per_event = (
        partner_entries_seen_by(actor)
        .where(Entry.partnership_id == partnership.id)
        .with_only_columns(Entry.portion, Entry.currency, func.sum(Entry.minor).label("minor"))
        .group_by(Entry.portion, Entry.currency, Entry.revenue_id)
        .subquery()
    )
    received = func.sum(case((per_event.c.minor > 0, per_event.c.minor), else_=0))
    paid = func.sum(case((per_event.c.minor < 0, -per_event.c.minor), else_=0))
    sums = (
        select(per_event.c.portion, per_event.c.currency, received, paid)
        .group_by(per_event.c.portion, per_event.c.currency)
        .order_by(per_event.c.portion, per_event.c.currency)
    )
    return Fees(
        partnership.id,
        [
            FeeSum(Portion(portion), Money(int(got), currency), Money(int(gave), currency))
            for portion, currency, got, gave in db.rows(sums)
            if got or gave
        ],
        unmirrored(partnership.id),
        _costs(actor, partnership.id),
    )


def unmirrored(partnership_id: UUID) -> list[Unmirrored]:
    """Return where the books of a partnership's two sides differ, alike for both."""
    return [
        Unmirrored(deal_id, revenue_id, Portion(portion), Money(int(minor), currency))
        for deal_id, revenue_id, portion, currency, minor in db.rows(_UNMIRRORED, {"partnership_id": partnership_id})
    ]


def _costs(actor: Actor, partnership_id: UUID) -> list[Cost]:
    if not actor.has(PAY):
        return []
    rows = (
        select(Accrual.currency, func.sum(Accrual.earned_change), func.sum(Accrual.credit_change))
        .where(Accrual.organization_id == actor.organization_id, Accrual.partnership_id == partnership_id)
        .group_by(Accrual.currency)
        .order_by(Accrual.currency)
    )
    return [
        Cost(Money(int(earned), currency), Money(int(credited), currency))
        for currency, earned, credited in db.rows(rows)
    ]
