"""The reciprocity report counted anew from its export alone: `python tests/recount.py record.jsonl MOMENT`, or `.csv`.

Knows nothing of partnercrm: an auditor of either side could have written it. Prints what each organization gave, and
how it answered; what is overdue depends on the moment the record is as of, the second argument.
"""

import csv
import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from statistics import median_low
from typing import Any

DECIMALS = {"JPY": 0, "KWD": 3}
LEAST_CLOSED = 8
TOTALS = {"pursued", "influenced"}
CONTESTS = {"contested", "corrected", "upheld", "claimed", "restored", "left_as_is"}


def entries(file: Path) -> list[dict[str, str]]:
    text = file.read_bytes().decode()
    if file.suffix == ".jsonl":
        return [{name: value or "" for name, value in json.loads(line).items()} for line in text.splitlines()]
    return list(csv.DictReader(text.splitlines()))


def recount(file: Path, as_of: datetime) -> dict[str, Any]:
    everything = entries(file)
    rows = [row for row in everything if row["step"] not in TOTALS]
    corrected = {row["offer_id"] for row in rows if row["step"] == "corrected"}
    withdrawn = {row["offer_id"] for row in rows if row["step"] == "withdrawn"}
    told: dict[str, Any] = {}
    for side in sorted({row[name] for row in rows for name in ("giver_id", "receiver_id")}):
        given = [row for row in rows if row["giver_id"] == side]
        counted = [as_counted(row, corrected) for row in given if not is_taken_back(row, withdrawn)]
        told[side] = {
            "given": dict(sorted(Counter(row["step"] for row in counted if row["step"] not in CONTESTS).items())),
            "won_values": sums(row for row in counted if row["step"] == "won"),
            "declined_for": dict(sorted(Counter(row["reason"] for row in given if row["step"] == "declined").items())),
            "responses": responses([row for row in rows if row["receiver_id"] == side], as_of),
            "months": months(counted),
            "won_value": str(sum(converted(row) for row in counted if row["step"] == "won")),
            "expected_value": expected([row for row in rows if row["giver_id"] == side]),
            "in_all": in_all([row for row in everything if row["giver_id"] == side]),
        }
    return told


def in_all(given: list[dict[str, str]]) -> int:
    """Return how many leads are credited: qualified, restored by a case, or told in a window's total beyond these."""
    totals = [row for row in given if row["step"] in TOTALS]
    restored = [row["offer_id"] for row in given if row["step"] == "restored"]
    over = [over_in([row for row in given if row["offer_id"] == one]) for one in restored]
    beyond = 0
    for row in totals:
        first, _, last = row["window"].partition("..")
        settled = sum(first <= month <= last for month in over)
        beyond += max(0, int(row["leads"]) - settled) if row["step"] == "pursued" else -int(row["leads"])
    return sum(row["counts"] == "yes" and row["step"] != "accepted" for row in given) + beyond


def over_in(steps: list[dict[str, str]]) -> str:
    """Return the month in which a lead's time was over: 180 days after its offer, or when it came back if later."""
    moments = {row["step"]: datetime.fromisoformat(row["happened_at"]) for row in steps}
    came_back = max(moments[step] for step in ("declined", "expired", "returned") if step in moments)
    return f"{max(moments['offered'] + timedelta(days=180), came_back).astimezone(UTC):%Y-%m}"


def is_taken_back(row: dict[str, str], withdrawn: set[str]) -> bool:
    return row["step"] == "offered" and row["offer_id"] in withdrawn


def as_counted(row: dict[str, str], corrected: set[str]) -> dict[str, str]:
    wrong = row["step"] == "disqualified" and row["offer_id"] in corrected
    return {**row, "step": "qualified"} if wrong else row


def converted(row: dict[str, str]) -> Decimal:
    return Decimal(row["converted.amount"] or 0)


def sums(rows: Any) -> dict[str, str]:
    found: Counter[str] = Counter()
    for row in rows:
        if row["value.amount"]:
            found[row["value_currency"]] += Decimal(row["value.amount"])
    return {currency: str(found[currency]) for currency in sorted(found)}


def months(rows: list[dict[str, str]]) -> dict[str, dict[str, int]]:
    names = ("offered", "accepted", "accepted_again", "qualified", "won", "credited", "restored")
    found = {month: dict.fromkeys(names, 0) for month in sorted({row["happened_at"][:7] for row in rows})}
    for row in rows:
        month, counts = found[row["happened_at"][:7]], row["counts"] == "yes"
        if row["step"] == "restored":
            month["restored"] += counts
            continue
        if row["step"] in names:
            month[row["step"]] += 1
        if row["step"] == "accepted":
            month["accepted_again"] += not counts
        else:
            month["credited"] += counts
    return {month: counts for month, counts in found.items() if any(counts.values())}


def responses(received: list[dict[str, str]], as_of: datetime) -> dict[str, Any]:
    offered = {row["offer_id"]: row["happened_at"] for row in received if row["step"] == "offered"}
    accepted = {row["offer_id"] for row in received if row["step"] == "accepted"}
    at_once = [row for row in received if row["step"] == "disqualified" and row["offer_id"] not in accepted]
    answers = [row for row in received if row["step"] in {"accepted", "declined"}] + at_once
    went_on = {row["offer_id"] for row in received if row["step"] != "offered"}
    waits = [row for row in received if row["offer_id"] not in went_on]
    moments = [(datetime.fromisoformat(row["happened_at"]), row) for row in answers]
    taken = [moment - datetime.fromisoformat(offered[row["offer_id"]]) for moment, row in moments]
    return {
        "answered": len(answers),
        "in_time": sum(moment <= datetime.fromisoformat(row["respond_by"]) for moment, row in moments),
        "median_seconds": int(median_low(taken).total_seconds()) if taken else None,
        "expired": sum(row["step"] == "expired" for row in received),
        "waiting": len(waits),
        "overdue": sum(datetime.fromisoformat(row["respond_by"]) < as_of for row in waits),
    }


def expected(given: list[dict[str, str]]) -> str:
    """Return what was expected of accepted leads, scaled by what came of closed ones once there are eight of them."""
    hoped = {row["offer_id"]: row for row in given if row["step"] == "accepted" and row["converted.amount"]}
    closed = [row for row in given if row["step"] in {"won", "lost"} and row["offer_id"] in hoped]
    known = [row for row in closed if row["step"] == "lost" or row["converted.amount"]]
    before = sum(Fraction(hoped[row["offer_id"]]["converted.amount"]) for row in known)
    came = sum(Fraction(row["converted.amount"] or 0) for row in known)
    ratio = came / before if len(known) >= LEAST_CLOSED and before else Fraction(1)
    digits = next((DECIMALS.get(row["converted.currency"], 2) for row in hoped.values()), 2)
    counting = [row for row in hoped.values() if row["counts"] == "yes"]
    units = sum(round(Fraction(row["converted.amount"]) * 10**digits * ratio) for row in counting)
    return str(Decimal(units).scaleb(-digits)) if units else "0"


if __name__ == "__main__":
    json.dump(recount(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])), sys.stdout)
