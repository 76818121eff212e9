"""What the world's won deal came to, what it earns whom, and a pay-out of it that waits."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from partnercrm.incentives.queries import books, fees, importing, questions, revenues
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from tests.factories import earnings
from tests.matrix.people import PEOPLE, Caller, colleagues
from tests.matrix.rules import Cells, is_oneself, joins, never, stands
from tests.matrix.things import Thing, World

_EURO: Final = {"amount": "1.00", "currency": "EUR"}


def earn(world: World) -> None:
    """Let Acme divide its share of the won deal, put a payment and another deal's win on record, and pay out."""
    won, dana, hank = world.one("deal", "won"), world.players["dana"], world.players["hank"]
    for player, who in ((dana, "sam"), (hank, "gina")):
        tag = player.response("GET", f"/deals/{won.id}/division").headers["ETag"]
        given = {"whole": 1, "participants": [{"user_id": world.person_id(who), "parts": 1}]}
        player.call("PUT", f"/deals/{won.id}/division", json=given, if_match=tag, expect=200)
    for one in dana.call("GET", f"/deals/{won.id}/revenues", expect=200)["items"]:
        world.things.append(replace(won, kind="revenue", state="won", id=one["id"]))
    earnings.follow(dana, hank)
    for name, player in (("acme", dana), ("globex", hank)):
        made = player.call("POST", "/pay-outs", json={"currency": "EUR"}, expect=201)
        world.things.append(Thing("pay-out", "proposed", name, made["id"], owner={"acme": "dana"}.get(name, "hank")))
        world.things.append(Thing("month", "open", name, made["id"]))
    row = {**_EURO, "external_id": "0", "email": world.players["sam"].email, "earned_on": str(clock.now().date())}
    dana.call("POST", "/earnings/import", json={"connector": "payroll", "earnings": [row]}, expect=200)
    for who in ("sam", "gina"):
        _wonder(world, who)


def _wonder(world: World, who: str) -> None:
    """Let a seller ask about one posting of their statement, and have another."""
    player, side = world.players[who], PEOPLE[who].organization
    payers = [name for name in colleagues(side) if books.PAY in PEOPLE[name].scopes]
    first, second = player.call("GET", "/earnings/statement", expect=200)["items"][:2]
    text = world.canaries.word(f"question of {who}", [who, *payers])
    asked = player.call("POST", "/earning-questions", json={"journal_id": first["id"], "question": text}, expect=201)
    world.things.append(Thing("earning question", "open", side, asked["id"], owner=who))
    world.things.append(Thing("posting", "one's own", side, second["id"], owner=who))


def _recorded(world: World, caller: Caller, deal: Any) -> dict[str, Any]:
    return {"json": {"kind": "invoiced", "amount": _EURO, "reference": "M-1", "happened_at": clock.now().isoformat()}}


def _refunded(world: World, caller: Caller, revenue: Any) -> dict[str, Any]:
    return {"json": {"amount": _EURO, "happened_at": "2099-01-01T00:00:00Z"}}


def _corrected(world: World, caller: Caller, person: Any) -> dict[str, Any]:
    return {"json": {"user_id": person.id, "amount": _EURO, "reason": "mistake"}}


def _imported(world: World, caller: Caller, person: Any) -> dict[str, Any]:
    who = {"enabled": "nora", "disabled": "dora", "partner's": "gina"}[person.state]
    email = world.players[who].email if person in world.of("user") else "nobody@nowhere.example"
    row = {**_EURO, "external_id": "1", "email": email, "earned_on": "2026-01-31"}
    return {"json": {"connector": "payroll", "earnings": [row]}}


def _by_another(caller: Caller, one: Thing) -> bool:
    return caller.person is not None and caller.person.name != one.owner


def is_owner(caller: Caller, one: Thing) -> bool:
    """Tell whether the caller asked."""
    return not _by_another(caller, one)


def _asked(world: World, caller: Caller, posting: Any) -> dict[str, Any]:
    return {"json": {"journal_id": posting.id, "question": "Why?"}}


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "list_revenues": (Cells(on="deal"), Cells(on="known deal")),
    "read_revenue": (Cells(on="revenue"),),
    "record_revenue": (
        Cells(on="deal", goes=stands("won"), body=_recorded),
        Cells(on="known deal", goes=never, body=_recorded),
    ),
    "refund_revenue": (Cells(on="revenue", goes=never, refused=422, body=_refunded),),
    **dict.fromkeys(("read_earnings", "list_statement", "list_ledger_periods"), (Cells(),)),
    "correct_earnings": (
        Cells(
            on="user",
            goes=lambda caller, person: not is_oneself(caller, person),
            refused=403,
            hidden=422,
            is_taken=True,
            body=_corrected,
        ),
    ),
    "import_earnings": (
        Cells(
            on="user",
            goes=lambda caller, person: not is_oneself(caller, person),
            refused=422,
            hidden=422,
            is_taken=True,
            body=_imported,
        ),
    ),
    "close_ledger_period": (
        Cells(
            on="month",
            goes=never,
            sees=lambda caller, month: True,
            body=lambda *_: {"json": {"starts_on": "2026-01-01"}},
        ),
    ),
    "read_fees": (Cells(on="partnership", sees=joins),),
    "list_pay_outs": (Cells(lists="pay-out"),),
    "propose_pay_out": (
        Cells(
            on="month",
            goes=never,
            sees=lambda caller, month: True,
            body=lambda *_: {"json": {"currency": "EUR"}},
        ),
    ),
    "read_pay_out": (Cells(on="pay-out"),),
    "approve_pay_out": (Cells(on="pay-out", goes=_by_another),),
    "withdraw_pay_out": (Cells(on="pay-out"),),
    "list_earning_questions": (Cells(lists="earning question"),),
    "ask_about_earnings": (Cells(on="posting", body=_asked),),
    "read_earning_question": (Cells(on="earning question"),),
    "answer_about_earnings": (
        Cells(on="earning question", goes=_by_another, refused=403, body=lambda *_: {"json": {"answer": "Look."}}),
    ),
    "withdraw_about_earnings": (Cells(on="earning question", goes=is_owner, refused=403),),
}


