"""The demo's enablement: what Acme's sellers are to know of Globex, a certificate that ran out, and what both say."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

from partnercrm.demo.exchanging import DANA, HANK
from partnercrm.demo.settling import Told
from partnercrm.enablement.actions import gating, keeping, learning, measuring, proposing
from partnercrm.enablement.items import GateMode, ItemKind, Taught
from partnercrm.integrations.actions import results
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor

_USUAL: Final[dict[str, Any]] = {
    "text": "",
    "link": None,
    "quiz": [],
    "pass_percent": 80,
    "roles": [Taught.SELLER],
    "is_must_know": True,
    "valid_days": None,
    "renew_days": 30,
}
_NOTE: Final = _USUAL | {
    "kind": ItemKind.ACKNOWLEDGE,
    "title": "What Globex adds to our offers",
    "text": "Globex connects and supports what we install. Name Gina or Omar before the customer asks who does it.",
}
_CERTIFICATE: Final = _USUAL | {
    "kind": ItemKind.CERTIFICATE,
    "title": "Certified for joint installations",
    "valid_days": 180,
    "text": "One day with Globex's engineers; it holds for half a year.",
}
_SAID: Final[dict[str, Any]] = {
    "locale": "en",
    "industry": "",
    "sentences": [
        "You get one team that sells, installs and supports.",
        "What breaks is mended by whoever is nearer, and you call one number.",
        "Customers like you ran a month earlier than with two suppliers.",
    ],
    "question": "What does the customer get first?",
    "answers": ["One team for all of it", "A lower price", "A longer contract"],
    "right_answer": 0,
}


def teach(world: Told, now: datetime) -> None:
    """Let Acme keep a programme for eight months: Sam's certificate ran out, Theo never got one; both say the same."""
    dana, hank, sam, theo = (world.called(who) for who in (DANA, HANK, "sam@acme.example", "theo@acme.example"))
    begun = now - timedelta(days=240)
    note = _done(dana, begun, keeping.make_item, world.partnership, _NOTE)
    certificate = _done(dana, begun, keeping.make_item, world.partnership, _CERTIFICATE)
    for seller in (sam, theo):
        _done(seller, begun + timedelta(days=9), learning.acknowledge_item, note.id)
    passed = begun + timedelta(days=40)
    sent = f"id;email;item;passed;score;when\n4711;sam@acme.example;{certificate.title};yes;92;{passed.isoformat()}\n"
    from_lms = {"connector": "lms", "dry_run": False}
    _done(dana, passed + timedelta(days=1), results.import_results, BytesIO(sent.encode()), from_lms)
    warns = {"registering": GateMode.WARN, "receiving": GateMode.OFF}
    _done(dana, begun + timedelta(days=60), gating.set_gates, world.partnership, warns, None)
    proposed = _done(dana, now - timedelta(days=90), proposing.propose_proposition, world.partnership, _SAID)
    _done(hank, now - timedelta(days=88), proposing.agree_proposition, proposed.id)
    for actor in (dana, hank):
        _done(Actor.system(actor.organization_id), now, measuring.publish_coverage)


def _done(actor: Actor, at: datetime, act: Any, *given: Any) -> Any:
    with clock.at(at), db.transaction(actor):
        return act(actor, *given)
