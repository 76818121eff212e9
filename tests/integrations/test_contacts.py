"""Files say what must be known of a contact: read, entered, brought up to date, undone, exported and read again."""

from typing import Any

from partnercrm.integrations import jobs
from tests.cast import Cast, Player
from tests.factories import imports, leads

HEADER = "id,account,product,who,Legal basis,Channels,Data source,Privacy notice,Informed on\n"
MAPPING = (
    "external_id=id,company_name=account,need=product,contact_name=who,contact_basis=Legal basis,"
    "contact_channels=Channels,contact_source=Data source,contact_information=Privacy notice,"
    "contact_informed_on=Informed on"
)
FIRST = "1,Contoso,Kite,Robin Vale,consent,email; phone,person,,14.3.2026\n"


def contacts(player: Player) -> list[tuple[Any, ...]]:
    names = ("contact_channels", "contact_source", "contact_information", "contact_informed_on", "contact_missing")
    items = player.call("GET", "/leads?sort=company_name", expect=200)["items"]
    return [tuple(lead[name] for name in names) for lead in items]


def run(player: Player, rows: str) -> dict[str, Any]:
    return imports.run(player, imports.sent(player, rows, header=HEADER, mapping=MAPPING))


def test_what_is_known_of_a_contact_comes_with_the_file_and_days_as_they_are_written(cast: Cast) -> None:
    rows = "2,Fabrikam,Kite,Uma,contract,post,public,not_yet,\n3,Litware,Kite,Lee,,,,,\n"

    done = run(cast.sam, FIRST + rows)

    assert done["date_form"] == "day_first"
    assert contacts(cast.sam) == [
        (["email", "phone"], "person", "informed", "2026-03-14", []),
        (["post"], "public", "not_yet", None, []),
        (None, None, None, None, ["contact_basis", "contact_channels", "contact_source", "contact_information"]),
    ]


def test_days_that_can_be_read_in_two_ways_are_asked_about(cast: Cast) -> None:
    sent = imports.sent(cast.sam, FIRST.replace("14.3.2026", "3/4/2026"), header=HEADER, mapping=MAPPING)
    start = f"/imports/{sent['id']}/start"

    refused = cast.sam.call("POST", start, json={"dry_run": False, "leave_out": False}, expect=422)

    assert [error["field"] for error in refused["errors"]] == ["date_form"]
    tag = cast.sam.response("GET", f"/imports/{sent['id']}").headers["ETag"]
    given = {"date_form": "month_first"}
    cast.sam.call("PATCH", f"/imports/{sent['id']}", json=given, if_match=tag, expect=200)
    imports.run(cast.sam, sent)
    assert contacts(cast.sam)[0][3] == "2026-03-04"


def test_cells_that_say_no_channel_or_contradict_each_other_are_named(cast: Cast) -> None:
    rows = "1,Contoso,Kite,Robin,consent,fax,person,not_yet,2026-03-14\n"

    sent = imports.sent(cast.sam, rows, header=HEADER, mapping=MAPPING)

    [row] = cast.sam.call("GET", f"/imports/{sent['id']}/preview", expect=200)["rows"]
    assert {fault["field"].partition(".")[0] for fault in row["faults"]} == {"contact_channels", "contact_informed_on"}
    assert imports.run(cast.sam, sent)["wrong"] == 1


def test_rows_that_say_a_day_to_come_are_named_and_the_others_entered(cast: Cast) -> None:
    rows = FIRST + "2,Fabrikam,Kite,Uma,contract,post,public,,14.3.2999\n"

    sent = imports.sent(cast.sam, rows, header=HEADER, mapping=MAPPING)

    shown = cast.sam.call("GET", f"/imports/{sent['id']}/preview", expect=200)["rows"]
    assert [row["outcome"] for row in shown] == ["new", "wrong"]
    assert [fault["message"] for fault in shown[1]["faults"]] == ["This day has not come yet."]
    done = imports.run(cast.sam, sent, leave_out=True)
    assert (done["entered"], done["wrong"]) == (1, 1)


def test_an_import_that_says_somebody_was_not_informed_empties_the_day_and_undoing_puts_it_back(cast: Cast) -> None:
    run(cast.sam, FIRST)
    before = contacts(cast.sam)

    done = run(cast.sam, "1,Contoso,Kite,,,,,exempt,\n")

    assert contacts(cast.sam) == [(["email", "phone"], "person", "exempt", None, [])]
    cast.sam.call("POST", f"/imports/{done['id']}/undo", expect=200)
    jobs.undo_import(str(cast.sam.actor.organization_id), done["id"])
    assert contacts(cast.sam) == before


def test_an_export_of_contacts_comes_back_in_without_a_change(cast: Cast) -> None:
    leads.lead(cast.sam, contact_name="Robin", connector="crm", external_id="1", **leads.KNOWN)
    file = cast.sam.response("GET", "/leads/export").get_data()
    fields = ("external_id", "company_name", "need", "contact_name", *leads.KNOWN)

    again = imports.sent(cast.sam, file, header="", mapping="\n".join(f"{field}={field}" for field in fields))

    assert cast.sam.call("GET", f"/imports/{again['id']}/preview", expect=200)["rows"][0]["outcome"] == "unchanged"
    assert imports.run(cast.sam, again)["unchanged"] == 1
