"""A credit that a case restores counts wherever qualified leads do, and once for a company's need in 90 days."""

from typing import Any

from tests.cast import Cast
from tests.factories import leads
from tests.leads.test_claiming import CLAIM
from tests.leads.test_contesting import settle
from tests.leads.test_findings import agreed
from tests.leads.test_marks import told as clusters

ONE = {"company_name": "Contoso", "need": "Anvils"}


def declined(cast: Cast, **fields: Any) -> str:
    """Return a lead of Acme's that Globex declined."""
    made = leads.offer(cast.sam, cast.partnership_id, **fields)
    leads.step(cast.gina, made["id"], "decline", reason="no_fit")
    return str(made["id"])


def restored(cast: Cast, offer_id: str) -> None:
    """Claim a declined lead's credit, and find in a case that its giver is due it."""
    cast.sam.call("POST", f"/offers/{offer_id}/claim-credit", json=CLAIM, expect=200)
    [case] = cast.gina.call("GET", "/cases?kind=lead_pursued&status=open", expect=200)["items"]
    settle(cast, case["id"], "corrected")


def qualified(cast: Cast, **fields: Any) -> None:
    """Give a lead of Acme's that Globex qualifies, and take its company back, so that it can be given again."""
    made = leads.offer(cast.sam, cast.partnership_id, **fields)
    for verb in ("accept", "qualify"):
        leads.step(cast.gina, made["id"], verb)
    cast.sam.call("POST", f"/offers/{made['id']}/take-back", expect=200)


def counted(cast: Cast) -> dict[str, int]:
    """Return what each place of the report counts for Acme where qualified leads are the measure."""
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    by = {
        name: cast.dana.call("GET", path, query_string={"by": name}, expect=200)
        for name in ("month", "product", "region", "industry")
    }
    report = by["month"]
    sheet = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}/fact-sheet", expect=200)
    acme = [one["name"] for one in report["organizations"]].index("Acme")
    place = ("first", "second")[acme]
    [exchange] = [one for one in report["exchanges"] if one["measure"] == "qualified"]
    periods = clusters(cast.hank, cast).values()
    return {
        "exchange": exchange[place],
        "index": report["index"][place],
        "findings": report["findings"]["present"][place],
        "in_all": report["organizations"][acme]["credit"]["in_all"],
        "months": sum(month[place]["credited"] + month[place]["restored"] for month in report["months"]),
        "clusters": sum(
            kind.size * many
            for measured in periods
            for kind, many in measured.get("qualified", {}).items()
            if kind.place == acme
        ),
        "sheet": sum(row[place] for one in sheet["segments"] for row in one["rows"]) // len(sheet["segments"]),
        **{name: one["reckoning"][place]["leads"] for name, one in by.items()},
        **{f"rows by {name}": sum(row[place]["leads"] for row in one["reckoning"]["rows"]) for name, one in by.items()},
    }


def test_a_restored_credit_counts_in_index_verdict_months_and_rows_alike(cast: Cast) -> None:
    agreed(cast, measure="qualified", window_months=1)
    offer_id = declined(cast, **ONE)
    assert set(counted(cast).values()) == {0}

    restored(cast, offer_id)

    assert set(counted(cast).values()) == {1}, counted(cast)


def test_a_need_whose_credit_was_restored_is_not_credited_again_within_ninety_days(cast: Cast) -> None:
    agreed(cast, measure="qualified", window_months=1)
    restored(cast, declined(cast, **ONE))

    qualified(cast, **ONE)

    assert set(counted(cast).values()) == {1}, counted(cast)


def test_a_need_that_was_qualified_is_not_credited_again_by_a_case(cast: Cast) -> None:
    agreed(cast, measure="qualified", window_months=1)
    offer_id = declined(cast, **ONE)
    qualified(cast, **ONE)

    restored(cast, offer_id)

    assert set(counted(cast).values()) == {1}, counted(cast)
