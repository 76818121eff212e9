"""Leads kept up to date by another system's keys: many at once, all or none."""

from io import BytesIO
from uuid import UUID

from flask import Flask

from tests.cast import Cast, Player
from tests.factories import leads
from tests.surfer import Surfer


def put(player: Player, *leads: dict[str, object], expect: int = 200) -> dict[str, object]:
    keyed = [{"connector": "crm", "company_name": "Contoso", "need": "GTX Plus Basic"} | lead for lead in leads]
    answer: dict[str, object] = player.call("POST", "/leads/bulk", json={"leads": keyed}, expect=expect)
    if expect != 200:
        return answer
    return {"leads": [player.call("GET", f"/leads/by-key/crm/{lead['external_id']}", expect=200) for lead in keyed]}


def test_many_leads_come_back_in_the_order_sent_each_with_its_own_fields(cast: Cast) -> None:
    value = {"amount": "99.95", "currency": "EUR"}

    answer = put(
        cast.sam,
        {"external_id": "c", "size_band": "50-249", "value": value},
        {"external_id": "a", "contact_name": None},
        {"external_id": "b", "notes": "Ünïcode 'quotes' \\ \"and\" so on", "size_band": "1-9", "value": None},
    )

    first, second, third = answer["leads"]
    assert [lead["external_id"] for lead in answer["leads"]] == ["c", "a", "b"]
    assert (first["size_band"], first["value"], first["notes"]) == ("50-249", value, "")
    assert (second["size_band"], second["value"]) == (None, None)
    assert third["notes"] == "Ünïcode 'quotes' \\ \"and\" so on"


def test_what_is_left_out_stays_and_what_is_sent_changes(cast: Cast) -> None:
    [before] = put(cast.sam, {"external_id": "a", "country": "DE", "notes": "Met at the fair."})["leads"]

    [after] = put(cast.sam, {"external_id": "a", "country": "FR", "company_name": "Contoso SE"})["leads"]

    assert after == before | {"country": "FR", "company_name": "Contoso SE"}


def test_every_lead_of_many_stands_in_the_record(cast: Cast) -> None:
    answer = put(cast.dana, *({"external_id": str(number)} for number in range(30)))

    recorded = cast.ada.call("GET", "/activities?verb=lead.synced&limit=200", expect=200)["items"]
    assert {one["subject_id"] for one in recorded} == {lead["id"] for lead in answer["leads"]}
    assert {one["user_id"] for one in recorded} == {None}
    assert {one["subject"] for one in recorded} == {"leads"}
    assert len({one["request_id"] for one in recorded}) == 1


def test_who_oversees_leads_may_give_them_to_others_of_the_company(cast: Cast) -> None:
    sam = str(cast.sam.actor.user_id)

    answer = put(cast.dana, {"external_id": "a", "owner_id": sam}, {"external_id": "b"})

    assert [lead["owner_id"] for lead in answer["leads"]] == [sam, str(cast.dana.actor.user_id)]


def test_a_known_lead_keeps_its_owner_unless_one_is_named(cast: Cast) -> None:
    sam, dana = str(cast.sam.actor.user_id), str(cast.dana.actor.user_id)
    put(cast.sam, {"external_id": "a"}, {"external_id": "b"})

    answer = put(cast.dana, {"external_id": "a", "owner_id": dana}, {"external_id": "b", "country": "DE"})

    assert [lead["owner_id"] for lead in answer["leads"]] == [dana, sam]
    [named] = put(cast.dana, {"external_id": "b", "owner_id": dana})["leads"]
    assert (named["owner_id"], named["country"]) == (dana, "DE")


def test_rows_that_name_different_fields_raise_each_version_once(cast: Cast) -> None:
    put(cast.sam, {"external_id": "a"}, {"external_id": "b", "country": "DE"})
    tags = [cast.sam.response("GET", f"/leads/by-key/crm/{key}").headers["ETag"] for key in "ab"]
    assert [tag.split(".")[1] for tag in tags] == ["1", "1"]

    put(cast.sam, {"external_id": "b", "notes": "Called."}, {"external_id": "a", "country": "FR"}, {"external_id": "c"})

    tags = [cast.sam.response("GET", f"/leads/by-key/crm/{key}").headers["ETag"] for key in "abc"]
    assert [tag.split(".")[1] for tag in tags] == ["2", "2", "1"]


