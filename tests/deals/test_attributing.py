"""One side sourced a deal, the other influenced it or not: by written rules, as of any moment, the credit once."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from partnercrm.deals.attributing import RULES, Credit, Deed, Done, Rules, attributed, rules_at
from partnercrm.deals.histories import DealAct, Facts
from partnercrm.deals.registering import Involvement
from partnercrm.deals.stages import CLOSED, Stage
from partnercrm.leads.bands import ValueBand
from tests.cast import Cast
from tests.factories.deals import ago, deal, move, opened, read
from tests.factories.leads import offer_at

OURS, THEIRS = UUID(int=1), UUID(int=2)
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class At:
    """A state of a deal on a day."""

    version: int
    acting_id: UUID
    act: DealAct
    happened_at: datetime
    recorded_at: datetime
    facts: Facts


def at(version: int, day: int, stage: Stage, by: UUID = OURS, origin: UUID = OURS) -> At:
    facts = Facts(stage, None, ValueBand.FROM_10K, "EUR", date(2026, 6, 1), Involvement.CO_SELL, origin)
    moment = BEGUN + day * DAY
    return At(version, by, DealAct.OPENED if version == 1 else DealAct.MOVED, moment, moment, facts)


def did(day: int, by: UUID = THEIRS, deed: Deed = Deed.MEETING_HELD, late: int = 0) -> Done:
    return Done(by, deed, BEGUN + day * DAY, BEGUN + (day + late) * DAY)


DEEDS = st.builds(
    did, st.integers(-300, 300), st.sampled_from((OURS, THEIRS)), st.sampled_from(Deed), st.integers(0, 200)
)
WAYS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(Stage), st.sampled_from((OURS, THEIRS))), max_size=6)


def states_of(way: list[tuple[int, Stage, UUID]], origins: list[UUID]) -> list[At]:
    found, day = [at(1, 0, Stage.PROSPECT, origin=origins[0])], 0
    for place, (days, stage, by) in enumerate(way):
        day += days
        found.append(at(place + 2, day, stage, by, origins[(place + 1) % len(origins)]))
    return found


@settings(max_examples=60, deadline=None)
@given(
    WAYS,
    st.lists(st.sampled_from((OURS, THEIRS)), min_size=1, max_size=3),
    st.lists(DEEDS, max_size=8),
    st.integers(0, 700),
)
def test_primary_credit_is_given_once_and_recounted_from_what_was_on_record(
    way: list[tuple[int, Stage, UUID]], origins: list[UUID], deeds: list[Done], day: int
) -> None:
    states, moment = states_of(way, origins), BEGUN + day * DAY
    told = attributed(states, deeds, moment)

    assert told is not None
    state = max((one for one in states if one.recorded_at <= moment), key=lambda one: one.version)
    end = state.happened_at if state.facts.stage in CLOSED else moment
    given = [one for one in deeds if one.deed is Deed.LEAD_GIVEN and one.recorded_at <= moment]
    counting = [one for one in given if one.counts_from <= end and told.rules.leads_source]
    earliest = min((one.counts_from for one in counting), default=None)
    firsts = {one.organization_id for one in counting if one.counts_from == earliest}
    assert told.sourced_by in (firsts or {state.facts.origin_id})
    assert told.rules_version == (2 if end.date() >= date(2026, 11, 23) else 1)
    assert told.influenced_by in {None, ({OURS, THEIRS} - {told.sourced_by}).pop()}
    assert (told.influenced_by is None) == (not [one for one in told.evidence if one.credit is Credit.INFLUENCED])
    assert {one.organization_id for one in told.evidence if one.credit is Credit.SOURCED} <= {told.sourced_by}
    later = [Done(one.organization_id, one.deed, one.happened_at, moment + DAY) for one in deeds]
    assert attributed(states, [*reversed(deeds), *later], moment) == told


def test_influence_is_looked_for_inside_the_window_before_the_close() -> None:
    won = [at(1, 0, Stage.PROSPECT), at(2, 200, Stage.COMMITTED), at(3, 210, Stage.CLOSED_WON)]
    now = BEGUN + 400 * DAY

    def influenced(*deeds: Done) -> bool:
        told = attributed(won, deeds, now)
        return told is not None and told.influenced_by == THEIRS

    assert all(influenced(one) for one in (did(30), did(210)))
    outside = (did(29), did(211), did(100, OURS), did(100, deed=Deed.REGISTERED), did(100, late=250))
    assert not any(influenced(one) for one in outside)


def test_who_brings_a_deal_further_than_it_was_influences_it_once() -> None:
    back = [
        at(1, 0, Stage.PROSPECT),
        at(2, 5, Stage.QUALIFIED, THEIRS),
        at(3, 6, Stage.PROSPECT),
        at(4, 7, Stage.QUALIFIED),
    ]

    told = attributed(back, (), BEGUN + 9 * DAY)

    assert told is not None
    assert [(one.organization_id, one.deed) for one in told.evidence] == [(THEIRS, Deed.ADVANCED)]
    assert attributed(back, (), BEGUN - DAY) is None


def test_rules_hold_from_their_day_on() -> None:
    second = Rules(2, date(2026, 2, 1), timedelta(days=30), frozenset({Deed.PROPOSAL_SENT}))

    assert rules_at(BEGUN, (*RULES, second)).version == 1
    told = attributed([at(1, 0, Stage.PROSPECT)], [did(40)], BEGUN + 45 * DAY, (*RULES, second))
    assert told is not None
    assert (told.rules_version, told.look_back_days, told.influenced_by) == (2, 30, None)
    lost = [at(1, 0, Stage.PROSPECT), at(2, 10, Stage.CLOSED_LOST)]
    closed_before = attributed(lost, [], BEGUN + 45 * DAY, (*RULES, second))
    assert closed_before is not None
    assert closed_before.rules_version == 1


def test_the_partners_lead_that_became_the_deal_sources_it_from_the_second_rules_on() -> None:
    begun = [at(1, 0, Stage.PROSPECT), at(2, 5, Stage.QUALIFIED)]
    lead = did(-30, deed=Deed.LEAD_GIVEN, late=30)
    before, after = (attributed(begun, [lead, did(1, OURS)], BEGUN + days * DAY) for days in (6, 340))
    won = attributed([*begun, at(3, 6, Stage.CLOSED_WON)], [lead], BEGUN + 340 * DAY)
    unknown = attributed(begun, [lead], BEGUN + 340 * DAY - 341 * DAY)

    assert before is not None
    assert after is not None
    assert won is not None
    assert (before.rules_version, before.sourced_by, won.rules_version, won.sourced_by) == (1, OURS, 1, OURS)
    assert not [one for one in before.evidence if one.deed is Deed.LEAD_GIVEN]
    assert (after.rules_version, after.sourced_by, after.influenced_by) == (2, THEIRS, None)
    recent = attributed(begun, [lead, did(300, OURS)], BEGUN + 340 * DAY)
    assert recent is not None
    assert (recent.sourced_by, recent.influenced_by) == (THEIRS, OURS)
    assert [one.deed for one in after.evidence if one.credit is Credit.SOURCED] == [Deed.LEAD_GIVEN]
    assert unknown is None


def test_a_deal_registered_from_the_partners_lead_is_sourced_by_who_gave_it(cast: Cast) -> None:
    lead = offer_at(cast, "qualified")
    theirs = str(cast.sam.actor.organization_id)
    for wrong in (lead | {"id": str(UUID(int=7))}, offer_at(cast, "offered")):
        body = deal(cast.partnership_id, offer_id=wrong["id"])
        refused = cast.gina.call("POST", "/registrations", json=body, expect=422)
        assert [one["field"] for one in refused["errors"]] == ["offer_id"]
    given = deal(cast.partnership_id, offer_id=lead["id"])
    cast.sam.call("POST", "/registrations", json=given, expect=422)
    draft = cast.gina.call("POST", "/registration-drafts", json=given, expect=201)
    assert draft["offer_id"] == lead["id"]

    made = opened(cast, cast.gina, offer_id=lead["id"])
    again = deal(cast.partnership_id, "Contoso", offer_id=lead["id"])
    told = cast.gina.call("POST", "/deals/check", json=again, expect=200)

    assert [one["field"] for one in told["problems"]] == ["offer_id"]
    for player in (cast.gina, cast.sam):
        found = player.call("GET", f"/deals/{made['id']}/attribution", expect=200)
        assert (found["rules_version"], found["sourced_by"]) == (2, theirs)
        assert [one["deed"] for one in found["evidence"] if one["credit"] == "sourced"] == ["lead_given"]
        registered = player.call("GET", f"/registrations/{made['registration_id']}", expect=200)
        assert registered["offer_id"] == lead["id"]


def test_both_sides_read_the_same_attribution_as_of_any_moment(cast: Cast) -> None:
    made = opened(cast, cast.sam)
    path = f"/deals/{made['id']}/attribution"
    acme, globex = (str(one.actor.organization_id) for one in (cast.sam, cast.gina))
    before = cast.sam.call("GET", path, expect=200)
    assert (before["sourced_by"], before["influenced_by"]) == (acme, None)
    assert {one["deed"] for one in before["evidence"]} == {"registered"}

    given = {"kind": "meeting_held", "happened_at": ago(3).isoformat()}
    cast.gina.call("POST", f"/deals/{made['id']}/log", json=given, expect=201)
    committed = move(cast.sam, made, "committed")
    move(cast.sam, committed, "closed_won")

    now = [player.call("GET", path, expect=200) for player in (cast.sam, cast.gina)]
    assert {one["influenced_by"] for one in now} == {globex}
    assert now[0]["evidence"] == now[1]["evidence"]
    then = cast.gina.call("GET", path, query_string={"as_of": before["as_of"]}, expect=200)
    assert then == before
    refused = cast.sam.call("GET", path, query_string={"as_of": ago(9).isoformat()}, expect=422)
    assert refused["errors"][0]["field"] == "as_of"
    assert cast.gina.call("POST", f"/deals/{made['id']}/log", json=given, expect=409)["code"] == "deal_closed"
    for stranger in (cast.ines, cast.nora):
        stranger.call("GET", path, expect=404)
        stranger.call("POST", f"/deals/{made['id']}/log", json=given, expect=404)
    assert read(cast.sam, made)["stage"] == "closed_won"


def test_what_has_not_happened_is_not_logged(cast: Cast) -> None:
    made = opened(cast, cast.sam)
    given = {"kind": "meeting_held", "happened_at": ago(-1).isoformat()}

    assert (
        cast.sam.call("POST", f"/deals/{made['id']}/log", json=given, expect=422)["errors"][0]["field"] == "happened_at"
    )
