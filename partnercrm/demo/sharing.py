"""The demo's splits: one agreed by the template of the terms before the deal was won, one that waits for an answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from partnercrm.incentives.actions import dividing
from partnercrm.incentives.actions import sharing as actions
from partnercrm.incentives.queries import agreements, divisions
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships.agreements import EntryStage, PartnerRole, Payer

_NO_FEES: Final = dict.fromkeys(("referral_fee", "referral_payer", "revenue_share", "revenue_payer"))
TEMPLATES: Final[list[dict[str, Any]]] = [
    {
        "name": "We sell together from the start",
        "origin_id": None,
        "role": PartnerRole.CO_SELL,
        "from_stage": EntryStage.PROSPECT,
        "source_split": 600_000,
        "source_overlay": 0,
        "partner_overlay": 50_000,
        **_NO_FEES,
    },
    {
        "name": "The partner comes in late",
        "origin_id": None,
        "role": PartnerRole.CO_SELL,
        "from_stage": EntryStage.BUSINESS_VALIDATION,
        "source_split": 800_000,
        "source_overlay": 0,
        "partner_overlay": 25_000,
        **_NO_FEES,
    },
    {
        "name": "Only referred",
        "origin_id": None,
        "role": PartnerRole.REFERRAL,
        "from_stage": EntryStage.PROSPECT,
        "source_split": 0,
        "source_overlay": 0,
        "partner_overlay": 0,
        **_NO_FEES,
        "referral_fee": 100_000,
        "referral_payer": Payer.PARTNER,
    },
]


def share(managers: tuple[Actor, Actor], sellers: tuple[UUID, UUID], now: datetime, won: UUID, going: UUID) -> None:
    """Let the two managers have agreed about one deal and one of them wait about another; the first divides its share.

    `sellers` are the first manager's, who get two parts and one.
    """
    ours, theirs = managers
    with db.transaction(ours, read_only=True):
        [template] = [one for one in agreements.sharing_of(ours, won).templates if one.role is PartnerRole.CO_SELL]
    given = {"based_on": 0, "role": PartnerRole.CO_SELL, "template_id": template.id}
    proposed = _at(ours, now - timedelta(days=60), lambda: actions.propose_split(ours, won, given).id)
    _at(theirs, now - timedelta(days=58), lambda: actions.accept_split(theirs, proposed))
    _at(theirs, now - timedelta(days=1), lambda: actions.propose_split(theirs, going, given))
    parts = [{"user_id": one, "parts": part} for one, part in zip(sellers, (2, 1), strict=True)]
    divided = {"whole": 3, "participants": parts}
    tag = divisions.version_tag(won, 0)
    _at(ours, now - timedelta(days=57), lambda: dividing.divide_share(ours, won, divided, tag))


def _at(actor: Actor, moment: datetime, act: Callable[[], Any]) -> Any:
    with clock.at(moment), db.transaction(actor):
        return act()
