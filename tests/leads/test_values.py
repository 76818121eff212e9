"""What one lead is worth: told exactly while both sides say yes for it, else as a band, and in no total."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg
import pytest
from flask import Flask

from partnercrm.kernel import clock
from partnercrm.kernel.roles import plain
from tests.cast import Cast, Player
from tests.crowd import at_once
from tests.factories import leads, terms
from tests.factories.notices import Errands, told
from tests.servers import TestServer
from tests.surfer import Surfer

EXPECTED = {"amount": "12345.00", "currency": "EUR"}
WON = {"amount": "11222.00", "currency": "EUR"}
MARCH = datetime(2026, 3, 2, 10, tzinfo=UTC)
READERS = ("sam", "dana", "gina", "hank")


@pytest.fixture
def banded(cast: Cast) -> Cast:
    """Partners who tell each other bands."""
    terms.agree(cast, value_disclosure="band")
    return cast


def offered(cast: Cast, *verbs: str, **fields: Any) -> str:
    """Let Acme offer a lead of a known value and Globex bring it on."""
    made = leads.offer(cast.sam, cast.partnership_id, **({"value": EXPECTED} | fields))
    for verb in verbs:
        leads.step(cast.gina, made["id"], verb, **({"value": WON} if verb == "win" else {}))
    return str(made["id"])


def values(cast: Cast, offer_id: str) -> dict[str, Any]:
    """Return what both sides read of a lead's value, the same to the byte."""
    read = [getattr(cast, who).response("GET", f"/offers/{offer_id}/values") for who in READERS]
    assert {one.status_code for one in read} == {200}
    assert len({one.data for one in read}) == 1
    found: dict[str, Any] = read[0].json
    return found


def say(player: Player, offer_id: str, verb: str = "agree-value", expect: int = 200) -> dict[str, Any]:
    answered: dict[str, Any] = player.call("POST", f"/offers/{offer_id}/{verb}", expect=expect)
    return answered


def receipts(cast: Cast) -> list[tuple[str, bool]]:
    """Return of which values there is a receipt, by who told it and whether it stands; both sides read the same."""
    path = f"/partnerships/{cast.partnership_id}/disclosures?sort=disclosed_at"
    read = [player.call("GET", path, expect=200)["items"] for player in (cast.dana, cast.gina)]
    assert read[0] == read[1]
    names = {str(cast.sam.actor.organization_id): "Acme", str(cast.gina.actor.organization_id): "Globex"}
    shown = [one for one in read[0] if one["part"] == "value"]
    assert {(*one["fields"], one["tier"]) for one in shown} <= {("value", "need_to_know")}
    return [(names[one["discloser_id"]], one["revoked_at"] is None) for one in shown]


def test_a_value_is_told_exactly_while_both_sides_say_yes_for_this_lead(banded: Cast) -> None:
    won = offered(banded, "accept", "qualify", "convert", "win")
    other = offered(banded, "accept")
    assert (values(banded, won)["expected"], values(banded, won)["won"]) == (None, None)

    alone = say(banded.gina, won)

    assert (alone["receiver_agreed_at"] is None, alone["giver_agreed_at"]) == (False, None)
    assert (alone["expected"], alone["won"], receipts(banded)) == (None, None, [])
    both = say(banded.sam, won)
    assert (both["expected"], both["won"]) == (EXPECTED, WON)
    assert values(banded, won) == both
    assert sorted(receipts(banded)) == [("Acme", True), ("Globex", True)]
    assert values(banded, other)["expected"] is None

    taken = say(banded.gina, won, "take-back-value")

    assert (taken["expected"], taken["won"], taken["receiver_agreed_at"]) == (None, None, None)
    assert values(banded, won) == taken
    assert sorted(receipts(banded)) == [("Acme", False), ("Globex", False)]
    say(banded.gina, won)
    assert values(banded, won)["won"] == WON
    verbs = [one["verb"] for one in banded.hank.call("GET", f"/offers/{won}/timeline", expect=200)["items"]]
    assert [verb for verb in verbs if "value" in verb] == [
        *("lead.value_agreed", "lead.value_agreed", "lead.value_taken_back", "lead.value_agreed")
    ]


