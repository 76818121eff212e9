"""Figures of teams as they are published: few are told with others, and no gap names anybody."""

from flask import Flask

from partnercrm.identity.agreements import GROUP_MINIMUM
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions.publishing import publish_figures
from tests.cast import Cast
from tests.firm import Firm, answers, every_question, firm, give, scene
from tests.servers import TestServer


def shown(firm: Firm, measure: str = "given") -> list[tuple[list[str], int]]:
    told = firm.cast.dana.call("GET", f"/figures/teams?month={firm.month}", expect=200)["groups"]
    return [(one["team_ids"], one["amount"]) for one in told if one["measure"] == measure]


def test_few_people_are_told_with_others_or_not_at_all(made: Firm) -> None:
    made.publish()
    for _, amount in shown(made):
        assert amount >= GROUP_MINIMUM
    gone = ", ".join(f"'{player.actor.user_id}'" for player in made.people[:6])
    members = f"(SELECT id FROM partnership_members WHERE user_id IN ({gone}))"
    made.ask(f"DELETE FROM offers WHERE giver_member_id IN {members}")

    made.publish()

    assert shown(made) == []


def test_of_two_small_teams_nobody_reads_which_gave_nothing(
    application: Flask, peopled: tuple[str, Cast], test_server: TestServer
) -> None:
    """Eight who gave in one team, and two teams of one person each, of whom one gave nothing."""
    with scene(application, peopled, test_server) as (cast, ask):
        made = firm(cast, ask, [8, 1, 1], ["seller"], [3] * 9 + [0])
        asked = [path for path in every_question(made, [8, 9]) if path.startswith("/figures/")]
        made.publish()
        before = answers(made, cast.dana, asked)
        told = [team_id for team_ids, _ in shown(made) for team_id in team_ids]
        assert sorted(told) == sorted(map(str, made.team_ids))
        for team_id in made.team_ids:
            path = f"/figures/teams?month={made.month}&team_id={team_id}"
            assert cast.dana.call("GET", path, expect=200)["groups"]

        made.exchange(8, 9)
        made.publish()

        assert answers(made, cast.dana, asked) == before


def test_what_was_published_does_not_change_when_somebody_changes_teams_or_works_on(made: Firm) -> None:
    made.publish()
    path = f"/figures/teams?month={made.month}"
    before = made.cast.dana.response("GET", path).data
    mover = made.people[0].actor.user_id
    tag = made.cast.ada.response("GET", f"/users/{mover}").headers["ETag"]

    given = {"team_id": str(made.team_ids[1])}
    made.cast.ada.call("PATCH", f"/users/{mover}", json=given, if_match=tag, expect=200)
    give(made.cast, made.people[0].actor, 0)
    system = Actor.system(made.cast.dana.actor.organization_id)
    with db.transaction(system):
        publish_figures(system, made.month)

    assert made.cast.dana.response("GET", path).data == before


def test_a_month_is_told_once_it_is_published_and_to_those_who_oversee_leads(made: Firm) -> None:
    path = f"/figures/teams?month={made.month}"
    assert made.cast.dana.call("GET", path, expect=422)["errors"][0]["field"] == "month"
    made.publish()
    made.cast.dana.call("GET", path, expect=200)
    made.cast.sam.call("GET", path, expect=403)
    assert made.cast.hank.call("GET", path, expect=422)["errors"][0]["field"] == "month"
