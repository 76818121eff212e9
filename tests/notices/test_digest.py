"""The digest: one mail a day that counts what is new, none when there is nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from partnercrm.kernel import clock
from tests.cast import Cast
from tests.factories import leads
from tests.factories.notices import Errands, told
from tests.house.test_lists import statements
from tests.notices.test_mailing import prefer
from tests.post import PostOffice

NOON = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)


def qualified(cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    for verb in ("accept", "qualify", "convert"):
        leads.step(cast.gina, made["id"], verb)


def digest(cast: Cast) -> None:
    sam = cast.sam.actor
    Errands.do("notices.digest", organization_id=str(sam.organization_id), user_id=str(sam.user_id))


def test_one_mail_a_day_counts_what_is_new(cast: Cast, errands: Errands, office: PostOffice) -> None:
    with clock.at(NOON):
        prefer(cast.sam, zone="Europe/Berlin", digest_hour=8)
        qualified(cast)
        qualified(cast)
        errands.run("notices.tell")
        waiting = [at for _, arguments, at in errands.waiting("notices.digest")]
    assert waiting == [MORNING], "the clock has been put forward in the night"

    with clock.at(MORNING):
        for _ in range(2):
            digest(cast)
    (message,) = [one for one in office.arrived if one["To"] == cast.sam.email]
    assert message["Subject"] == "4 things to know"
    text = message.get_body(("plain",)).get_content()
    assert "2  Your lead was qualified" in text
    assert "2  Your lead became an opportunity" in text
    assert "notices?unread=true" in text
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_many_notices_cost_no_more_statements_than_few(cast: Cast, errands: Errands, office: PostOffice) -> None:
    costs = []
    for day, number in enumerate((1, 4)):
        with clock.at(NOON + timedelta(days=day)):
            prefer(cast.sam, zone="Europe/Berlin", digest_hour=8)
            for _ in range(number):
                qualified(cast)
            errands.run("notices.tell")
        with clock.at(MORNING + timedelta(days=day)), statements() as sent:
            digest(cast)
        costs.append(len(sent))

    assert [message["Subject"] for message in office.arrived if message["To"] == cast.sam.email] == [
        "2 things to know",
        "8 things to know",
    ]
    assert costs[0] == costs[1]


def test_nothing_new_is_no_mail(cast: Cast, errands: Errands, office: PostOffice) -> None:
    with clock.at(NOON):
        qualified(cast)
        errands.run("notices.tell")
        cast.sam.call("POST", "/notices/read", expect=204)
    with clock.at(MORNING + timedelta(hours=6)):
        digest(cast)

    assert office.arrived == []


def test_what_comes_later_that_day_waits_for_the_next(cast: Cast, errands: Errands, office: PostOffice) -> None:
    with clock.at(NOON):
        qualified(cast)
        errands.run("notices.tell")
        errands.take()
    first = NOON + timedelta(hours=20)
    with clock.at(first):
        digest(cast)
    with clock.at(first + timedelta(minutes=30)):
        qualified(cast)
        errands.run("notices.tell")
        digest(cast)
        due = {at for name, _, at in errands.waiting("notices.digest")}
    assert len(office.arrived) == 1
    assert due == {first + timedelta(days=1)}
    with clock.at(first + timedelta(days=1)):
        digest(cast)
    assert [one["Subject"] for one in office.arrived] == ["2 things to know"] * 2


def test_who_wants_no_digest_gets_none_and_what_a_kind_is_told_by_is_their_choice(
    cast: Cast, errands: Errands, office: PostOffice
) -> None:
    prefer(cast.sam, digest_hour=None, channels=[{"kind": "lead.converted", "channels": ["mail"]}])
    qualified(cast)
    errands.run("notices.tell")

    assert told(cast.sam) == ["lead.qualified", "lead.accepted"]
    assert errands.waiting("notices.digest") == []
    errands.run("notices.mail")
    subjects = sorted(one["Subject"] for one in office.arrived if one["To"] == cast.sam.email)
    assert subjects == ["Your lead became an opportunity", "Your lead was accepted"]


def test_a_worker_whose_clock_is_slow_plans_no_digest_for_what_is_past(
    cast: Cast, errands: Errands, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a job would be due at once and plan itself again, over and over, until that clock has caught up."""
    prefer(cast.sam, zone="UTC", digest_hour=datetime.now(UTC).hour)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) - timedelta(hours=1))
    for _ in range(2):
        qualified(cast)
        errands.run("notices.tell")
        digest(cast)

    planned = [at for _, _, at in errands.waiting("notices.digest")]
    assert planned
    assert all(at > datetime.now(UTC) for at in planned)