def test_each_side_says_its_own_yes_once_and_of_leads_that_have_a_value_to_tell(banded: Cast) -> None:
    open_, declined = offered(banded), offered(banded)
    leads.step(banded.gina, declined, "decline", reason="no_fit")

    say(banded.sam, open_)

    assert say(banded.dana, open_, expect=409)["code"] == "value_agreed_already"
    assert say(banded.gina, open_, "take-back-value", expect=409)["code"] == "value_not_agreed"
    assert say(banded.gina, declined, expect=409)["code"] == "value_not_to_tell"
    for player in (banded.ines, banded.nora):
        player.call("GET", f"/offers/{open_}/values", expect=404)
        say(player, open_, expect=404)
        say(player, open_, "take-back-value", expect=404)


def test_what_is_still_to_come_is_told_or_not_as_both_say_when_it_comes(banded: Cast) -> None:
    agreed, taken_back = (offered(banded, "accept", "qualify", "convert") for _ in range(2))
    for one in (agreed, taken_back):
        say(banded.sam, one)
        say(banded.gina, one)
    assert (values(banded, agreed)["expected"], values(banded, agreed)["won"]) == (EXPECTED, None)
    say(banded.sam, taken_back, "take-back-value")

    for one in (agreed, taken_back):
        leads.step(banded.gina, one, "win", value=WON)

    assert values(banded, agreed)["won"] == WON
    assert (values(banded, taken_back)["expected"], values(banded, taken_back)["won"]) == (None, None)


@pytest.mark.parametrize("way", ["return", "disqualify", "take-back", "end"])
def test_with_the_lead_goes_what_was_told_of_its_value(
    banded: Cast, database: str, test_server: TestServer, way: str
) -> None:
    one = offered(banded, "accept")
    say(banded.sam, one)
    say(banded.gina, one)
    if way == "end":
        path = f"/partnerships/{banded.partnership_id}"
        tag = banded.dana.response("GET", path).headers["ETag"]
        banded.dana.call("POST", f"{path}/end", if_match=tag, expect=200)
    elif way == "take-back":
        banded.sam.call("POST", f"/offers/{one}/take-back", expect=200)
    else:
        leads.step(banded.gina, one, way, reason="no_capacity" if way == "return" else "no_budget")

    with psycopg.connect(test_server.admin(database)) as admin:
        for table in ("value_consents", "told_values", "offer_amounts"):
            assert admin.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table  # type: ignore[arg-type]
        open_ = "SELECT count(*) FROM disclosures WHERE part = 'value' AND revoked_at IS NULL"
        assert admin.execute(open_).fetchone() == (0,)
    if way == "end":
        banded.sam.call("GET", f"/offers/{one}/values", expect=404)
    else:
        assert values(banded, one)["expected"] is None


def test_a_replay_does_not_tell_what_was_taken_back(banded: Cast) -> None:
    one = offered(banded, "accept")
    say(banded.sam, one)
    first = banded.gina.response("POST", f"/offers/{one}/agree-value", key="once")
    assert first.json["expected"] == EXPECTED

    say(banded.sam, one, "take-back-value")

    again = banded.gina.response("POST", f"/offers/{one}/agree-value", key="once")
    assert (again.status_code, again.json["code"], "12345" in again.text) == (409, "already_done", False)


def test_of_yes_and_no_at_the_same_moment_nothing_is_told_without_both(banded: Cast) -> None:
    for _ in range(3):
        one = offered(banded, "accept", "qualify", "convert", "win")
        say(banded.sam, one)
        calls = [(banded.gina, "agree-value"), (banded.sam, "take-back-value"), (banded.hank, "agree-value")]

        answers = at_once([partial(who.response, "POST", f"/offers/{one}/{verb}") for who, verb in calls])

        assert sorted(answer.status_code for answer in answers) == [200, 200, 409]
        left = values(banded, one)
        assert (left["giver_agreed_at"], left["receiver_agreed_at"] is None) == (None, False)
        assert (left["expected"], left["won"]) == (None, None)
        assert {stands for _, stands in receipts(banded)} <= {False}


