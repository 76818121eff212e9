"""Mails about notices: one each, to who may still read it, when they wish to, naming no customer."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from smtplib import SMTP
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from partnercrm.kernel import clock, db, mail
from partnercrm.kernel.mail import MailNotSent
from partnercrm.notices.models import Notice
from tests.cast import Cast, Player
from tests.factories import leads
from tests.factories.notices import Errands, told
from tests.post import PostOffice

SECRETS = leads.KNOWN | {"company_name": "Secretive Ltd", "contact_name": "Robin Vale", "contact_role": "Plant manager"}


def prefer(player: Player, **given: object) -> None:
    tag = player.response("GET", "/notice-preferences").headers["ETag"]
    player.call("PATCH", "/notice-preferences", json=given, if_match=tag, expect=200)


def disabled_by(admin: Player, player: Player) -> Callable[[], object]:
    path = f"/users/{player.actor.user_id}"
    tag = admin.response("GET", path).headers["ETag"]
    return lambda: admin.call("PATCH", path, json={"disabled": True}, if_match=tag, expect=200)


def end(cast: Cast) -> None:
    path = f"/partnerships/{cast.partnership_id}"
    cast.dana.call("POST", f"{path}/end", if_match=cast.dana.response("GET", path).headers["ETag"], expect=200)


def test_an_urgent_notice_is_mailed_once_and_names_no_customer(
    cast: Cast, errands: Errands, office: PostOffice
) -> None:
    made = leads.offer(cast.sam, cast.partnership_id, **SECRETS)
    errands.run()

    assert sorted(office.recipients) == [cast.gina.email, cast.hank.email]
    for message in office.arrived:
        assert message["Subject"] == "A lead was offered to you"
        for part in ("plain", "html"):
            text = message.get_body((part,)).get_content()
            assert "Acme offers you a lead." in text
            assert f"/offers/{made['id']}" in text
        assert not any(secret in message.as_string() for secret in ("Secretive", "Vale"))
    assert len({message["Message-ID"] for message in office.arrived}) == 2


def test_a_mail_says_how_to_end_mails_of_its_kind_in_one_click(
    app: Flask, cast: Cast, errands: Errands, office: PostOffice
) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    errands.run()
    message = next(one for one in office.arrived if one["To"] == cast.gina.email)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = urlsplit(message["List-Unsubscribe"].strip("<>")).path
    client = app.test_client()

    assert client.get(path).status_code == 200
    leads.offer(cast.sam, cast.partnership_id)
    errands.run()
    assert office.recipients.count(cast.gina.email) == 2
    for _ in range(2):
        answered = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answered.status_code == 200
    leads.offer(cast.sam, cast.partnership_id)
    errands.run()

    assert office.recipients.count(cast.gina.email) == 2
    assert office.recipients.count(cast.hank.email) == 3
    assert told(cast.gina) == ["lead.offered"] * 3
    assert client.post(path[:-3] + "abc").status_code == 404


def test_quiet_hours_defer_a_mail_and_do_not_drop_it(cast: Cast, errands: Errands, office: PostOffice) -> None:
    prefer(cast.gina, zone="Europe/Berlin", quiet_from="20:00", quiet_until="07:30")
    night = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)
    with clock.at(night):
        leads.offer(cast.sam, cast.partnership_id)
        errands.run("notices.tell")
        due = {arguments["notice_id"]: at for _, arguments, at in errands.waiting("notices.mail")}
    assert sorted(due.values()) == [night, datetime(2026, 10, 25, 6, 30, tzinfo=UTC)]
    with clock.at(night):
        for notice_id in due:
            errands.do("notices.mail", organization_id=str(cast.gina.actor.organization_id), notice_id=notice_id)
    assert office.recipients == [cast.hank.email]

    with clock.at(datetime(2026, 10, 25, 6, 30, tzinfo=UTC)):
        errands.run("notices.mail")
    assert office.recipients == [cast.hank.email, cast.gina.email]


def test_quiet_hours_end_by_the_databases_clock_though_the_workers_is_slow(
    cast: Cast, errands: Errands, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet = (f"{datetime.now(UTC) - timedelta(minutes=ago):%H:%M}" for ago in (120, 30))
    prefer(cast.gina, zone="UTC", **dict(zip(("quiet_from", "quiet_until"), quiet, strict=True)))
    leads.offer(cast.sam, cast.partnership_id)
    errands.run("notices.tell")
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) - timedelta(hours=1))

    for name, arguments, _ in errands.take("notices.mail"):
        errands.do(name, **arguments)

    assert sorted(office.recipients) == [cast.gina.email, cast.hank.email]
    assert errands.waiting("notices.mail") == []


@pytest.mark.parametrize("reason", ["disabled", "released", "ended"])
def test_who_was_let_go_before_the_sending_gets_nothing(
    cast: Cast, errands: Errands, office: PostOffice, reason: str
) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    errands.run("notices.tell")
    if reason == "disabled":
        disabled_by(next_admin(cast), cast.gina)()
    elif reason == "released":
        members = cast.hank.call("GET", f"/partnerships/{cast.partnership_id}")["members"]
        gina = next(member["id"] for member in members if member["name"] == "Gina")
        cast.hank.call("POST", f"/partnerships/{cast.partnership_id}/members/{gina}/release", expect=200)
    else:
        end(cast)
    errands.run("notices.mail")

    assert cast.gina.email not in office.recipients
    assert office.recipients == ([] if reason == "ended" else [cast.hank.email])


def next_admin(cast: Cast) -> Player:
    from tests.cast import person

    return person(cast.app, cast.gina.actor.organization_id, "Greta", "greta@globex.example", "admin")


def under_way(
    monkeypatch: pytest.MonkeyPatch, errands: Errands, job: tuple[str, dict[str, str]], end: Callable[[], object]
) -> list[str]:
    """Let something end while a mail is on its way to the server; return what was done, in order."""
    order, started, posted = list[str](), threading.Event(), mail._posted

    def slowly(client: SMTP, message: EmailMessage) -> None:
        started.set()
        threading.Event().wait(0.5)
        posted(client, message)
        order.append("sent")

    def ending() -> None:
        started.wait(5)
        end()
        order.append("ended")

    monkeypatch.setattr(mail, "_posted", slowly)
    thread = threading.Thread(target=ending)
    thread.start()
    errands.do(job[0], **job[1])
    thread.join()
    return order


def to(errands: Errands, name: str, player: Player) -> tuple[str, dict[str, str]]:
    """Return the job that mails something to a player."""
    with db.transaction(player.actor, read_only=True) as session:
        mine = {str(one) for one in session.scalars(select(Notice.id).where(Notice.user_id == player.actor.user_id))}
    mine.add(str(player.actor.user_id))
    return next((job, ids) for job, ids, _due in errands.waiting(name) if mine & set(ids.values()))


def test_a_person_disabled_while_a_mail_is_under_way_waits_for_it_and_gets_none_after(
    cast: Cast, errands: Errands, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    errands.run("notices.tell")
    disabling = disabled_by(next_admin(cast), cast.gina)

    assert under_way(monkeypatch, errands, to(errands, "notices.mail", cast.gina), disabling) == ["sent", "ended"]


@pytest.mark.parametrize("channel", ["mail", "digest"])
def test_where_a_mail_holds_no_link_its_reader_is_held_all_the_same(
    cast: Cast, errands: Errands, office: PostOffice, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    prefer(cast.sam, channels=[{"kind": "lead.accepted", "channels": ["page", channel]}])
    leads.step(cast.gina, leads.offer(cast.sam, cast.partnership_id)["id"], "accept")
    errands.run("notices.tell")
    disabling = disabled_by(cast.ada, cast.sam)

    assert under_way(monkeypatch, errands, to(errands, f"notices.{channel}", cast.sam), disabling) == ["sent", "ended"]


def test_a_mail_that_did_not_leave_is_tried_again_under_the_same_id(
    cast: Cast, errands: Errands, office: PostOffice
) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    errands.run("notices.tell")
    (first, *_rest) = errands.waiting("notices.mail")
    office.hangs_up_after = "DATA"
    with pytest.raises(MailNotSent):
        errands.do("notices.mail", **first[1])
    office.hangs_up_after = ""
    for _ in range(2):
        errands.do("notices.mail", **first[1])

    ids = [message["Message-ID"] for message in office.arrived]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_where_no_mail_is_set_up_nothing_is_lost_but_the_mail(cast: Cast, errands: Errands) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    errands.run()

    assert told(cast.gina) == ["lead.offered"]


def test_what_was_read_meanwhile_is_not_mailed(cast: Cast, errands: Errands, office: PostOffice) -> None:
    leads.offer(cast.sam, cast.partnership_id)
    errands.run("notices.tell")
    cast.gina.call("POST", "/notices/read", expect=204)
    errands.run("notices.mail")

    assert office.recipients == [cast.hank.email]


def test_what_happened_days_ago_waits_for_the_digest(cast: Cast, errands: Errands, office: PostOffice) -> None:
    now = datetime.now(UTC)
    with clock.at(now - timedelta(days=4)):
        leads.offer(cast.sam, cast.partnership_id)
    errands.run("notices.tell")

    assert errands.waiting("notices.mail") == []
    assert len(errands.waiting("notices.digest")) == 2
