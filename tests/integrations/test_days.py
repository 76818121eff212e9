"""Days in a file: read where there is one way to, asked about where there are two, told where there is none."""

import pytest

from partnercrm.integrations import jobs
from tests.cast import Cast
from tests.factories import imports

HEADER = "id,account,product,until\n"
MAPPING = "external_id=id,company_name=account,need=product,expected_close_on=until"


def test_doubtful_days_are_asked_about_before_anything_is_read(cast: Cast) -> None:
    rows = "1,Contoso,Kite,3/4/2026\n2,Fabrikam,Kite,\n"
    sent = imports.sent(cast.sam, rows, header=HEADER, mapping=MAPPING)
    assert sent["date_form"] is None

    refused = cast.sam.call("POST", f"/imports/{sent['id']}/start", json={}, expect=422)

    assert [error["field"] for error in refused["errors"]] == ["date_form"]
    path = f"/imports/{sent['id']}"
    tag = cast.sam.response("GET", path).headers["ETag"]
    cast.sam.call("PATCH", path, json={"date_form": "day_first"}, if_match=tag, expect=200)
    tag = cast.sam.response("GET", path).headers["ETag"]
    kept_form = cast.sam.call("PATCH", path, json={"has_header": True}, if_match=tag, expect=200)
    assert kept_form["date_form"] == "day_first"
    imports.run(cast.sam, sent)
    leads = imports.kept(cast.sam)
    assert (leads["1"]["expected_close_on"], leads["2"]["expected_close_on"]) == ("2026-04-03", None)
    listed = cast.sam.call("GET", "/leads?sort=expected_close_on", expect=200)["items"]
    assert [lead["external_id"] for lead in listed] == ["1", "2"]


@pytest.mark.parametrize(
    ("day", "form"),
    [("2026-03-14", "iso"), ("14/3/2026", "day_first"), ("14.03.2026", "day_first"), ("3/14/2026", "month_first")],
)
def test_a_day_that_can_be_read_in_one_way_is_read_so_and_undone(cast: Cast, day: str, form: str) -> None:
    imports.run(cast.sam, imports.sent(cast.sam, f"1,Contoso,Kite,{day}\n", header=HEADER, mapping=MAPPING))
    sent = imports.sent(cast.sam, "1,Contoso,Kite,2027-01-01\n", header=HEADER, mapping=MAPPING)
    assert imports.run(cast.sam, sent)["updated"] == 1
    assert imports.kept(cast.sam)["1"]["expected_close_on"] == "2027-01-01"

    cast.sam.call("POST", f"/imports/{sent['id']}/undo", expect=200)
    jobs.undo_import(str(cast.sam.actor.organization_id), sent["id"])

    assert imports.kept(cast.sam)["1"]["expected_close_on"] == "2026-03-14"
    assert imports.sent(cast.sam, f"2,Contoso,Kite,{day}\n", header=HEADER, mapping=MAPPING)["date_form"] == form


def test_a_day_written_otherwise_is_told_by_line_and_column(cast: Cast) -> None:
    rows = "1,Contoso,Kite,14.03.2026\n2,Fabrikam,Kite,31.02.2026\n3,Tailspin,Kite,soon\n"
    sent = imports.sent(cast.sam, rows, header=HEADER, mapping=MAPPING)

    imports.run(cast.sam, sent)

    wrong = cast.sam.call("GET", f"/imports/{sent['id']}/wrong-rows", expect=200)["items"]
    assert [(row["line"], row["faults"][0]["column"]) for row in wrong] == [(3, 4), (4, 4)]
    assert wrong[0]["faults"][0]["message"] == "This is not a day written like 14.03.2026."


def test_leads_are_listed_by_when_they_may_close_page_by_page_those_without_a_day_last(cast: Cast) -> None:
    rows = "1,Contoso,Kite,\n2,Fabrikam,Kite,2026-05-01\n3,Tailspin,Kite,2026-04-01\n4,Wingtip,Kite,\n"
    imports.run(cast.sam, imports.sent(cast.sam, rows, header=HEADER, mapping=MAPPING))
    listed, place = [], "/leads?sort=expected_close_on&limit=1"
    while place:
        page = cast.sam.call("GET", place, expect=200)
        listed += [lead["external_id"] for lead in page["items"]]
        place = page["next"] and f"/leads?sort=expected_close_on&limit=1&cursor={page['next']}"

    assert listed[:2] == ["3", "2"]
    assert set(listed[2:]) == {"1", "4"}
