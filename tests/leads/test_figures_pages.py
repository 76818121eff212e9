"""Figures on pages: one's own, those of groups of teams, and a colleague's where it is agreed."""

from flask import Flask

from partnercrm.kernel import clock, db
from partnercrm.leads.actions.publishing import publish_figures
from tests.cast import Cast
from tests.factories import leads
from tests.firm import firm, scene
from tests.servers import TestServer
from tests.surfer import Surfer


def test_everybody_reads_their_own_and_nobody_elses(cast: Cast) -> None:
    leads.offer_at(cast, "won")
    sam, dana = (Surfer.signed_in(cast.app, player.email) for player in (cast.sam, cast.dana))
    path = f"/figures/people/{cast.sam.actor.user_id}"
    month = clock.now().strftime("%Y-%m")

    assert month in sam.open("/figures").text
    assert "Of teams" not in sam.open("/figures").text
    assert month in sam.open(path).text
    shown = dana.open("/figures").text
    assert "Look at a colleague" not in shown
    assert "You have not given or taken a lead yet." in shown
    assert dana.open(path).status_code == 403


def test_a_manager_looks_where_it_is_agreed_and_the_person_reads_that(cast: Cast) -> None:
    leads.offer_at(cast, "won")
    cast.ada.call("POST", "/works-agreement", json={"person_figures": "managers", "reason": "Agreed."}, expect=201)
    dana = Surfer.signed_in(cast.app, cast.dana.email)
    assert "Look at a colleague" in dana.open("/figures").text

    gone = dana.send("/figures/look", {"user_id": str(cast.sam.actor.user_id)}, shown_on="/figures")

    assert gone.headers["Location"] == f"/figures/people/{cast.sam.actor.user_id}"
    assert "Sam" in dana.open(gone.headers["Location"]).text
    assert "Dana" in Surfer.signed_in(cast.app, cast.sam.email).open("/seen").text


def test_groups_are_told_by_team_and_what_is_suppressed_is_said(
    application: Flask, peopled: tuple[str, Cast], test_server: TestServer
) -> None:
    with scene(application, peopled, test_server) as (cast, ask):
        made = firm(cast, ask, [12, 3], ["seller"], [1])
        made.publish()
        dana = Surfer.signed_in(cast.app, cast.dana.email)

        shown = dana.open(f"/figures?month={made.month}").text

        assert shown.count("Not shown: fewer than 8 people contributed") >= 3
        assert str(made.team_ids[0]) in shown
        assert made.month in dana.open("/figures?month=1999-01").text


def test_before_the_first_month_is_over_nothing_is_published(cast: Cast) -> None:
    dana = Surfer.signed_in(cast.app, cast.dana.email)
    assert "No month is published yet" in dana.open("/figures").text
    with db.transaction(cast.dana.actor):
        publish_figures(cast.dana.actor, "2020-01")
    assert "2020-01" in dana.open("/figures").text