def test_leads_for_others_are_refused_to_sellers_and_beyond_the_company(cast: Cast) -> None:
    nora, gina = (str(player.actor.user_id) for player in (cast.nora, cast.gina))

    for player, owner in ((cast.sam, nora), (cast.dana, gina), (cast.dana, str(UUID(int=7)))):
        refused = put(player, {"external_id": "a", "owner_id": owner}, expect=422)
        assert refused["code"] == "owner_not_yours"
    assert cast.dana.call("GET", "/leads", expect=200)["items"] == []


def test_a_key_sent_twice_at_once_is_refused_by_its_place(cast: Cast) -> None:
    refused = put(cast.sam, {"external_id": "a"}, {"external_id": "b"}, {"external_id": "a"}, expect=422)

    assert [error["field"] for error in refused["errors"]] == ["leads.2.external_id"]


def test_a_seller_cannot_change_a_colleagues_lead_by_its_key(cast: Cast) -> None:
    [before] = put(cast.sam, {"external_id": "a", "country": "DE"})["leads"]
    changed = {"company_name": "Taken over", "need": "GTX Plus Basic"}
    form = {"connector": "crm", "mapping": "external_id=key,company_name=name,need=need"}
    upload = {**form, "file": (BytesIO(b"key,name,need\na,Taken over,GTX Plus Basic\n"), "leads.csv")}

    put(cast.nora, {"external_id": "b"}, {"external_id": "a", "country": "FR"}, expect=422)
    cast.nora.call("PUT", "/leads/by-key/crm/a", json=changed, expect=422)
    cast.nora.call("POST", "/leads/import", data=upload, expect=422)

    assert cast.dana.call("GET", f"/leads/{before['id']}", expect=200) == before
    assert len(cast.dana.call("GET", "/leads", expect=200)["items"]) == 1
    assert put(cast.dana, {"external_id": "a", "country": "FR"})["leads"] == [before | {"country": "FR"}]


def test_many_leads_are_answered_by_their_keys_and_nothing_that_may_change(cast: Cast) -> None:
    lead = {"connector": "crm", "external_id": "a", "company_name": "Contoso", "need": "GTX Plus Basic"}

    answer = cast.sam.call("POST", "/leads/bulk", json={"leads": [lead]}, expect=200)

    kept = cast.sam.call("GET", "/leads/by-key/crm/a", expect=200)
    assert answer == {"leads": [{"id": kept["id"], "connector": "crm", "external_id": "a"}]}


def test_on_its_page_a_manager_gives_a_lead_to_a_colleague_and_a_seller_discards_a_draft(
    app: Flask, cast: Cast
) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    made = leads.lead(cast.sam)
    path, given = f"/leads/{made['id']}", {"company_name": "Contoso", "need": "Anvils"}
    dana, sam = (Surfer.signed_in(app, f"{name}@acme.example") for name in ("dana", "sam"))

    assert "Whose lead it is" not in sam.open(path).text
    version = tag(cast.dana, path)
    passed = dana.send(path, given | {"owner_id": str(cast.nora.actor.user_id), "version": version}, shown_on=path)
    assert passed.status_code == 303
    assert cast.dana.call("GET", path, expect=200)["owner_id"] == str(cast.nora.actor.user_id)
    cast.sam.call("GET", path, expect=404)
    kept = dana.send(path, given | {"owner_id": "", "version": tag(cast.dana, path)}, shown_on=path)
    assert kept.status_code == 303
    assert cast.dana.call("GET", path, expect=200)["owner_id"] == str(cast.nora.actor.user_id)

    nora = Surfer.signed_in(app, "nora@acme.example")
    stale = nora.send(f"{path}/discard", {"version": version}, shown_on=path)
    assert stale.status_code == 409
    assert nora.send(f"{path}/discard", {"version": tag(cast.nora, path)}, shown_on=path).status_code == 303
    cast.dana.call("GET", path, expect=404)
    [offered] = cast.dana.call("GET", "/leads", expect=200)["items"]
    assert "Discard this lead" not in dana.open(f"/leads/{offered['id']}").text


def tag(player: Player, path: str) -> str:
    return player.response("GET", path).headers["ETag"].strip('"')
