"""Exchange rounds on pages: proposed, agreed, filled, sealed and read by people who never see the API."""

import re
from datetime import timedelta

from flask import Flask

from partnercrm.kernel import clock
from tests.cast import Cast
from tests.factories import leads
from tests.surfer import Surfer


def test_two_managers_exchange_a_lead_each_on_pages(app: Flask, cast: Cast) -> None:
    dana, hank = Surfer.signed_in(app, "dana@acme.example"), Surfer.signed_in(app, "hank@globex.example")
    partnership = f"/partnerships/{cast.partnership_id}"
    assert "Nobody has to move first" in dana.open(partnership).text
    given = {"leads_each": "1", "ends_on": f"{clock.now() + timedelta(days=9):%Y-%m-%d}", "note": "From the fair."}
    late = given | {"ends_on": f"{clock.now() + timedelta(days=99):%Y-%m-%d}", "leads_each": "0"}
    refused = dana.send(f"{partnership}/rounds", late, shown_on=f"{partnership}/rounds")
    assert refused.status_code == 422
    one = dana.send(f"{partnership}/rounds", given, shown_on=f"{partnership}/rounds").headers["Location"]

    assert "Next: Globex answers your proposal." in dana.open(one).text
    assert "Next: your side answers the proposal of Acme." in hank.open(partnership).text
    assert hank.send(f"{one}/agree", {}, shown_on=one).status_code == 303
    for surfer, player, company in ((dana, cast.dana, "Wingtip"), (hank, cast.hank, "Tailspin")):
        lead = leads.lead(player, company_name=company)
        assert "Nothing is chosen yet" in surfer.open(one).text
        assert "Seal these leads" not in surfer.open(one).text
        for path in ("pick", "unpick", "pick"):
            assert surfer.send(f"{one}/{path}", {"lead_id": lead["id"]}, shown_on=one).status_code == 303
        assert company in surfer.open(one).text
    assert dana.send(f"{one}/seal", {}, shown_on=one).status_code == 303
    assert "Your leads lie under seal. Next to seal: Globex." in dana.open(one).text
    [lead] = cast.dana.call("GET", "/leads", query_string={"company": "Wingtip"}, expect=200)["items"]
    assert "It lies under seal in an exchange round" in dana.open(f"/leads/{lead['id']}").text
    told = hank.open(one).text
    assert "Acme has sealed its leads." in told
    assert "Wingtip" not in told

    assert hank.send(f"{one}/seal", {}, shown_on=one).status_code == 303

    for surfer in (dana, hank):
        shown = surfer.open(one).text
        assert "Both sides gave at the same moment." in shown
        assert shown.count("As sealed") == 2
        offered = re.search(r"/offers/[0-9a-f-]{36}", shown)
        assert offered
        assert f'href="{one}"' in surfer.open(offered[0]).text
    assert hank.send(f"{one}/unseal", {}, shown_on=one).status_code == 409
