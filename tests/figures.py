"""What the README's journey must lead to, counted from the CSV alone: `python tests/figures.py leads.csv PRODUCT`.

Knows nothing of partnercrm. A lead is passed over while the same account's lead for the product is still being
worked on; after one that was just won or lost it ends as a duplicate instead of being accepted.
"""

import csv
import json
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path


def figures(export: Path, product: str) -> dict[str, object]:
    with export.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    named = [row for row in rows if row["account"]]
    counts: Counter[str] = Counter()
    worked_on: set[str] = set()
    done_with: set[str] = set()
    value = Decimal(0)
    for row in (row for row in named if row["product"] == product):
        if row["account"] in worked_on:
            continue
        counts.update(["offered"])
        if row["account"] in done_with:
            counts.update(["disqualified"])
            continue
        counts.update(["accepted"])
        if row["deal_stage"] in {"Won", "Lost"}:
            counts.update(["qualified", "converted", row["deal_stage"].lower()])
            done_with.add(row["account"])
        else:
            worked_on.add(row["account"])
        if row["deal_stage"] == "Won":
            value += Decimal(row["close_value"])
    return {
        "rows": len(rows),
        "entered": len(named),
        "skipped": len(rows) - len(named),
        "given": dict(counts),
        "won_value": f"{value:.2f}",
    }


if __name__ == "__main__":
    json.dump(figures(Path(sys.argv[1]), sys.argv[2]), sys.stdout)
