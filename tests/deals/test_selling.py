"""A deal opens with its approval, moves by either side, changes by one after the other, and ends won or lost."""

from itertools import product
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from partnercrm.deals.actions import selling as actions
from partnercrm.deals.errors import DealClosed, NotInvolved, StageNotNext
from partnercrm.deals.stages import LossReason, Stage
from partnercrm.kernel import clock, db
from partnercrm.kernel.errors import NotFound
from tests.cast import Cast, Player
from tests.deals.test_stages import LEGAL
from tests.factories import deals, notices, terms
from tests.factories.deals import ago, change, move, opened, read, undo
from tests.factories.notices import Errands

OURS = {"direction", "next_stages"}


def test_an_approved_registration_opens_a_deal_that_both_sides_read_alike_and_a_stranger_not(cast: Cast) -> None:
    made = opened(cast, cast.sam)

    ours, theirs = read(cast.sam, made), read(cast.gina, made)

    assert (ours["stage"], ours["value"]["amount"], ours["direction"]) == ("prospect", "120000.00", "made")
    assert (theirs["direction"], theirs["origin_id"]) == ("received", str(cast.sam.actor.organization_id))
    assert {name: ours[name] for name in ours if name not in OURS} == {
        name: theirs[name] for name in theirs if name not in OURS
    }
    assert [one["id"] for one in cast.gina.call("GET", "/deals?direction=received", expect=200)["items"]] == [
        made["id"]
    ]
    assert cast.dana.call("GET", "/deals?mine=true", expect=200)["items"] == []
    for stranger in (cast.ines, cast.nora):
        for path in ("", "/states", "/timeline"):
            stranger.call("GET", f"/deals/{made['id']}{path}", expect=404)
        assert stranger.call("GET", "/deals", expect=200)["items"] == []


def test_a_deal_begins_where_its_registration_says_that_the_partner_comes_in(cast: Cast) -> None:
    made = opened(cast, cast.sam, entry_stage="business_validation", lost_before=True)
    told = cast.gina.call("GET", f"/registrations/{made['registration_id']}", expect=200)

    assert (made["stage"], told["entry_stage"], told["lost_before"]) == (
        "business_validation",
        "business_validation",
        True,
    )
    assert opened(cast, cast.sam, company="Contoso")["stage"] == "prospect"
    body = deals.deal(cast.partnership_id, company="Fabrikam", entry_stage="closed_won")
    refused = cast.sam.call("POST", "/registrations", json=body, expect=422)
    assert [one["field"] for one in refused["errors"]] == ["entry_stage"]
    columns = "partnership_id, first_organization_id, second_organization_id, joint_account_id, opened_at,"
    columns += " registration_id, origin_id, involvement, value_band, value_minor, currency, close_on, act, happened_at"
    elsewhere = f"INSERT INTO deals (id, stage, version, {columns}) SELECT gen_random_uuid(), 'prospect', 1, {columns}"
    with pytest.raises(DBAPIError, match="row-level security"), db.transaction(cast.gina.actor):
        db.session().execute(text(f"{elsewhere} FROM deals WHERE id = :id"), {"id": made["id"]})


@pytest.mark.parametrize("involvement", ["co_sell", "visibility_only"])
def test_every_move_by_every_role_is_done_or_refused_as_the_table_says(involvement: str, cast: Cast) -> None:
    partner = None if involvement == "co_sell" else NotInvolved
    refusals = {"sam": None, "dana": None, "gina": partner, "hank": partner}
    strangers = dict.fromkeys(("ada", "nora", "ines"), NotFound)
    for before in LEGAL:
        made = _reach(
            cast.sam, opened(cast, cast.sam, company=before.replace("_", ""), involvement=involvement), before
        )
        for (name, refused), after in product((refusals | strangers).items(), Stage):
            actor = getattr(cast, name).actor
            illegal = None if after.value in LEGAL[before] else StageNotNext if LEGAL[before] else DealClosed
            given = {"stage": after, "reason": LossReason.OTHER if after is Stage.CLOSED_LOST else None}
            with db.transaction(actor), db.trial():
                if refusal := refused or illegal:
                    with pytest.raises(refusal):
                        actions.move_deal(actor, UUID(made["id"]), given, made["tag"])
                else:
                    assert actions.move_deal(actor, UUID(made["id"]), given, made["tag"]).stage is after


