"""The pages of the lead exchange, in what the browser journeys do not walk."""

import re
from datetime import UTC, datetime, timedelta

from flask import Flask

from partnercrm.kernel import clock
from tests.cast import Cast
from tests.factories import leads
from tests.partnerships.test_terms import agree
from tests.surfer import Surfer


def test_both_sides_read_the_same_report_page(app: Flask, cast: Cast) -> None:
    leads.offer_at(cast, "won")
    leads.offer_at(cast, "declined")
    path = f"/partnerships/{cast.partnership_id}/reciprocity"

    pages = [Surfer.signed_in(app, email).open(path).text for email in ("dana@acme.example", "hank@globex.example")]

    mains = {page[page.index("<main") : page.index("</main>")] for page in pages}
    assert len(mains) == 1
    assert "Acme gave 2 leads" in mains.pop()


def test_offering_again_what_is_declined_moves_neither_the_share_nor_the_turn(app: Flask, cast: Cast) -> None:
    leads.offer_at(cast, "accepted")
    back = leads.offer(cast.gina, cast.partnership_id)
    leads.step(cast.sam, back["id"], "accept")
    hank = Surfer.signed_in(app, "hank@globex.example")
    path = f"/partnerships/{cast.partnership_id}/reciprocity"

    for _ in range(3):
        leads.offer_at(cast, "declined")
        leads.offer_at(cast, "withdrawn")

    page = hank.open(path).text
    assert "Share of accepted leads" in page
    assert page.count("<strong>50 %</strong>") == 2
    assert "The exchange is within the agreed tolerance." in page
    assert "Acme gave 4 leads, Globex gave 1." in page
    for overview in ("/", f"/partnerships/{cast.partnership_id}"):
        text = hank.open(overview).text
        assert "<strong>1</strong> of 4" in text
        assert "<strong>1</strong> of 1" in text


def test_before_the_first_lead_is_accepted_there_is_no_share(app: Flask, cast: Cast) -> None:
    leads.offer_at(cast, "declined")

    page = Surfer.signed_in(app, "dana@acme.example").open(f"/partnerships/{cast.partnership_id}/reciprocity").text

    assert "No lead has been accepted yet" in page
    assert "Share of accepted leads" not in page
    assert "Acme gave 1 lead, Globex gave 0." in page


def test_the_report_of_an_earlier_day_knows_nothing_later(app: Flask, cast: Cast) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    dana = Surfer.signed_in(app, "dana@acme.example")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()

    page = dana.open(f"/partnerships/{cast.partnership_id}/reciprocity?as_of={yesterday}").text

    assert "Nothing had been recorded by" in page
    assert "The record of this exchange begins on" in page
    assert f'href="/partnerships/{cast.partnership_id}/reciprocity">Show today' in page


def test_a_day_to_come_is_told_and_a_day_asked_for_is_kept(app: Flask, cast: Cast) -> None:
    dana = Surfer.signed_in(app, "dana@acme.example")

    page = dana.open(f"/partnerships/{cast.partnership_id}/reciprocity?as_of=2999-01-01").text
    led_on = dana.open("/exchange?as_of=2026-01-31").headers["Location"]

    assert "That day is still to come" in page
    assert led_on.endswith("/reciprocity?as_of=2026-01-31")


def test_what_became_of_the_leads_adds_up(app: Flask, cast: Cast) -> None:
    for status in ("won", "declined", "lost", "returned", "offered", "withdrawn"):
        leads.offer_at(cast, status)
    path = f"/partnerships/{cast.partnership_id}/reciprocity"

    page = Surfer.signed_in(app, "dana@acme.example").open(path).text

    ended = [f'<span class="nowrap">{words}</span>' for words in ("Declined 1,", "Returned 1,", "Lost 1")]
    assert " ".join(ended) in page
    assert 'data-label="Still open">1</td>' in page


def test_a_late_answer_is_told_calmly(app: Flask, cast: Cast) -> None:
    with clock.at(datetime.now(UTC) - timedelta(days=3)):
        offered = leads.offer(cast.sam, cast.partnership_id)

    page = Surfer.signed_in(app, "gina@globex.example").open(f"/offers/{offered['id']}").text

    assert "past the agreed time" in page
    assert "Accept the lead" in page


def test_an_answered_offer_is_not_answered_again(app: Flask, cast: Cast) -> None:
    offered = leads.offer_at(cast, "declined")
    gina = Surfer.signed_in(app, "gina@globex.example")

    answer = gina.send(f"/offers/{offered['id']}/accept", {}, shown_on="/")

    assert answer.status_code == 409
    assert "This offer was answered already." in answer.text


