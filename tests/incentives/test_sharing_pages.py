"""How a deal is shared, on pages: proposed by a template in one step or written, answered, and divided unseen."""

from flask import Flask

from tests.cast import Cast
from tests.factories import deals, splits
from tests.surfer import Surfer


def written(cast: Cast, **given: str) -> dict[str, str]:
    """Return the form of a split: two thirds and one, nearly, and a referral fee of 5 %."""
    first, second = sorted((cast.dana.actor.organization_id, cast.hank.actor.organization_id))
    return {
        "based_on": "0",
        "role": "co_sell",
        "shares.0.organization_id": str(first),
        "shares.1.organization_id": str(second),
        "shares.0.revenue_split": "66.6666",
        "shares.1.revenue_split": "33,3333",
        "referral_fee.payer_id": str(first),
        "referral_fee.rate": "5",
        **given,
    }


def test_a_split_is_written_in_percent_and_everything_wrong_is_said(app: Flask, cast: Cast) -> None:
    deal = deals.opened(cast, cast.sam)
    dana = Surfer.signed_in(app, "dana@acme.example")
    page, new = f"/deals/{deal['id']}", f"/deals/{deal['id']}/split-proposals/new"
    assert "Nothing is agreed yet." in dana.open(page).text

    refused = dana.send(new, written(cast, **{"referral_fee.payer_id": ""}), shown_on=new)
    assert refused.status_code == 422
    assert 'value="33,3333"' in refused.text
    refused = dana.send(new, written(cast), shown_on=new)
    assert "The revenue splits come to 99.9999 %, not to 100 %." in refused.text
    assert dana.send(new, written(cast, **{"shares.1.revenue_split": "33.3334"}), shown_on=new).status_code == 303
    assert "waits for the other side" in dana.open(page).text


def test_a_split_is_taken_from_a_template_changed_and_agreed_by_forms(app: Flask, cast: Cast) -> None:
    [template] = splits.allowed(cast)["split_templates"]
    deal = deals.opened(cast, cast.sam)
    dana, hank, sam = (
        Surfer.signed_in(app, who) for who in ("dana@acme.example", "hank@globex.example", "sam@acme.example")
    )
    page, new = f"/deals/{deal['id']}", f"/deals/{deal['id']}/split-proposals/new"
    taken = {"based_on": "0", "role": "co_sell", "template_id": template["id"]}
    proposal = dana.send(new, taken, shown_on=new).headers["Location"]

    assert "waits for your answer" in hank.open("/").text
    assert "Northwind" in hank.open("/split-proposals?waiting=true").text
    assert "No split waits" in dana.open("/split-proposals?waiting=true").text
    shown = hank.open(proposal).text
    for words in ("60 %", "40 %", "5 %", "pays 10 %", "receives 10 %", "We sell together"):
        assert words in shown
    given = written(cast, **{"shares.1.revenue_split": "33.3334"})
    counter = hank.send(f"{proposal}/change", given, shown_on=f"{proposal}/change").headers["Location"]
    assert hank.send(f"{proposal}/accept", {}, shown_on=counter).status_code == 409
    assert dana.send(f"{counter}/accept", {}, shown_on=counter).status_code == 303
    for reader in (dana, hank, sam):
        shown = reader.open(page).text
        for words in ("66.6666 %", "33.3334 %", "Both sides read the same numbers.", "version 1"):
            assert words in shown
    assert "Propose another split" not in sam.open(page).text
    assert Surfer.signed_in(app, "ines@initech.example").open(proposal).status_code == 404


def test_a_share_is_divided_by_parts_on_a_page_of_ones_own(app: Flask, cast: Cast) -> None:
    deal = deals.opened(cast, cast.sam)
    dana, sam = Surfer.signed_in(app, "dana@acme.example"), Surfer.signed_in(app, "sam@acme.example")
    page = f"/deals/{deal['id']}/division"
    version = f"{deal['id'].replace('-', '')}.division.0"
    given = {
        "version": version,
        "participants.0.user_id": str(cast.sam.actor.user_id),
        "participants.0.parts": "2",
        "participants.1.user_id": str(cast.nora.actor.user_id),
    }
    assert dana.send(page, given, shown_on=page).status_code == 422
    given["participants.1.parts"] = "1"
    assert dana.send(page, given, shown_on=page).status_code == 303
    assert dana.send(page, given, shown_on=page).status_code == 409

    shown = dana.open(f"/deals/{deal['id']}").text
    assert "≈ 66.6667 %" in shown
    assert "≈ 33.3333 %" in shown
    own = sam.open(f"/deals/{deal['id']}").text
    assert "≈ 66.6667 %" in own
    assert "33.3333" not in own
    theirs = Surfer.signed_in(app, "hank@globex.example").open(f"/deals/{deal['id']}").text
    assert "66.6667" not in theirs
    assert sam.open(page).status_code == 403