def _reach(player: Player, made: dict[str, Any], stage: str) -> dict[str, Any]:
    if stage == "closed_won":
        made = move(player, made, "committed")
    return made if stage == "prospect" else move(player, made, stage)


def test_a_lost_deal_needs_a_reason_and_everything_wrong_is_said_at_once(cast: Cast) -> None:
    made = opened(cast, cast.sam)

    refused = move(cast.gina, made, "closed_lost", reason=None, happened_at=ago(400).isoformat(), expect=422)
    reasoned = move(cast.gina, made, "qualified", reason="price", expect=422)

    assert {one["field"] for one in refused["errors"]} == {"reason", "happened_at"}
    assert [one["field"] for one in reasoned["errors"]] == ["reason"]
    lost = move(cast.gina, made, "closed_lost", reason="no_budget")
    assert (lost["reason"], lost["next_stages"]) == ("no_budget", [])
    for refuse in (change(cast.sam, lost, close_on="2040-01-31", expect=409), undo(cast.gina, lost, expect=409)):
        assert refuse["code"] == "deal_closed"


def test_of_two_who_read_the_same_one_is_refused_and_reads_both_states(cast: Cast) -> None:
    made = opened(cast, cast.sam)
    change(cast.gina, made, close_on="2040-01-31")

    refused = change(cast.sam, made, close_on="2040-02-28", expect=412)

    assert refused["code"] == "deal_changed"
    beside = {"field": "close_on", "read": made["close_on"], "now": "2040-01-31", "sent": "2040-02-28"}
    assert refused["facts"]["fields"] == [beside]
    assert (
        change(cast.sam, made | {"tag": refused["facts"]["version"]}, close_on="2040-02-28")["close_on"] == "2040-02-28"
    )


def test_every_change_is_on_record_by_field_and_a_side_undoes_its_own_last_one(cast: Cast) -> None:
    made = opened(cast, cast.sam)
    moved = move(cast.sam, made, "qualified")
    changed = change(cast.gina, moved, value={"amount": "130000.00", "currency": "EUR"}, close_on="2040-01-31")

    assert undo(cast.sam, changed, expect=409)["code"] == "nothing_to_undo"
    back = undo(cast.gina, changed)

    assert (back["value"], back["close_on"], back["stage"]) == (moved["value"], moved["close_on"], "qualified")
    states = cast.sam.call("GET", f"/deals/{made['id']}/states?limit=2", expect=200)
    assert [one["act"] for one in states["items"]] == ["undone", "changed"]
    assert states["items"][1]["changes"] == [
        {"field": "value", "before": "120000.00 EUR", "after": "130000.00 EUR"},
        {"field": "close_on", "before": made["close_on"], "after": "2040-01-31"},
    ]
    older = cast.sam.call("GET", f"/deals/{made['id']}/states?limit=2&cursor={states['next']}", expect=200)["items"]
    assert older[0]["changes"] == [{"field": "stage", "before": "prospect", "after": "qualified"}]
    assert {one["field"] for one in older[1]["changes"]} >= {"stage", "value", "origin_id"}
    verbs = [one["verb"] for one in cast.gina.call("GET", f"/deals/{made['id']}/timeline", expect=200)["items"]]
    assert verbs == ["deal.opened", "deal.moved", "deal.changed", "deal.undone"]