def test_the_database_itself_tells_nothing_without_both(banded: Cast, database: str, test_server: TestServer) -> None:
    """Past the application: a side cannot say the other's yes, write what is told, or read the other's amount."""
    one = offered(banded, "accept", "qualify", "convert", "win")
    say(banded.sam, one)
    acme, globex = str(banded.sam.actor.organization_id), str(banded.gina.actor.organization_id)
    of_offer = "offer_id, partnership_id, giver_id, receiver_id"
    attempts = (
        f"INSERT INTO value_consents SELECT {of_offer}, receiver_id, tier, said_at FROM value_consents",
        f"INSERT INTO told_values SELECT {of_offer}, organization_id, 1, 'EUR', tier FROM value_consents",
    )
    for attempt in attempts:
        with psycopg.connect(plain(test_server.url("app", database))) as app:
            app.execute("SELECT set_config('partnercrm.organization', %s, true)", [acme])
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(attempt)  # type: ignore[arg-type]
    for side, minor in ((acme, 1234500), (globex, 1122200)):
        with psycopg.connect(plain(test_server.url("app", database))) as app:
            app.execute("SELECT set_config('partnercrm.organization', %s, true)", [side])
            assert app.execute("SELECT value_minor FROM offer_amounts").fetchall() == [(minor,)]
            assert app.execute("SELECT count(*) FROM told_values").fetchone() == (0,)


def test_no_total_holds_what_was_told_of_one_lead_or_of_none(cast: Cast) -> None:
    """Whatever window, product, region or measure: of two reports there is nothing to subtract."""
    with clock.at(MARCH - timedelta(days=1)):
        [line] = terms.agree(cast, value_disclosure="band", product_lines=[{"name": "Anvils"}])["product_lines"]
    for month, country in ((0, "DE"), (31, "AT")):
        with clock.at(MARCH + timedelta(days=month)):
            lead = leads.lead(cast.sam, value=EXPECTED, country=country, industry="Rail")
            sent = {
                "lead_id": lead["id"],
                "partnership_id": str(cast.partnership_id),
                "product_line_id": line["id"],
            }
            one = cast.sam.call("POST", "/offers", json=sent, expect=201)["id"]
            for verb in ("accept", "qualify", "convert", "win"):
                leads.step(cast.gina, one, verb, **({"value": WON} if verb == "win" else {}))
    for player in (cast.sam, cast.gina):
        say(player, one)

    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    for measure in ("expected_value", "won_value"):
        for by in ("month", "product", "region", "industry"):
            for window in ("", "2026-03..2026-03", "2026-04.."):
                query = {"measure": measure, "by": by} | ({"window": window} if window else {})
                told = cast.hank.call("GET", path, query_string=query, expect=200)["reckoning"]
                cells = [cell for row in (told, *told["rows"]) for cell in (row["first"], row["second"])]
                assert {(cell["value"]["amount"], *cell["as_told"]) for cell in cells} == {("0.00",)}
                assert sum(band["leads"] for cell in cells[:2] for band in cell["in_bands"]) == (1 if window else 2)
    for place in ("/offers", f"/offers/{one}", path, f"/partnerships/{cast.partnership_id}/fact-sheet"):
        for amount in ("12345", "11222"):
            assert amount not in cast.gina.response("GET", place).text


def test_the_page_says_who_agrees_and_lets_ones_own_side_say_so(
    app: Flask, banded: Cast, database: str, test_server: TestServer
) -> None:
    errands = Errands(test_server, database)
    one = offered(banded, "accept", "qualify", "convert", "win")
    errands.take()
    place = f"/offers/{one}"
    sam, gina = (Surfer.signed_in(app, player.email) for player in (banded.sam, banded.gina))
    assert "12,345" in sam.open(place).text
    assert "12,345" not in gina.open(place).text

    assert sam.send(f"{place}/agree-value", {}, shown_on=place).status_code == 303
    errands.run()
    assert told(banded.gina) == ["lead.value_agreed"]
    assert gina.send(f"{place}/agree-value", {}, shown_on=place).status_code == 303

    for surfer in (sam, gina):
        page = surfer.open(place).text
        assert "12,345" in page
        assert "11,222" in page
        assert "agreed to tell the value exactly" in page
    assert gina.send(f"{place}/take-back-value", {}, shown_on=place).status_code == 303
    assert "12,345" not in gina.open(place).text
    assert "11,222" not in sam.open(place).text
