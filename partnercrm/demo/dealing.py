"""The demo's deals: registered, waiting, to be filled in, in conflict with an appeal; worked on, won and lost."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from partnercrm.deals.actions import appealing, attaching, drafting, registering, reviewing, selling, working
from partnercrm.deals.conflicts import EvidenceKind
from partnercrm.deals.entries import EntryKind
from partnercrm.deals.queries import coming
from partnercrm.deals.queries import selling as deals
from partnercrm.deals.registering import AskedField, Involvement
from partnercrm.deals.stages import LossReason, Stage
from partnercrm.demo import paying, sharing
from partnercrm.demo.agreeing import Lines
from partnercrm.demo.exchanging import DANA, HANK
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
    """A deal with a company: registered so many days ago, resting on a step so many days before that.

    And how far its side had come alone by then, and whether it had lost it before.
    """

    company: str
    days: float
    kind: EvidenceKind
    rests_on: float
    amount: int
    entry_stage: Stage = Stage.PROSPECT
    lost_before: bool = False


_PROTECTED: Final = _Deal("Kestrel Foods", 21, _MET, 26, 180_000)
_ASKED: Final = _Deal("Larkfield Hospitals", 3, EvidenceKind.NEED_CONFIRMED, 4, 64_000)
_WAITING: Final = _Deal("Marlow Shipping", 0.8, EvidenceKind.PROPOSAL_SENT, 2, 310_000)
_OUTWEIGHED: Final = _Deal("Norwood Printing", 6, _MET, 8, 95_000)
_HOLDING: Final = _Deal("Norwood Printing", 4, EvidenceKind.NEED_CONFIRMED, 30, 90_000)
_WON: Final = _Deal("Ostrander Logistics", 74, _MET, 78, 240_000)
_LOST: Final = _Deal("Pellworm Ferries", 66, EvidenceKind.NEED_CONFIRMED, 70, 52_000, Stage.BUSINESS_VALIDATION, True)
_OPEN: Final = _Deal("Quayside Markets", 40, EvidenceKind.PROPOSAL_SENT, 45, 150_000)
_NOTES: Final = b"Quayside, 14 markets. Stock is counted by hand twice a week; the need is confirmed.\n"
_CLAIM: Final = "We were in the same room: the need was confirmed in our workshop, of which you wrote the notes."


def register(world: Told, now: datetime) -> None:
    """Let both sides have registered and worked on deals, and see one company differently."""
    _work(world, now)
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
    _from_lead(world, now)
    begun = {"partnership_id": world.partnership, "account": {"name": "Rosewater Hotels"}, "asks": "Who knows them?"}
    _done(sam, now - timedelta(hours=3), drafting.draft_deal, begun)


def _from_lead(world: Told, now: datetime) -> None:
    """Let Globex register a deal that a lead of Acme's became: Acme sourced it."""
    gina, dana = world.called(GINA), world.called(DANA)
    with db.transaction(gina, read_only=True):
        leads = [one for one in coming.leads_worked_on(gina) if one.called and one.partnership_id == world.partnership]
    if leads and leads[-1].called:
        came = _Deal(leads[-1].called, 5, _MET, 6, 70_000)
        registered = _registered(world, gina, now, came, offer_id=leads[-1].id)
        _done(dana, now - timedelta(days=3), reviewing.approve, registered, {})


