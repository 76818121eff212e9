"""Reading what registered deals told partners of a company: one's own, and one's answers to the partner's."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy.orm import selectinload

from partnercrm.accounts.models import Account
from partnercrm.accounts.queries.receipts import joint_accounts_of
from partnercrm.accounts.receipts import Receipt, Through
from partnercrm.deals.models import Registration
from partnercrm.deals.queries import registrations_seen_by
from partnercrm.deals.registering import Party
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.tiers import Tier

_ALWAYS: Final = ("involvement", "close_on", "entry_stage", "lost_before")
_MOST: Final = 200


def of_account(actor: Actor, account: Account) -> Iterator[Receipt]:
    """Yield what partners know of an account by deals registered with its joint accounts.

    A name goes with the joint account, and is taken back there; the rest stands as long as the registration.
    """
    if not actor.has("deals:read"):
        return
    rows = registrations_seen_by(actor).where(Registration.joint_account_id.in_(joint_accounts_of(actor, account)))
    with_steps = rows.options(selectinload(Registration.evidence))
    for one in db.session().scalars(with_steps.limit(_MOST)):
        is_ours = one.party_of(actor.organization_id) is Party.REGISTRANT
        since = one.submitted_at if is_ours else one.decided_at or one.submitted_at
        for field in _told(one) if is_ours else _answered(one):
            yield Receipt(one.partnership_id, field, Tier.PARTNER_INTERNAL, since, Through.REGISTRATION, one.id)


def _told(one: Registration) -> Iterator[str]:
    yield from _ALWAYS
    yield "value_band" if one.value_minor is None else "value"
    said = {"product_line": one.product_line_id, "asks": one.asks, "evidence": one.evidence}
    yield from (field for field, told in said.items() if told)


def _answered(one: Registration) -> Iterator[str]:
    if one.direct_deal is not None:
        yield "direct_deal"