def _form(name: str) -> tuple[Cells, ...]:
    """Send as a form what the API's cells send as JSON: dotted names, days for moments."""

    def formed(cells: Cells) -> Cells:
        def body(world: World, caller: Caller, one: Any) -> dict[str, Any]:
            given = cells.body(world, caller, one)["json"] if cells.body else {}
            values = {name: value for name, value in given.items() if not isinstance(value, dict)}
            values |= {f"amount.{name}": value for name, value in given.get("amount", {}).items()}
            values |= {name: value[:10] for name, value in values.items() if name == "happened_at"}
            return {"data": {name: str(value) for name, value in values.items()}}

        return replace(cells, body=body)

    return tuple(formed(cells) for cells in CELLS[name])


PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    **{f"incentives_pages.{name}": (Cells(),) for name in ("my_earnings", "export_my_earnings", "pay_outs")},
    "incentives_pages.deal_came_to": (Cells(on="deal"), Cells(on="known deal")),
    **{f"incentives_pages.{name}": (Cells(on="revenue"),) for name in ("revenue", "refund")},
    **{f"incentives_pages.{name}": (Cells(on="pay-out"),) for name in ("pay_out", "export_pay_out")},
    **{
        f"incentives_pages.{name}": _form(name)
        for name in ("record_revenue", "refund_revenue", "propose_pay_out", "correct_earnings")
    },
    "incentives_pages.close_period": _form("close_ledger_period"),
    **{
        f"incentives_pages.{name}": CELLS[name]
        for name in ("approve_pay_out", "withdraw_pay_out", "withdraw_about_earnings")
    },
    "incentives_pages.earning_questions": (Cells(),),
    "incentives_pages.earning_question": (Cells(on="earning question"),),
    "incentives_pages.statement_item": (Cells(on="posting"),),
    **{f"incentives_pages.{name}": _form(name) for name in ("ask_about_earnings", "answer_about_earnings")},
}


def _acmes(name: str) -> Callable[[Actor, World], Sequence[Any]]:
    """Return what reads one of Acme's rows of a table of the books: as its seller, for everybody reads their own."""

    def read(actor: Actor, world: World) -> Sequence[Any]:
        is_ours = actor.organization_id == world.organizations["acme"] and name not in _OF_WHO_PAYS
        found = db.session().scalars(getattr(books, name)(world.players["sam"].actor if is_ours else actor))
        return [one for one in found if one.organization_id == world.organizations["acme"]][:1]

    return read


def _won(actor: Actor, world: World) -> Sequence[Any]:
    found = db.session().scalars(revenues.deal_revenues_seen_by(actor))
    return [one for one in found if str(one.partnership_id) == world.living][:1]


def _fees(actor: Actor, world: World) -> Sequence[Any]:
    found = db.session().scalars(fees.partner_entries_seen_by(actor))
    return [one for one in found if one.organization_id == world.organizations["acme"]][:1]


_OF_WHO_PAYS: Final = (
    "simulated_accruals_seen_by",
    "accrual_states_seen_by",
    "ledger_periods_seen_by",
    "pay_outs_seen_by",
)


def _brought_in(actor: Actor, world: World) -> Sequence[Any]:
    found = db.session().scalars(importing.imported_earnings_seen_by(actor))
    return [one for one in found if one.organization_id == world.organizations["acme"]]


def _questions(actor: Actor, world: World) -> Sequence[Any]:
    found = db.session().scalars(questions.earning_questions_seen_by(actor))
    return [one for one in found if one.organization_id == world.organizations["acme"]]


_OWNED: Final = (
    "ledger_entries",
    "lead_bonuses",
    "journals",
    "accruals",
    "simulated_accruals",
    "accrual_states",
    "ledger_periods",
    "pay_outs",
)
UNMARKED: Final = {
    "deal_revenues_seen_by": _won,
    "partner_entries_seen_by": _fees,
    "earning_questions_seen_by": _questions,
    "imported_earnings_seen_by": _brought_in,
    **{f"{name}_seen_by": _acmes(f"{name}_seen_by") for name in _OWNED},
}
