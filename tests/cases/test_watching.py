"""Cases and the clock: each side is told once that one is due, and what was decided is closed in the end."""

from datetime import UTC, datetime, timedelta

from partnercrm.cases.jobs import close_decided, remind_of_due
from partnercrm.kernel import clock
from tests.cast import Cast
from tests.factories import cases
from tests.factories.notices import told


def due(cast: Cast, case_id: str, at: datetime) -> None:
    for player in (cast.sam, cast.gina):
        for _ in range(2):
            with clock.at(at):
                remind_of_due(str(player.actor.organization_id), case_id)


def test_a_case_that_is_due_is_told_to_owners_and_managers_of_both_sides_once(cast: Cast) -> None:
    opened = cases.case(cast.sam, cast)
    cases.propose(cast.gina, opened["id"])
    over = datetime.fromisoformat(opened["due_on"]).replace(tzinfo=UTC) + timedelta(days=1)

    due(cast, opened["id"], over - timedelta(seconds=1))
    before = [told(player) for player in (cast.sam, cast.dana, cast.gina, cast.hank)]
    due(cast, opened["id"], over)

    assert before == [[], [], [], []]
    assert [told(player) for player in (cast.sam, cast.dana, cast.gina, cast.hank)] == [["case.due"]] * 4
    assert [told(player) for player in (cast.nora, cast.ines)] == [[], []]


def test_of_a_case_that_was_settled_in_time_nobody_is_reminded(cast: Cast) -> None:
    decided = cases.decided(cast)

    due(cast, decided["id"], datetime.now(UTC) + timedelta(days=400))

    assert told(cast.dana) == []


def test_a_decided_case_is_closed_after_two_weeks_whoever_forgot_to(cast: Cast) -> None:
    decided = cases.decided(cast)
    ids = {"organization_id": str(cast.sam.actor.organization_id), "case_id": decided["id"]}
    at = datetime.fromisoformat(decided["decided_at"]) + timedelta(days=14)
    found = []

    for moment in (at - timedelta(seconds=1), at, at + timedelta(days=1)):
        with clock.at(moment):
            close_decided(**ids)
        found.append(cast.gina.call("GET", f"/cases/{decided['id']}", expect=200)["status"])

    assert found == ["decided", "closed", "closed"]


def test_after_the_end_of_a_partnership_nothing_is_said_or_closed(cast: Cast) -> None:
    opened, decided = cases.case(cast.sam, cast), cases.decided(cast)
    path = f"/partnerships/{cast.partnership_id}"
    cast.dana.call("POST", f"{path}/end", if_match=cast.dana.response("GET", path).headers["ETag"], expect=200)

    due(cast, opened["id"], datetime.now(UTC) + timedelta(days=400))
    with clock.at(datetime.now(UTC) + timedelta(days=400)):
        close_decided(str(cast.sam.actor.organization_id), decided["id"])
        close_decided(str(cast.ines.actor.organization_id), decided["id"])

    assert "case.due" not in told(cast.dana)