def _work(world: Told, now: datetime) -> None:
    """Let both sides have worked on deals: one won, one lost to which the partner was called late, one going on."""
    sam, gina, hank, dana = (world.called(who) for who in (SAM, GINA, HANK, DANA))
    paying.pay(dana, (sam, dana), now, "Field sales", 50_000)
    paying.pay(hank, (gina,), now, "Account managers", 40_000)
    paying.win_alone(dana, world.partnership, now)
    won = _approved(world, sam, hank, now, _WON)
    shown = {"kind": _MET, "happened_at": now - timedelta(days=45)}
    _done(gina, now - timedelta(days=44), selling.log_event, won, shown)
    for days, who, stage in (
        (66, sam, Stage.QUALIFIED),
        (52, gina, Stage.TECHNICAL_VALIDATION),
        (37, gina, Stage.BUSINESS_VALIDATION),
        (20, sam, Stage.COMMITTED),
        (9, sam, Stage.CLOSED_WON),
    ):
        _moved(who, now - timedelta(days=days), won, stage)
    lost = _approved(world, gina, dana, now, _LOST)
    _moved(sam, now - timedelta(days=31), lost, Stage.CLOSED_LOST, LossReason.PRICE)
    going = _approved(world, gina, dana, now, _OPEN)
    _moved(sam, now - timedelta(days=25), going, Stage.TECHNICAL_VALIDATION)
    _moved(gina, now - timedelta(days=12), going, Stage.QUALIFIED)
    closes = {"close_on": (now + timedelta(days=75)).date()}
    _changed(sam, now - timedelta(days=5), selling.change_deal, going, closes)
    noted = {"kind": EntryKind.COMMENT, "text": "They want to see the scanners run in one of their own markets first."}
    _done(gina, now - timedelta(days=11), working.write, going, noted)
    _done(gina, now - timedelta(days=11), attaching.attach_file, going, BytesIO(_NOTES), "Workshop notes.txt")
    planned = {"kind": EntryKind.NEXT_STEP, "text": "Agree on a market and a week.", "due_on": now.date()}
    _done(sam, now - timedelta(days=8), working.write, going, planned)
    if sam.user_id and dana.user_id:
        sharing.share((dana, hank), (sam.user_id, dana.user_id), now, won, going)


def _approved(world: Told, actor: Actor, other: Actor, now: datetime, deal: _Deal) -> UUID:
    """Let a deal be registered, and approved by the other side three days later; return the deal's id."""
    registered = _registered(world, actor, now, deal)
    approved = _done(other, now - timedelta(days=deal.days - 3), reviewing.approve, registered, {})
    with db.transaction(actor, read_only=True):
        if (found := deals.held_by(actor, approved.registration)) is None:
            raise LookupError(registered)
        return found.id


def _moved(actor: Actor, at: datetime, deal_id: UUID, stage: Stage, reason: LossReason | None = None) -> None:
    _changed(actor, at, selling.move_deal, deal_id, {"stage": stage, "reason": reason})


def _changed(actor: Actor, at: datetime, act: Any, deal_id: UUID, given: Mapping[str, Any]) -> None:
    with db.transaction(actor, read_only=True):
        read = deals.deal(actor, deal_id).version_tag
    _done(actor, at, act, deal_id, given, read)


def _registered(world: Told, actor: Actor, now: datetime, deal: _Deal, offer_id: UUID | None = None) -> UUID:
    at = now - timedelta(days=deal.days)
    given: Mapping[str, Any] = {
        "partnership_id": world.partnership,
        "account": {"name": deal.company, "domain": f"{deal.company.split()[0].lower()}.example", "country": "DE"},
        "product_line_id": (world.lines.ids if world.lines else {}).get("Warehouse software"),
        "offer_id": offer_id,
        "value": Money(deal.amount * 100, "EUR"),
        "close_on": (at + timedelta(days=120)).date(),
        "asks": "A reference call with one of your customers.",
        "involvement": Involvement.CO_SELL,
        "entry_stage": deal.entry_stage,
        "lost_before": deal.lost_before,
        "evidence": [{"kind": deal.kind, "happened_at": at - timedelta(days=deal.rests_on)}],
    }
    made_id: UUID = _done(actor, at, registering.register_deal, given).id
    return made_id


def _done(actor: Actor, at: datetime, act: Any, *given: Any) -> Any:
    with clock.at(at), db.transaction(actor):
        return act(actor, *given)