def test_a_lead_that_is_here_is_offered_from_the_list(app: Flask, cast: Cast) -> None:
    lead = leads.lead(cast.sam, company_name="Contoso", industry="Rail")
    sam = Surfer.signed_in(app, "sam@acme.example")
    path = f"/leads/{lead['id']}/offer"
    assert path in sam.open("/leads").text
    assert "Rail" in sam.open(path).text

    answer = sam.send(
        path, {"partnership_id": str(cast.partnership_id), "message": "They decide in May."}, shown_on=path
    )

    assert answer.status_code == 303
    assert "They decide in May." in sam.open(answer.headers["Location"]).text
    assert path not in sam.open("/leads").text


def test_a_currency_alone_is_no_value(app: Flask, cast: Cast) -> None:
    sam = Surfer.signed_in(app, "sam@acme.example")
    filled = {
        "partnership_id": str(cast.partnership_id),
        "need": "ERP",
        "company_name": "Contoso",
        "value.currency": "EUR",
    }
    assert sam.send("/offers/new", filled, shown_on="/offers/new").status_code == 303


def test_lists_go_on_page_by_page_and_back_to_the_first(app: Flask, cast: Cast) -> None:
    for _ in range(3):
        leads.offer(cast.sam, cast.partnership_id)
    sam = Surfer.signed_in(app, "sam@acme.example")

    first = sam.open("/offers/given?limit=2").text
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

    assert "limit=2" in following
    assert "Back to the first page" in sam.open(following).text


def test_one_offer_stands_in_the_rail_where_its_side_lists_it(app: Flask, cast: Cast) -> None:
    offered = leads.offer(cast.sam, cast.partnership_id)

    for email, place in (("sam@acme.example", "given"), ("gina@globex.example", "received")):
        page = Surfer.signed_in(app, email).open(f"/offers/{offered['id']}").text
        assert set(re.findall(r'<a href="([^"]*)" aria-current="page"', page)) == {f"/offers/{place}"}


def test_what_is_asked_of_the_record_is_shown_in_rows_with_its_months_in_words(app: Flask, cast: Cast) -> None:
    leads.offer_at(cast, "won")
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    dana = Surfer.signed_in(app, "dana@acme.example")
    month = f"{datetime.now(UTC):%Y-%m}"

    told = dana.open(f"{path}?measure=won_value&by=month&from_month={month}&to_month={month}").text
    turned = dana.open(f"{path}?measure=expected_value&by=product&from_month=2020-02&to_month=2020-01").text
    counted = dana.open(f"{path}?measure=accepted&by=product").text
    refused = dana.open(f"{path}?measure=weight")

    assert "12,000 EUR" in told
    assert "There are no exchange rates; only amounts in EUR are summed." in told
    assert "/reciprocity/steps?format=csv&amp;currency=EUR" in told
    assert ">Value</th>" in told
    assert ">Value</th>" not in counted
    assert "only amounts in" not in counted
    assert "What happened from January 2020 to February 2020." in turned
    assert "Nothing of this kind happened in these months." in turned
    assert refused.status_code == 422


def test_what_is_credited_is_told_with_what_was_disqualified_for_its_quality(app: Flask, cast: Cast) -> None:
    for status in ("qualified", "disqualified"):
        leads.offer_at(cast, status)

    page = Surfer.signed_in(app, "hank@globex.example").open(f"/partnerships/{cast.partnership_id}/reciprocity").text

    assert "1 lead is credited. Of 2 accepted, 1 were disqualified for their quality." in page


def test_an_agreed_product_line_is_chosen_at_offering_and_shown_to_both(app: Flask, cast: Cast) -> None:
    agree(cast, product_lines=[{"name": "Storage"}])
    [line] = cast.dana.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["terms"]["product_lines"]
    sam = Surfer.signed_in(app, "sam@acme.example")
    assert f'<option value="{line["id"]}">Storage</option>' in sam.open("/offers/new").text
    lead = leads.lead(cast.sam)
    filled = {"partnership_id": str(cast.partnership_id), "product_line_id": line["id"]}

    sent = sam.send(f"/leads/{lead['id']}/offer", filled, shown_on=f"/leads/{lead['id']}/offer")

    assert "Storage" in Surfer.signed_in(app, "gina@globex.example").open(sent.headers["Location"]).text