def test_within_a_band_a_changed_value_changes_nothing_that_is_read(cast: Cast) -> None:
    terms.agree(cast, value_disclosure="band")
    made = opened(cast, cast.sam)

    same = change(cast.sam, made, value={"amount": "130000.00", "currency": "EUR"})
    other = change(cast.sam, made, value={"amount": "9000.00", "currency": "EUR"})

    assert (same["tag"], same["value"], same["value_band"]) == (made["tag"], None, "50k_250k")
    assert (other["value"], other["value_band"]) == (None, "under_10k")


def test_who_only_knows_of_a_deal_is_let_in_by_the_side_that_registered_it_alone(cast: Cast) -> None:
    made = opened(cast, cast.sam, involvement="visibility_only")

    assert change(cast.gina, made, involvement="co_sell", expect=403)["code"] == "not_involved"
    joined = change(cast.sam, made, involvement="co_sell")

    assert move(cast.gina, joined, "qualified")["stage"] == "qualified"
    assert change(cast.gina, read(cast.gina, made), involvement="visibility_only", expect=422)


def test_a_deal_goes_on_under_the_registration_that_holds_its_place(cast: Cast) -> None:
    made = opened(cast, cast.sam)
    move(cast.sam, made, "qualified")
    theirs = deals.register(cast.gina, cast.partnership_id, ago(30))
    deals.go(cast.dana, theirs, "approve")

    one = read(cast.sam, made)

    assert (one["direction"], one["registration_id"], one["stage"]) == ("received", theirs["id"], "qualified")
    assert len(cast.sam.call("GET", "/deals", expect=200)["items"]) == 1
    assert undo(cast.dana, one, expect=409)["code"] == "nothing_to_undo"


def test_a_move_is_told_to_who_works_on_the_deal_at_the_other_side(cast: Cast, errands: Errands) -> None:
    made = opened(cast, cast.sam)
    move(cast.gina, made, "qualified")
    errands.run("notices.tell")

    assert notices.told(cast.sam)[0] == "deal.moved"
    assert not {one for one in notices.told(cast.dana) if one.startswith("deal.")}
    with clock.at(ago(-1)):
        move(cast.sam, read(cast.sam, made), "committed")
    errands.run("notices.tell")
    assert notices.told(cast.hank)[0] == "deal.moved"


_MADE_UP = """
    INSERT INTO deal_versions SELECT (jsonb_populate_record(v, '{"version": 9}')).* FROM deal_versions v
"""


@pytest.mark.parametrize(
    ("who", "involvement", "statement", "refusal"),
    [
        ("sam", "co_sell", "UPDATE deals SET stage = 'closed_won', {next} = 'moved'", "cannot go from"),
        ("gina", "visibility_only", "UPDATE deals SET stage = 'qualified', {next} = 'moved'", "that registered"),
        ("gina", "co_sell", "UPDATE deals SET involvement = 'visibility_only', {next} = 'changed'", "that registered"),
        ("gina", "co_sell", "UPDATE deals SET origin_id = ctx_org(), {next} = 'passed_on'", "fk_deals_registration"),
        ("gina", "co_sell", "UPDATE deals SET involvement = 'visibility_only', {next} = 'passed_on'", "passes on with"),
        ("sam", "co_sell", "UPDATE deals SET close_on = '2040-01-31'", "follows the one before"),
        ("sam", "co_sell", "UPDATE deal_versions SET close_on = '2040-01-31'", "permission denied"),
        ("sam", "co_sell", _MADE_UP, "row-level security"),
    ],
)
def test_the_database_itself_lets_nothing_past_the_rules_and_nobody_write_history(
    who: str, involvement: str, statement: str, refusal: str, *, cast: Cast
) -> None:
    made, actor = opened(cast, cast.sam, involvement=involvement), getattr(cast, who).actor
    written = text(statement.replace("{next}", "version = version + 1, act").replace(":", "\\:"))

    with db.transaction(actor) as session, pytest.raises(DBAPIError, match=refusal), session.begin_nested():
        session.execute(written)

    assert read(cast.sam, made) == made
