"""The pages of cases, in what the browser journeys do not walk."""

from flask import Flask

from tests.cast import Cast
from tests.factories import cases, leads
from tests.surfer import Surfer


def test_both_sides_read_the_same_case_file_page(app: Flask, cast: Cast) -> None:
    decided = cases.decided(cast)
    path = f"/cases/{decided['id']}"

    pages = [Surfer.signed_in(app, email).open(path).text for email in ("dana@acme.example", "hank@globex.example")]

    mains = {page[page.index("<main") : page.index("</main>")] for page in pages}
    assert len(mains) == 1
    assert "Both sides arrange something else" in mains.pop()


def test_a_case_about_a_lead_shows_its_steps_and_leads_back(app: Flask, cast: Cast) -> None:
    offered = leads.offer_at(cast, "declined")
    sam = Surfer.signed_in(app, "sam@acme.example")
    form = f"/cases/new?partnership_id={cast.partnership_id}&subject=offers&subject_id={offered['id']}"
    assert form.replace("&", "&amp;") in sam.open(f"/offers/{offered['id']}").text
    filled = {"kind": "claim", "claim": "It fits.", "copies": "true", "subject": "offers"}
    filled |= {"subject_id": offered["id"], "partnership_id": str(cast.partnership_id)}

    answer = sam.send("/cases/new", filled, shown_on=form)

    page = sam.open(answer.headers["Location"]).text
    assert "<dt>declined</dt>" in page
    assert f'href="/offers/{offered["id"]}"' in page
    assert "It fits." in Surfer.signed_in(app, "gina@globex.example").open(f"/offers/{offered['id']}").text


def test_what_the_viewer_may_not_copy_is_not_there(app: Flask, cast: Cast) -> None:
    ines = Surfer.signed_in(app, "ines@initech.example")
    offered = leads.offer_at(cast, "declined")
    filled = {"kind": "claim", "claim": "It fits.", "copies": "true", "subject": "offers"}
    filled |= {"subject_id": offered["id"], "partnership_id": str(cast.partnership_id)}

    assert ines.send("/cases/new", filled, shown_on="/cases/new").status_code == 404


def test_a_moderator_is_led_to_the_case_and_declares_their_ties(app: Flask, cast: Cast) -> None:
    found = cases.invited(cast)
    ines = Surfer.signed_in(app, "ines@initech.example")
    assert "Acme and Globex ask you to moderate" in ines.open("/").text.replace("Globex and Acme", "Acme and Globex")
    (asked,) = cast.ines.call("GET", "/moderations", expect=200)["items"]
    path = f"/moderations/{asked['id']}/accept"

    nothing_said = ines.send(path, {}, shown_on="/moderations")
    accepted = ines.send(path, {"declares": "None."}, shown_on="/moderations")
    cast.sam.call("POST", f"/cases/{found['id']}/submit", expect=200)

    assert (nothing_said.status_code, accepted.status_code) == (422, 303)
    assert f'href="/case-files/{found["id"]}"' in ines.open("/moderations").text
    assert "nothing else of their partnership" in ines.open(f"/case-files/{found['id']}").text
