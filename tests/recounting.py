"""A report and an export of the same moment, side by side: what tests/recount.py must find, given what was told."""

from decimal import Decimal
from typing import Any

from tests.cast import Cast, Player

COUNTED = ("offered", "accepted", "accepted_again", "qualified", "won", "credited", "restored")


def told(player: Player, cast: Cast, **query: str) -> tuple[bytes, Any]:
    """Return the report as this player reads it: its bytes and what they say."""
    answer = player.response("GET", path(cast), query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.data, answer.json


def exported(player: Player, cast: Cast, form: str, as_of: str, currency: str = "EUR") -> bytes:
    """Return the record as this player exports it."""
    asked = {"format": form, "as_of": as_of, "currency": currency}
    answer = player.response("GET", f"{path(cast)}/steps", query_string=asked)
    assert answer.status_code == 200
    assert answer.headers["Record-As-Of"] == as_of
    content: bytes = answer.data
    return content


def expected_of(whole: Any, won: Any) -> dict[str, Any]:
    """Return what must be counted anew, of a report by expected value and one by won value."""
    return {
        side["organization_id"]: {
            "given": {step: count for step, count in sorted(side["given"].items()) if count},
            "won_values": {one["currency"]: one["amount"] for one in side["won_values"]},
            "declined_for": {one["reason"]: one["count"] for one in side["declined_for"]},
            "responses": side["responses"],
            "months": {month["month"]: _counts(month[name]) for month in whole["months"] if _gave(month[name])},
            "won_value": _plain(won["reckoning"][name]["value"]["amount"]),
            "expected_value": _plain(whole["reckoning"][name]["value"]["amount"]),
            "in_all": side["credit"]["in_all"],
        }
        for name, side in zip(("first", "second"), whole["organizations"], strict=True)
    }


def path(cast: Cast) -> str:
    """Return where the report is."""
    return f"/partnerships/{cast.partnership_id}/reciprocity"


def _counts(month: dict[str, Any]) -> dict[str, int]:
    return {name: month[name] for name in COUNTED}


def _gave(month: dict[str, Any]) -> bool:
    return any(_counts(month).values())


def _plain(amount: str) -> str:
    return str(Decimal(amount)) if Decimal(amount) else "0"
