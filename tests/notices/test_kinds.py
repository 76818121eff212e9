"""Every kind of notice: its words hold, its page is there, what it lets a mail do can be done, deputies hear of it."""

from datetime import UTC, datetime, timedelta
from string import Formatter

from flask import Flask
from flask_babel import force_locale

from partnercrm.notices import kinds
from partnercrm.reactions import KINDS, REACTIONS
from tests.cast import Cast, person
from tests.factories import cases, imports, leads, terms
from tests.factories.notices import Errands, told
from tests.surfer import Surfer


def test_every_kind_leads_to_a_page_and_speaks_in_whole_words(app: Flask) -> None:
    assert kinds.every() == tuple(KINDS)
    for kind in KINDS:
        arguments = {argument for rule in app.url_map.iter_rules(kind.page) for argument in rule.arguments}
        assert arguments == ({kind.place} if kind.place else set()), kind.verb
        with force_locale("en"):
            assert str(kind.sentence) % {"partner": "Acme"}
            assert not list(filter(None, (name for _, name, _, _ in Formatter().parse(str(kind.title)))))
        assert (kind.verb in REACTIONS) == (kind.audience is not None)


def test_a_case_is_told_to_the_other_sides_managers_and_its_decision_to_both(cast: Cast, errands: Errands) -> None:
    cases.decided(cast)
    errands.run()

    assert told(cast.hank).count("case.opened") == 1
    assert told(cast.hank).count("case.decided") == 1
    assert told(cast.dana).count("case.decided") == 1
    assert told(cast.ines) == []


def test_moves_pauses_and_new_counterparts_are_told_to_the_other_side(cast: Cast, errands: Errands) -> None:
    taken = leads.offer_at(cast, "accepted")
    path = f"/partnerships/{cast.partnership_id}"
    move = cast.dana.call("POST", f"{path}/phase-moves", json={"waiver": "Agreed by word."}, expect=201)
    cast.hank.call("POST", f"/phase-moves/{move['id']}/decline", json={}, expect=200)
    cast.dana.call("POST", f"{path}/pause", json={}, expect=200)
    cast.dana.call("POST", f"{path}/resume", expect=200)
    sam, successor = cast.sam.actor.user_id, {"successor_id": str(cast.dana.actor.user_id)}
    cast.ada.call("POST", f"/users/{sam}/close", json=successor, expect=200)
    errands.run()

    hank, dana, gina = (told(player) for player in (cast.hank, cast.dana, cast.gina))
    assert {"phase.proposed", "partnership.paused", "partnership.resumed"} <= set(hank)
    assert "phase.declined" in dana
    assert "partnership.paused" not in dana
    assert gina.count("lead.handed_over") == 1
    [notice] = [one for one in cast.gina.call("GET", "/notices")["items"] if one["kind"] == "lead.handed_over"]
    assert notice["subject_id"] == taken["id"]


def test_what_a_side_says_of_an_exit_criterion_is_told_to_the_others_managers(
    app: Flask, cast: Cast, errands: Errands
) -> None:
    criterion = terms.agree(cast, criteria=[terms.CRITERION])["criteria"][0]["id"]
    path = f"/partnerships/{cast.partnership_id}/criteria/{criterion}"
    errands.take()
    for player in (cast.dana, cast.hank):
        player.call("POST", f"{path}/mark", json={"met_on": "2026-01-31", "evidence": "The report."}, expect=200)
    cast.hank.call("POST", f"{path}/unmark", expect=200)
    errands.run()

    assert told(cast.hank) == ["criterion.marked"]
    assert sorted(told(cast.dana)) == ["criterion.confirmed", "criterion.unmarked"]
    for player in (cast.sam, cast.gina, cast.ines):
        assert told(player) == []
    [notice] = cast.hank.call("GET", "/notices")["items"]
    opened = Surfer.signed_in(app, cast.hank.email).send(f"/notices/{notice['id']}/open", {}, shown_on="/notices")
    assert opened.headers["Location"] == f"/partnerships/{cast.partnership_id}/progress"


def test_who_manages_a_partnership_no_more_is_told_to_the_colleagues_who_do(cast: Cast, errands: Errands) -> None:
    mia = person(cast.app, cast.ada.actor.organization_id, "Mia", "mia@acme.example", "partner_manager")
    given = {"user_id": str(mia.actor.user_id), "role": "partner_manager"}
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members", json=given, expect=201)
    errands.take()
    path = f"/users/{cast.dana.actor.user_id}"
    tag = cast.ada.response("GET", path).headers["ETag"]
    cast.ada.call("PATCH", path, json={"roles": ["seller"]}, if_match=tag, expect=200)
    errands.run()

    assert told(mia) == ["member.stepped_down"]
    for player in (cast.dana, cast.sam, cast.ada, cast.hank, cast.ines):
        assert told(player) == []


def test_an_erasure_is_told_to_own_administrators_and_to_the_partner_without_content(
    app: Flask, cast: Cast, errands: Errands
) -> None:
    alan = person(app, cast.ada.actor.organization_id, "Alan", "alan@acme.example", "admin")
    robin = "robin@vale.example"
    contact = leads.KNOWN | {"contact_name": "Robin Vale", "contact_email": robin}
    leads.step(cast.gina, leads.offer(cast.sam, cast.partnership_id, **contact)["id"], "accept")
    cast.ada.call("POST", "/people/erase", json={"email": robin, "confirmed_email": robin}, expect=200)
    errands.run()

    assert told(alan) == ["person.erased"]
    assert "person.erased" in told(cast.hank)
    [notice] = [one for one in cast.hank.call("GET", "/notices")["items"] if one["kind"] == "person.erased"]
    assert "Robin" not in str(notice)
    assert told(cast.ines) == []


def test_a_deputy_hears_of_the_absent_persons_leads_and_that_they_stand_in(cast: Cast, errands: Errands) -> None:
    today = datetime.now(UTC).date()
    nora = str(cast.nora.actor.user_id)
    given = {"deputy_id": nora, "from_on": str(today - timedelta(days=1)), "to_on": str(today + timedelta(days=1))}
    cast.sam.call("POST", "/deputies", json=given, expect=201)
    made = leads.offer(cast.sam, cast.partnership_id)
    leads.step(cast.gina, made["id"], "accept")
    errands.run()

    assert told(cast.nora) == ["lead.accepted", "deputy.named"]
    assert told(cast.sam) == ["lead.accepted"]


def test_who_started_an_import_hears_how_it_ended(cast: Cast, errands: Errands) -> None:
    one = imports.run(cast.sam, imports.sent(cast.sam))
    errands.run()

    (notice,) = cast.sam.call("GET", "/notices")["items"]
    assert (notice["kind"], notice["subject_id"]) == ("import.done", one["id"])
    assert told(cast.dana) == []
