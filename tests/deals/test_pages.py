"""Registering and reviewing a deal on pages: one form, everything wrong at once, each step by a button."""

from flask import Flask

from partnercrm.kernel import clock
from tests.cast import Cast
from tests.factories import deals, terms
from tests.surfer import Surfer

FORM = {
    "company": "Northwind",
    "domain": "northwind.example",
    "value.amount": "120000",
    "value.currency": "EUR",
    "close_on": "2040-01-31",
    "involvement": "co_sell",
    "evidence.0.kind": "meeting_held",
    "evidence.0.happened_on": deals.ago(3).date().isoformat(),
}
NEW = "/deals/register"


def form_of(cast: Cast, **more: str) -> dict[str, str]:
    return FORM | {"partnership_id": str(cast.partnership_id)} | more


def test_a_deal_is_registered_on_one_form_and_approved_on_a_page(app: Flask, cast: Cast) -> None:
    sam, hank = Surfer.signed_in(app, "sam@acme.example"), Surfer.signed_in(app, "hank@globex.example")
    assert "Register a deal" in sam.open("/").text

    sent = sam.send(NEW, form_of(cast), shown_on=NEW)

    page = sent.headers["Location"]
    assert "A meeting was held" in sam.open(page).text
    assert "Northwind" in hank.open("/").text
    asked = {"asked_fields": "close_on", "note": "When?"}
    assert hank.send(f"{page}/ask", asked, shown_on=page).status_code == 303
    assert "When?" in sam.open(page).text
    assert sam.send(f"{page}/resubmit", {"close_on": "2040-02-28"}, shown_on=page).status_code == 303
    assert hank.send(f"{page}/approve", {"note": "Go."}, shown_on=page).status_code == 303
    assert "Protected until" in sam.open(page).text
    today = {"kind": "proposal_sent", "happened_on": deals.ago(-1).date().isoformat()}
    assert sam.send(f"{page}/extend", today, shown_on=page).status_code == 422
    with clock.at(deals.ago(-1)):
        day_of_approval = {"kind": "proposal_sent", "happened_on": deals.ago(1).date().isoformat()}
        assert sam.send(f"{page}/extend", day_of_approval, shown_on=page).status_code == 303
    for tab in ("", "?direction=made", "?reason=earlier_evidence", "?status=extended"):
        assert ("Northwind" in sam.open(f"/registrations{tab}").text) is (tab != "?reason=earlier_evidence")
    assert sam.open(page).status_code == 200
    assert Surfer.signed_in(app, "ines@initech.example").open(page).status_code == 404


def test_a_company_worked_on_already_is_suggested_and_meant_by_its_name(app: Flask, cast: Cast) -> None:
    deals.go(cast.sam, deals.register(cast.sam, cast.partnership_id), "withdraw")
    sam = Surfer.signed_in(app, "sam@acme.example")

    assert '<option value="Northwind">' in sam.open(f"{NEW}?account=north").text
    assert '<option value="Northwind">' not in sam.open(f"{NEW}?account=contoso").text
    again = form_of(cast, company="northwind")
    again.pop("domain")
    sam.send(NEW, again, shown_on=NEW)

    [one] = cast.sam.call("GET", "/joint-accounts", expect=200)["items"]
    assert one["name"] == "Northwind"


def test_everything_wrong_is_named_at_once_and_a_trial_keeps_nothing(app: Flask, cast: Cast) -> None:
    terms.agree(cast, product_lines=[{"name": "Storage"}, {"name": "Wheels"}])
    sam = Surfer.signed_in(app, "sam@acme.example")

    wrong = form_of(cast, close_on="2020-01-31") | {"evidence.0.happened_on": "2040-01-01"}
    refused = sam.send(f"{NEW}/check", wrong, shown_on=NEW)
    right = form_of(cast, product_line_id="")
    empty = sam.send(NEW, {"partnership_id": str(cast.partnership_id)}, shown_on=NEW)

    assert refused.status_code == 200
    for words in ("This day has passed.", "This has not happened yet.", "Choose one of the product lines"):
        assert words in refused.text
    assert empty.status_code == 422
    assert cast.sam.call("GET", "/registrations", expect=200)["items"] == []
    assert sam.send(f"{NEW}/check", right, shown_on=NEW).status_code == 200


def test_a_trial_says_whose_claim_would_hold(app: Flask, cast: Cast) -> None:
    deals.register(cast.gina, cast.partnership_id, deals.ago(9))
    sam = Surfer.signed_in(app, "sam@acme.example")

    later = sam.send(f"{NEW}/check", form_of(cast), shown_on=NEW).text
    earlier = form_of(cast) | {"evidence.0.happened_on": deals.ago(20).date().isoformat()}

    assert "you can appeal" in later
    assert "Yours would hold" in sam.send(f"{NEW}/check", earlier, shown_on=NEW).text
    page = sam.send(NEW, form_of(cast), shown_on=NEW).headers["Location"]
    assert "has the earlier step on record" in sam.open(page).text
    appealed = sam.send(f"{page}/appeal", {"claim": "We met in March."}, shown_on=page)
    assert appealed.status_code == 303
    assert "The appeal" in sam.open(page).text
    assert "Northwind" in sam.open("/registrations?reason=earlier_evidence").text
