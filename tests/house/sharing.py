"""Splits of deals for generated requests and long lists."""

from datetime import date
from itertools import count
from typing import Any, Final

from partnercrm.incentives.models.ledgers import LedgerPeriod
from partnercrm.kernel import clock, db
from tests.cast import Cast, Player, person
from tests.factories import earnings, incentives, splits
from tests.factories.deals import opened

_numbers = count(1)


def things(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return deals and proposals to try by operation."""
    theirs = [_proposed(cast, cast.hank) for _ in range(9)]
    ours = [_proposed(cast, manager) for _ in range(3)]
    free = [_opened(cast) for _ in range(6)]
    return {
        "read_split_proposal.proposal_id": [theirs[0]["id"]],
        "accept_split.proposal_id": [one["id"] for one in theirs[:3]],
        "decline_split.proposal_id": [one["id"] for one in theirs[3:6]],
        "change_split.proposal_id": [one["id"] for one in theirs[6:]],
        "withdraw_split.proposal_id": [one["id"] for one in ours],
        "propose_split.deal_id": [one["id"] for one in free[:3]],
        "divide_share.deal_id": [one["id"] for one in free[3:]],
        **_earned(cast, manager),
        "split sides": [str(one.actor.organization_id) for one in (manager, cast.hank)],
        "split people": [str(manager.actor.user_id)],
    }


def _earned(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return won deals, what they came to, and pay-outs to try by operation."""
    earnings.paid(cast)
    won = [earnings.won(cast, company=f"Won{next(_numbers)}") for _ in range(2)]
    events = [earnings.revenues(cast.sam, one)[0]["id"] for one in won]
    earnings.follow(cast.dana)
    approver = person(cast.app, cast.dana.actor.organization_id, "Eve", "eve@acme.example", "executive")
    pay_outs = []
    for currency in ("EUR", "CHF", "USD", "SEK", "NOK", "DKK", "GBP", "PLN", "CZK"):
        body = {"amount": {"amount": "5.00", "currency": currency}, "user_id": str(cast.sam.actor.user_id)}
        cast.dana.call("POST", "/corrections", json=body | {"reason": "agreed"}, expect=201)
        made = approver.call("POST", "/pay-outs", json={"currency": currency}, expect=201)
        pay_outs.append(made["id"])
    body = {"amount": {"amount": "5.00", "currency": "HUF"}, "user_id": str(cast.sam.actor.user_id)}
    cast.dana.call("POST", "/corrections", json=body | {"reason": "agreed"}, expect=201)
    months = [date(2020, month, 1) for month in range(1, 10)]
    with db.transaction(cast.dana.actor):
        for month in months:
            db.session().add(LedgerPeriod(organization_id=cast.dana.actor.organization_id, starts_on=month))
    return {
        **_questioned(cast, manager),
        "months": [month.isoformat() for month in months for _ in range(3)],
        "revenue_id": events,
        "record_revenue.deal_id": [one["id"] for one in won],
        "read_pay_out.pay_out_id": pay_outs[:1],
        "approve_pay_out.pay_out_id": pay_outs[1:5],
        "withdraw_pay_out.pay_out_id": pay_outs[5:],
        "refunded": [clock.now().isoformat()],
        "earners": [str(cast.sam.actor.user_id)],
        "earners' addresses": [cast.sam.email],
    }


def _questioned(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return postings of the caller's that nobody asked about, and questions of the caller's and of a colleague's."""
    mine, sams = (_postings(cast, player) for player in (manager, cast.sam))
    given = [{"journal_id": one, "question": "Why?"} for one in mine[:3]]
    asked = [manager.call("POST", "/earning-questions", json=one, expect=201)["id"] for one in given]
    given = [{"journal_id": one, "question": "Why?"} for one in sams[:3]]
    return {
        "ask_about_earnings.journal_id": mine[3:],
        "read_earning_question.question_id": asked[:1],
        "withdraw_about_earnings.question_id": asked,
        "answer_about_earnings.question_id": [
            cast.sam.call("POST", "/earning-questions", json=one, expect=201)["id"] for one in given
        ],
    }


def _postings(cast: Cast, player: Player) -> list[str]:
    body = {"amount": {"amount": "5.00", "currency": "EUR"}, "user_id": str(player.actor.user_id), "reason": "goodwill"}
    for _ in range(6):
        cast.dana.call("POST", "/corrections", json=body, expect=201)
    return [one["id"] for one in player.call("GET", "/earnings/statement?limit=6", expect=200)["items"]]


def _opened(cast: Cast) -> dict[str, Any]:
    return opened(cast, cast.sam, company=f"Wingtip{next(_numbers)}")


def _proposed(cast: Cast, player: Player) -> dict[str, Any]:
    return splits.propose(player, _opened(cast), splits.split(cast))


def many_proposals(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so many splits be proposed; return who lists them where."""
    for _ in range(number):
        _proposed(cast, cast.dana)
    return cast.gina, "/split-proposals"


def many_agreements(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so many versions of one split be agreed; return who lists them where."""
    found = cast.sam.call("GET", "/deals", expect=200)["items"]
    deal = found[0] if found else _opened(cast)
    begun = cast.sam.call("GET", f"/deals/{deal['id']}/sharing", expect=200)["version"]
    for place in range(number):
        splits.agree(cast, deal, 100_000 + begun + place)
    return cast.gina, f"/deals/{deal['id']}/split-agreements"


def many_revenues(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so many payments of one won deal be on record; return who lists them where."""
    found = cast.sam.call("GET", "/deals?stage=closed_won", expect=200)["items"]
    deal = found[0] if found else earnings.won(cast, company="Listed")
    for _ in range(number):
        earnings.recorded(cast.dana, deal, "paid", "5.00", reference=f"R-{next(_numbers)}")
    return cast.gina, f"/deals/{deal['id']}/revenues"


def many_postings(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so much be corrected of one seller; return who lists it where."""
    body = {"amount": {"amount": "5.00", "currency": "EUR"}, "reason": "agreed"}
    for _ in range(number):
        body["user_id"] = str(cast.sam.actor.user_id)
        cast.dana.call("POST", "/corrections", json=body, expect=201)
    return cast.sam, "/earnings/statement"


def many_questions(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so much be asked about one seller's statement; return who lists it where."""
    many_postings(cast, number)
    for item in cast.sam.call("GET", f"/earnings/statement?limit={number}", expect=200)["items"]:
        cast.sam.call("POST", "/earning-questions", json={"journal_id": item["id"], "question": "Why?"}, expect=201)
    return cast.dana, "/earning-questions"


def many_pay_outs(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so many pay-outs be proposed and taken back; return who lists them where."""
    many_postings(cast, 1)
    for _ in range(number):
        made = cast.dana.call("POST", "/pay-outs", json={"currency": "EUR"}, expect=201)
        cast.dana.call("POST", f"/pay-outs/{made['id']}/withdraw", expect=200)
    return cast.dana, "/pay-outs"


def many_months(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so many months of the books have begun; return who lists them where."""
    begun = len(cast.dana.call("GET", "/ledger-periods", expect=200)["items"])
    with db.transaction(cast.dana.actor):
        for place in range(begun, begun + number):
            month = date(2030 + place // 12, place % 12 + 1, 1)
            db.session().add(LedgerPeriod(organization_id=cast.dana.actor.organization_id, starts_on=month))
    return cast.dana, "/ledger-periods"


LISTS: Final = incentives.LISTS | {
    "list_revenues": many_revenues,
    "list_statement": many_postings,
    "list_earning_questions": many_questions,
    "list_pay_outs": many_pay_outs,
    "list_ledger_periods": many_months,
    "list_split_proposals": many_proposals,
    "list_split_agreements": many_agreements,
}
