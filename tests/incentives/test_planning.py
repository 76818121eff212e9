"""Compensation plans: written, published for ever, assigned from a day on; nobody reads but whose they are."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from partnercrm.incentives.queries.plans import plan_in_force
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from tests.cast import Cast, Player
from tests.factories.incentives import assigned, changed, drafted, published, rules


def day(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def in_force(player: Player, at: datetime) -> tuple[str, int] | None:
    actor = player.actor
    assert actor.user_id is not None
    with db.transaction(Actor.system(actor.organization_id)):
        found = plan_in_force(Actor.system(actor.organization_id), actor.user_id, at)
    return (found.name, found.version) if found else None


def test_a_published_version_never_changes_and_a_later_one_takes_its_place(cast: Cast) -> None:
    plan = drafted(cast.dana)
    assert (plan["status"], plan["versions"]) == ("draft", [])
    assigned(cast.dana, plan, user_id=str(cast.sam.actor.user_id), expect=409)
    first = published(cast.dana, plan)["versions"]
    published(cast.dana, plan, expect=409)

    tiers = [{"from": "0", "rate": 70_000}]
    table = {"starts_on": "2026-01-01", "mode": "whole", "tiers": tiers}
    changed(cast.dana, plan, starts_on=day(-1), tables=[table])
    assert published(cast.dana, plan, expect=422)["errors"][0]["field"] == "rules.starts_on"
    changed(cast.dana, plan, starts_on=day(0), tables=[table])
    told = published(cast.dana, plan)
    assert [one["status"] for one in told["versions"]] == ["superseded", "published"]
    assert (told["versions"][0]["rules"], told["draft"]) == (first[0]["rules"], None)
    changed(cast.dana, plan, starts_on=day(0), tables=[table])
    assert "published already" in published(cast.dana, plan, expect=422)["errors"][0]["message"]

    with pytest.raises(DBAPIError, match="permission denied"), db.transaction(cast.dana.actor):
        db.session().execute(text("UPDATE compensation_versions SET rules = '{}'"))


def test_what_pays_a_seller_is_what_was_theirs_by_then_else_their_teams(cast: Cast) -> None:
    team = cast.ada.call("POST", "/teams", json={"name": "North"}, expect=201)["id"]
    sam = str(cast.sam.actor.user_id)
    tag = cast.ada.response("GET", f"/users/{sam}").headers["ETag"]
    cast.ada.call("PATCH", f"/users/{sam}", json={"team_id": team}, if_match=tag, expect=200)
    ours, own = published(cast.dana, drafted(cast.dana, "Team")), published(cast.dana, drafted(cast.dana, "Own"))
    assigned(cast.dana, ours, team_id=team)
    assigned(cast.dana, own, user_id=sam, starts_on="2026-06-01")
    changed(cast.dana, own, starts_on=day(10), ends_on=day(20))
    published(cast.dana, own)

    assert in_force(cast.sam, datetime(2025, 12, 31, tzinfo=UTC)) is None
    assert in_force(cast.sam, datetime(2026, 5, 31, tzinfo=UTC)) == ("Team", 1)
    assert in_force(cast.sam, datetime(2026, 6, 1, tzinfo=UTC)) == ("Own", 1)
    assert in_force(cast.sam, clock.now() + timedelta(days=15)) == ("Own", 2)
    assert in_force(cast.sam, clock.now() + timedelta(days=25)) is None
    assert in_force(cast.nora, clock.now()) is None
    assigned(cast.dana, ours, user_id=sam, starts_on="2026-06-01")
    assert in_force(cast.sam, datetime(2026, 6, 1, tzinfo=UTC)) == ("Team", 1)


def test_a_seller_reads_what_pays_them_and_no_draft_and_nobody_elses(cast: Cast) -> None:
    plan = published(cast.dana, drafted(cast.dana))
    assigned(cast.dana, plan, user_id=str(cast.sam.actor.user_id))
    before = cast.sam.response("GET", f"/compensation-plans/{plan['id']}").headers["ETag"]
    changed(cast.dana, plan, starts_on=day(5))
    path = f"/compensation-plans/{plan['id']}"

    seen = cast.sam.call("GET", path, expect=200)
    assert (seen["draft"], seen["assignments"], len(seen["versions"])) == (None, [], 1)
    assert cast.sam.response("GET", path).headers["ETag"] == before
    assert len(cast.dana.call("GET", path, expect=200)["assignments"]) == 1
    assert [len(one.call("GET", "/compensation-plans", expect=200)["items"]) for one in (cast.sam, cast.nora)] == [1, 0]
    for other in (cast.nora, cast.hank, cast.gina, cast.ines):
        other.call("GET", path, expect=404)
    cast.sam.call("POST", "/compensation-plans/check", json={"rules": rules()}, expect=403)


def test_whoever_a_plan_is_for_is_of_the_own_organization_and_a_person_or_a_team(cast: Cast) -> None:
    plan = published(cast.dana, drafted(cast.dana))

    assert len(assigned(cast.dana, plan, expect=422)["errors"]) == 2
    for field in ("user_id", "team_id"):
        wrong = assigned(cast.dana, plan, expect=422, **{field: str(cast.gina.actor.user_id)})["errors"]
        assert [one["field"] for one in wrong] == [field]


def test_rules_are_tried_out_with_every_fault_or_in_words(cast: Cast) -> None:
    tried = cast.dana.call("POST", "/compensation-plans/check", json={"rules": rules()}, expect=200)
    assert tried["sentences"] == [
        "5 % of what you win up to 1000.00 EUR, 8 % beyond, from 2026-01-01 on.",
        "It is earned when the deal is won.",
    ]
    line = str(UUID(int=1))
    table = rules()["tables"][0] | {"product_line_id": line}
    wrong = rules(tables=[table | {"tiers": [{"from": "5", "to": "4", "rate": 1}]}], floor="2", deal_cap="1")
    told = cast.dana.call("POST", "/compensation-plans/check", json={"rules": wrong}, expect=422)["errors"]
    assert sorted(one["field"] for one in told) == [
        "rules.deal_cap",
        "rules.tables.0.tiers.0.from",
        "rules.tables.0.tiers.0.to",
        "rules.tables.0.tiers.0.to",
    ]
