"""The demo's registered deals: one protected, one waiting, one to be filled in, and a conflict that is appealed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from partnercrm.deals.actions import appealing, registering, reviewing
from partnercrm.deals.conflicts import EvidenceKind
from partnercrm.deals.registering import AskedField, Involvement
from partnercrm.demo.agreeing import Lines
from partnercrm.demo.exchanging import HANK
from partnercrm.demo.settling import GINA, SAM
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money

_MET: Final = EvidenceKind.MEETING_HELD


class Told(Protocol):
    """What the story has come to so far."""

    lines: Lines | None

    @property
    def partnership(self) -> UUID:
        """The partnership of Acme and Globex."""

    def called(self, email: str) -> Actor:
        """Return the person with this address as an actor."""


class _Deal(NamedTuple):
    """A deal with a company: registered so many days ago, resting on a step so many days before that."""

    company: str
    days: float
    kind: EvidenceKind
    rests_on: float
    amount: int


_PROTECTED: Final = _Deal("Kestrel Foods", 21, _MET, 26, 180_000)
_ASKED: Final = _Deal("Larkfield Hospitals", 3, EvidenceKind.NEED_CONFIRMED, 4, 64_000)
_WAITING: Final = _Deal("Marlow Shipping", 0.8, EvidenceKind.PROPOSAL_SENT, 2, 310_000)
_OUTWEIGHED: Final = _Deal("Norwood Printing", 6, _MET, 8, 95_000)
_HOLDING: Final = _Deal("Norwood Printing", 4, EvidenceKind.NEED_CONFIRMED, 30, 90_000)
_CLAIM: Final = "We were in the same room: the need was confirmed in our workshop, of which you wrote the notes."


def register(world: Told, now: datetime) -> None:
    """Let both sides have registered deals, and see one company differently."""
    sam, gina, hank = (world.called(who) for who in (SAM, GINA, HANK))
    protected = _registered(world, sam, now, _PROTECTED)
    approved = {"note": "Our team in Hamburg joins from the first workshop.", "direct_deal": False}
    _done(hank, now - timedelta(days=19), reviewing.approve, protected, approved)
    met = {"kind": _MET, "happened_at": now - timedelta(days=17)}
    _done(sam, now - timedelta(days=16), reviewing.extend, protected, met)
    asked = _registered(world, sam, now, _ASKED)
    more = {"asked_fields": [AskedField.CLOSE_ON], "note": "Is this year's budget still open?"}
    _done(hank, now - timedelta(days=1), reviewing.ask_for_more, asked, more)
    _registered(world, gina, now, _WAITING)
    lost = _registered(world, sam, now, _OUTWEIGHED)
    _registered(world, gina, now, _HOLDING)
    _done(sam, now - timedelta(days=2), appealing.appeal, lost, {"claim": _CLAIM})


def _registered(world: Told, actor: Actor, now: datetime, deal: _Deal) -> UUID:
    at = now - timedelta(days=deal.days)
    given: Mapping[str, Any] = {
        "partnership_id": world.partnership,
        "account": {"name": deal.company, "domain": f"{deal.company.split()[0].lower()}.example", "country": "DE"},
        "product_line_id": (world.lines.ids if world.lines else {}).get("Warehouse software"),
        "value": Money(deal.amount * 100, "EUR"),
        "close_on": (at + timedelta(days=120)).date(),
        "asks": "A reference call with one of your customers.",
        "involvement": Involvement.CO_SELL,
        "evidence": [{"kind": deal.kind, "happened_at": at - timedelta(days=deal.rests_on)}],
    }
    made_id: UUID = _done(actor, at, registering.register_deal, given).id
    return made_id


def _done(actor: Actor, at: datetime, act: Any, *given: Any) -> Any:
    with clock.at(at), db.transaction(actor):
        return act(actor, *given)
