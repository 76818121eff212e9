"""How a deal is shared is proposed, agreed, versioned and effective-dated; both sides read the same bytes."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
import pytest

from partnercrm.incentives.queries import agreements
from partnercrm.incentives.sharing import Portion, Posting, differences
from partnercrm.kernel import clock, db
from tests.cast import Cast
from tests.crowd import at_once
from tests.factories import deals, notices, splits
from tests.servers import TestServer

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"


@pytest.fixture
def deal(cast: Cast) -> dict[str, Any]:
    return deals.opened(cast, cast.sam)


def sharing(player: Any, deal: dict[str, Any]) -> Any:
    return player.call("GET", f"/deals/{deal['id']}/sharing", expect=200)


def test_a_split_is_proposed_accepted_and_read_alike_by_both(cast: Cast, deal: dict[str, Any]) -> None:
    template = splits.allowed(cast)["split_templates"][0]
    assert sharing(cast.gina, deal)["templates"] == [template]

    proposed = splits.propose(cast.hank, deal, {"based_on": 0, "role": "co_sell", "template_id": template["id"]})
    waiting = cast.dana.call("GET", "/split-proposals?waiting=true", expect=200)["items"]
    assert [one["id"] for one in waiting] == [proposed["id"]]
    assert cast.hank.call("GET", "/split-proposals?waiting=true", expect=200)["items"] == []
    splits.answer(cast.dana, proposed, "accept")

    acme, globex = str(cast.dana.actor.organization_id), str(cast.hank.actor.organization_id)
    agreed = sharing(cast.sam, deal)["in_force"]
    assert {one["organization_id"]: (one["revenue_split"], one["overlay_split"]) for one in agreed["shares"]} == {
        acme: (600_000, 0),
        globex: (400_000, 50_000),
    }
    assert agreed["referral_fee"] == {"payer_id": globex, "rate": 100_000}
    assert (agreed["origin_id"], agreed["role"], agreed["stage"]) == (acme, "co_sell", "prospect")
    for path in (f"/deals/{deal['id']}/sharing", f"/split-proposals/{proposed['id']}", "/split-proposals"):
        assert cast.sam.response("GET", path).data == cast.hank.response("GET", path).data
        assert cast.ines.response("GET", path).status_code in {200, 404}
    assert cast.ines.call("GET", "/split-proposals", expect=200)["items"] == []
    assert cast.ines.response("GET", f"/deals/{deal['id']}/split-agreements").status_code == 404


def test_everything_wrong_is_named_at_once(cast: Cast, deal: dict[str, Any]) -> None:
    template = splits.allowed(cast)["split_templates"][0]
    given = splits.split(cast, 600_000, effective_on="2020-01-01")
    given["shares"][0] |= {"revenue_split": 600_001, "overlay_split": 100_001}
    stranger = {"payer_id": str(cast.ines.actor.organization_id), "rate": 5}

    told = splits.propose(cast.dana, deal, given | {"referral_fee": stranger, "revenue_share": stranger}, expect=422)
    assert [one["field"] for one in told["errors"]] == [
        *("shares", "shares", "referral_fee.payer_id", "revenue_share.payer_id", "effective_on")
    ]
    both = splits.split(cast, template_id=template["id"], role="resale", revenue_share=stranger)
    told = splits.propose(cast.dana, deal, both, expect=422)
    assert [one["field"] for one in told["errors"]] == ["shares", "revenue_share", "template_id"]
    told = splits.propose(cast.dana, deal, {"based_on": 0, "role": "co_sell"}, expect=422)
    assert [one["field"] for one in told["errors"]] == ["shares"]
    twice = splits.split(cast)
    twice["shares"][1] = twice["shares"][0]
    assert [one["field"] for one in splits.propose(cast.dana, deal, twice, expect=422)["errors"]] == ["shares"]


def test_sellers_read_and_managers_agree(cast: Cast, deal: dict[str, Any]) -> None:
    splits.propose(cast.sam, deal, splits.split(cast), expect=403)
    proposed = splits.propose(cast.dana, deal, splits.split(cast))
    splits.answer(cast.gina, proposed, "accept", expect=403)
    assert splits.answer(cast.dana, proposed, "accept", expect=409)["code"] == "answered_by_the_other"
    assert splits.answer(cast.hank, proposed, "withdraw", expect=409)["code"] == "answered_by_the_other"
    splits.answer(cast.ines, proposed, "accept", expect=404)
    assert sharing(cast.sam, deal)["waiting"]["id"] == proposed["id"]
    splits.answer(cast.hank, proposed, "decline")
    assert splits.answer(cast.hank, proposed, "accept", expect=409)["code"] == "split_proposal_answered"
    assert sharing(cast.sam, deal) == sharing(cast.gina, deal)
    assert sharing(cast.sam, deal)["in_force"] is None


def test_another_proposal_answers_the_one_that_waits(cast: Cast, deal: dict[str, Any]) -> None:
    first = splits.propose(cast.dana, deal, splits.split(cast, 700_000))
    assert splits.propose(cast.hank, deal, splits.split(cast, 1), expect=409)["code"] == "split_proposal_open_already"
    same = splits.answer(cast.hank, first, "change", json=splits.split(cast, 700_000), expect=409)
    assert same["code"] == "nothing_changes"

    counter = splits.answer(cast.hank, first, "change", json=splits.split(cast, 500_000), expect=201)
    mended = splits.answer(cast.hank, counter, "change", json=splits.split(cast, 550_000), expect=201)
    splits.answer(cast.dana, mended, "accept")

    told = {one["id"]: one["status"] for one in cast.gina.call("GET", "/split-proposals", expect=200)["items"]}
    assert told == {first["id"]: "declined", counter["id"]: "withdrawn", mended["id"]: "accepted"}
    assert splits.propose(cast.dana, deal, splits.split(cast, 1), expect=409)["code"] == "split_changed_meanwhile"
    again = splits.split(cast, 550_000, based_on=1)
    assert splits.propose(cast.dana, deal, again, expect=409)["code"] == "nothing_changes"


def test_what_is_in_force_at_a_moment_follows_from_what_was_agreed_by_then(cast: Cast, deal: dict[str, Any]) -> None:
    before = clock.now()
    splits.agree(cast, deal, 600_000)
    now = clock.now()
    later = (now + timedelta(days=10)).date()
    splits.agree(cast, deal, 500_000, effective_on=later.isoformat())
    known = clock.now()

    def share(moment: Any, known_at: Any = None) -> int | None:
        with db.transaction(cast.sam.actor):
            found = agreements.agreement_in_force(cast.sam.actor, UUID(deal["id"]), moment, known_at)
            return found and found.sharing.splits[cast.sam.actor.organization_id]

    assert share(before) is None
    assert share(known) == 600_000
    assert share(known + timedelta(days=11)) == 500_000
    assert share(known + timedelta(days=11), now) in {600_000, None}
    assert sharing(cast.gina, deal)["version"] == 2
    versions = cast.gina.call("GET", f"/deals/{deal['id']}/split-agreements", expect=200)["items"]
    assert [one["version"] for one in versions] == [2, 1]
    with clock.at(known + timedelta(days=11)):
        assert sharing(cast.hank, deal)["in_force"]["version"] == 2


def test_after_a_win_both_agree_and_only_differences_are_to_be_posted(cast: Cast, deal: dict[str, Any]) -> None:
    splits.agree(cast, deal, 600_000)
    won = deals.move(cast.sam, deals.move(cast.sam, deals.read(cast.sam, deal), "committed"), "closed_won")
    splits.agree(cast, won, 500_000)

    with db.transaction(cast.sam.actor):
        old, new = sorted(
            db.session().scalars(agreements.split_agreements_seen_by(cast.sam.actor)), key=lambda one: one.version
        )
        acme, globex = cast.sam.actor.organization_id, cast.gina.actor.organization_id
        assert sorted(differences(old.sharing, new.sharing, 1_000_00)) == sorted(
            [Posting(acme, Portion.REVENUE_SPLIT, -100_00), Posting(globex, Portion.REVENUE_SPLIT, 100_00)]
        )


def test_what_is_lost_or_only_known_of_is_not_shared(cast: Cast, deal: dict[str, Any]) -> None:
    known = deals.opened(cast, cast.sam, company="Fabrikam", involvement="visibility_only")
    assert splits.propose(cast.dana, known, splits.split(cast), expect=409)["code"] == "nothing_to_share"
    deals.move(cast.sam, deals.read(cast.sam, deal), "closed_lost")
    assert splits.propose(cast.dana, deal, splits.split(cast), expect=409)["code"] == "nothing_to_share"


def test_a_cap_that_sank_meanwhile_is_kept_at_acceptance(cast: Cast, deal: dict[str, Any]) -> None:
    splits.allowed(cast, split_templates=[])
    given = splits.split(cast)
    given["shares"][0]["overlay_split"] = 100_000
    proposed = splits.propose(cast.dana, deal, given)
    splits.allowed(cast, overlay_cap_percent=9, split_templates=[])
    assert splits.answer(cast.hank, proposed, "accept", expect=409)["code"] == "split_beyond_terms"


def test_templates_are_terms_and_everything_wrong_with_them_is_named(cast: Cast) -> None:
    wrong = {"name": "T", "role": "co_sell", "source_split": 1, "partner_overlay": 1, "referral_fee": 1}
    other = {"name": "U", "role": "co_sell", "source_split": 1, "revenue_payer": "source"}
    path = f"/partnerships/{cast.partnership_id}/term-changes"
    given = {"based_on": 1, "terms": {"split_templates": [wrong, other]}}
    told = cast.dana.call("POST", path, json=given, expect=422)
    assert [one["field"].removeprefix("terms.split_templates.") for one in told["errors"]] == [
        *("0.referral_payer", "1.from_stage", "1.revenue_share")
    ]
    given["terms"]["split_templates"] = [wrong | {"referral_payer": "source"}]
    told = cast.dana.call("POST", path, json=given, expect=422)
    assert [one["field"] for one in told["errors"]] == ["terms.split_templates.0.source_overlay"]
    [template] = splits.allowed(cast)["split_templates"]
    renamed = splits.allowed(cast, split_templates=[template | {"name": "Renamed"}])["split_templates"]
    assert renamed == [template | {"name": "Renamed"}]


def test_a_retried_proposal_is_one(cast: Cast, deal: dict[str, Any]) -> None:
    sent = partial(
        cast.dana.response,
        "POST",
        f"/deals/{deal['id']}/split-proposals",
        json=splits.split(cast),
        headers={"Idempotency-Key": "once"},
    )
    assert sent().data == sent().data
    assert len(cast.hank.call("GET", "/split-proposals", expect=200)["items"]) == 1


def test_managers_of_the_other_side_are_told(
    cast: Cast, deal: dict[str, Any], test_server: TestServer, database: str
) -> None:
    errands = notices.Errands(test_server, database)
    proposed = splits.propose(cast.dana, deal, splits.split(cast))
    errands.run("notices.tell")
    assert notices.told(cast.hank)[0] == "split.proposed"
    splits.answer(cast.hank, proposed, "accept")
    errands.run("notices.tell")
    for player, told in ((cast.dana, True), (cast.hank, False), (cast.sam, False), (cast.gina, False)):
        assert ("split.agreed" in notices.told(player)) is told


def test_what_is_agreed_outlives_the_partnership_and_what_waits_does_not(
    cast: Cast, deal: dict[str, Any], test_server: TestServer, database: str
) -> None:
    splits.agree(cast, deal, 600_000)
    splits.propose(cast.dana, deal, splits.split(cast, 500_000, based_on=1))
    tag = cast.dana.response("GET", f"/partnerships/{cast.partnership_id}").headers["ETag"]
    cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/end", json={}, if_match=tag, expect=200)
    with psycopg.connect(test_server.admin(database)) as connection:
        found = connection.execute("SELECT status FROM split_proposals").fetchall()
        agreed = connection.execute("SELECT count(*) FROM split_agreements").fetchone()
    assert (found, agreed) == ([("accepted",)], (1,))


def test_nobody_agrees_alone_past_the_application(cast: Cast, deal: dict[str, Any]) -> None:
    proposed = splits.propose(cast.dana, deal, splits.split(cast))
    for statement in (
        "UPDATE split_proposals SET status = 'declined', answered_at = now() WHERE id = %s",
        "UPDATE split_proposals SET first_split = 0 WHERE id = %s",
        "DELETE FROM split_proposals WHERE id = %s",
        "INSERT INTO split_agreements SELECT FROM split_proposals WHERE id = %s",
    ):
        with pytest.raises(psycopg.Error), db.transaction(cast.dana.actor):
            db.driver_connection().execute(statement, [proposed["id"]])
    with db.transaction(cast.dana.actor):
        called = "SELECT step_agree_split(%s, now())"
        assert db.driver_connection().execute(called, [proposed["id"]]).fetchone() == (None,)
    assert sharing(cast.dana, deal)["version"] == 0


@pytest.mark.parametrize(
    "fault",
    [
        {"first_split": 1},
        {"referral_fee": 5},
        {"referral_fee": 5, "referral_payer_id": str(UUID(int=5))},
        {"stage": "x"},
    ],
)
def test_the_database_holds_no_split_that_is_not_whole(fault: Any, cast: Cast, deal: dict[str, Any]) -> None:
    proposed = splits.propose(cast.dana, deal, splits.split(cast))
    splits.answer(cast.dana, proposed, "withdraw")
    copied = """INSERT INTO split_proposals SELECT (jsonb_populate_record(NULL::split_proposals, to_jsonb(p) || %s)).*
                FROM split_proposals p WHERE id = %s"""
    sound = {"id": str(UUID(int=7)), "status": "open", "answered_at": None}
    for given in (sound | fault, sound):
        refused = pytest.raises(psycopg.errors.CheckViolation) if given != sound else nullcontext()
        with refused, db.transaction(cast.dana.actor):
            db.driver_connection().execute(copied, [json.dumps(given), proposed["id"]])


def races(cast: Cast, deal: dict[str, Any], number: int) -> Iterator[tuple[Counter[int], int, int]]:
    """Yield of each race of acceptances against changes what was answered, and how many versions were and are."""
    version = 0
    for place in range(number):
        proposed = splits.propose(cast.dana, deal, splits.split(cast, 100_000 + 3 * place, based_on=version))
        path = f"/split-proposals/{proposed['id']}"
        ours = splits.split(cast, 100_001 + 3 * place, based_on=version)
        theirs = splits.split(cast, 100_002 + 3 * place, based_on=version)
        calls: list[Callable[[], Any]] = [
            partial(cast.hank.response, "POST", f"{path}/accept"),
            partial(cast.hank.response, "POST", f"{path}/accept"),
            partial(cast.dana.response, "POST", f"{path}/change", json=ours),
            partial(cast.hank.response, "POST", f"{path}/change", json=theirs),
        ]
        answered = Counter(one.status_code for one in at_once(calls))
        now = sharing(cast.hank, deal)
        yield answered, version, now["version"]
        if now["waiting"]:
            splits.answer(
                cast.dana if now["waiting"]["proposed_by"] == str(cast.dana.actor.organization_id) else cast.hank,
                now["waiting"],
                "withdraw",
            )
        version = now["version"]


def test_acceptances_and_changes_at_once_have_one_effect(
    cast: Cast, deal: dict[str, Any], record_property: Callable[[str, object], None]
) -> None:
    number = 1_000 if PROVE else 6
    for answered, before, after in races(cast, deal, number):
        assert sum(answered[code] for code in (200, 201)) == 1
        assert answered[409] == 3
        assert after == before + answered[200]
    record_property("races of accepting and changing", number)
    versions = []
    path = f"/deals/{deal['id']}/split-agreements?sort=version&limit=100"
    while path:
        page = cast.dana.call("GET", path, expect=200)
        versions += [one["version"] for one in page["items"]]
        path = page["next"] and f"/deals/{deal['id']}/split-agreements?sort=version&limit=100&cursor={page['next']}"
    assert versions == list(range(1, len(versions) + 1))
