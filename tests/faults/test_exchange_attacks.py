"""The lead exchange attacked: what old keys, old cursors, notices and mails tell, also after a partnership's end."""

import time
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any, NamedTuple

from flask import Flask

from partnercrm.kernel import clock, jobs
from partnercrm.kernel.mail import Mailbox
from partnercrm.kernel.roles import plain
from partnercrm.settings import settings
from tests.cast import Cast, Player
from tests.conftest import on_database
from tests.crowd import at_once
from tests.factories import leads, rounds
from tests.faults.racing import MARKER, Race
from tests.servers import TestServer

COMPANY, CONTACT, ADDRESS = "Secretive Freight", "Robin Vale", "robin.vale@secretive.example"


class Done(NamedTuple):
    """A request that was made under a key, to be made again."""

    player: Player
    path: str
    key: str
    body: dict[str, Any] | None

    def again(self) -> Any:
        """Make the same request under the same key."""
        options = {} if self.body is None else {"json": self.body}
        return self.player.response("POST", self.path, key=self.key, **options)


def end(cast: Cast) -> None:
    """Let Acme end the partnership."""
    path = f"/partnerships/{cast.partnership_id}"
    tag = cast.dana.response("GET", path).headers["ETag"]
    cast.dana.call("POST", f"{path}/end", if_match=tag, expect=200)


def soon() -> str:
    """Return when a round ends."""
    return (clock.now() + timedelta(days=7)).isoformat()


def answered(cast: Cast) -> list[Done]:
    """Let both sides be answered with what they share, each answer kept under a key."""
    done: list[Done] = []

    def do(player: Player, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        one = Done(player, path, f"key {len(done)}", body)
        done.append(one)
        response = one.again()
        assert response.status_code in {200, 201}, response.text
        found: dict[str, Any] = response.json
        return found

    in_partnership = {"partnership_id": str(cast.partnership_id)}
    marked, other = (leads.lead(cast.sam, company_name=f"{MARKER} {name}", need=MARKER) for name in ("one", "two"))
    offer = do(cast.sam, "/offers", {"lead_id": marked["id"], **in_partnership})
    path = f"/offers/{offer['id']}"
    question = do(cast.gina, f"{path}/questions", {"question": MARKER})
    do(cast.sam, f"{path}/questions/{question['id']}/answer", {"answer": MARKER})
    do(cast.gina, f"{path}/accept")
    do(cast.gina, f"{path}/qualify", {})
    declined = leads.offer(cast.sam, cast.partnership_id, need=MARKER)
    do(cast.gina, f"/offers/{declined['id']}/decline", {"reason": "no_fit", "note": MARKER})
    do(cast.sam, f"/offers/{declined['id']}/claim-credit", {"claim": MARKER})
    one = do(cast.hank, "/rounds", {"leads_each": 1, "ends_at": soon(), "note": MARKER} | in_partnership)
    do(cast.dana, f"/rounds/{one['id']}/agree")
    do(cast.sam, f"/rounds/{one['id']}/pick", {"lead_id": other["id"], "message": MARKER})
    return done


def test_no_key_repeats_after_the_end_what_was_shared(cast: Cast) -> None:
    done = answered(cast)
    telling = [one for one in done if MARKER in one.again().text]
    assert len(telling) >= len(done) - 1
    race = Race([one.again for one in telling])

    with race.on():
        time.sleep(0.02)
        end(cast)

    assert race.faults == []
    assert race.before == [True] * len(telling)
    assert race.after == [False] * len(race.after)
    refused = [one.again() for one in done]
    assert {one.status_code for one in refused} <= {404, 409}
    assert not any(MARKER in one.text for one in refused)


def test_no_cursor_reads_on_after_the_end_nor_in_other_hands(cast: Cast) -> None:
    offers = [leads.offer(cast.sam, cast.partnership_id, need=MARKER)["id"] for _ in range(3)]
    for _ in range(2):
        cast.gina.call("POST", f"/offers/{offers[0]}/questions", json={"question": MARKER}, expect=201)
        one = rounds.propose(cast.dana, cast.partnership_id, note=MARKER)
        cast.dana.call("POST", f"/rounds/{one['id']}/withdraw", expect=200)
        case = {"partnership_id": str(cast.partnership_id), "kind": "claim", "claim": MARKER}
        cast.dana.call("POST", "/cases", json=case, expect=201)
    lists = ("/offers", f"/offers/{offers[0]}/questions", "/rounds", "/cases")
    paths = [*lists, f"/partnerships/{cast.partnership_id}/disclosures"]
    asked = [partial(cast.hank.response, "GET", path, query_string={"limit": 1}) for path in paths]
    cursors = [one().json["next"] for one in asked]
    assert all(cursors)
    for path, cursor in zip(paths, cursors, strict=True):
        query = {"limit": 1, "cursor": cursor}
        assert cast.hank.response("GET", path, query_string=query).json["items"]
        foreign = cast.ines.response("GET", path, query_string=query)
        assert foreign.status_code in {404, 422}, (path, foreign.text)
        mine = cast.dana.response("GET", path, query_string=query)
        assert mine.status_code == 422, (path, mine.text)

    end(cast)

    for path, cursor in zip(paths, cursors, strict=True):
        read = cast.hank.response("GET", path, query_string={"limit": 1, "cursor": cursor})
        assert read.status_code == 404 or read.json["items"] == [], (path, read.text)
        assert MARKER not in read.text


def test_notices_and_mails_name_no_customer_and_nothing_after_the_end(
    cast: Cast, application: Flask, database: str, test_server: TestServer
) -> None:
    known = {"contact_name": CONTACT, "contact_email": ADDRESS, **leads.KNOWN}
    for verbs in (("accept", "qualify", "convert", "win"), ("accept", "disqualify"), ("decline",), ()):
        made = leads.offer(cast.sam, cast.partnership_id, company_name=f"{COMPANY} {verbs}", **known)
        for verb in verbs:
            won = {"value": {"amount": "9.00", "currency": "EUR"}} if verb == "win" else {}
            reason = {"reason": "other"} if verb in {"decline", "disqualify"} else {}
            leads.step(cast.gina, made["id"], verb, **won, **reason)
        if verbs[:1] == ("accept",):
            cast.sam.call("POST", f"/offers/{made['id']}/agree-value", expect=200 if "win" in verbs else 409)
    alive = mailed(application, database, test_server)
    notices = [one.response("GET", "/notices").text for one in (cast.sam, cast.dana, cast.gina, cast.hank)]

    end(cast)

    assert len(alive) >= 6
    for said in (*alive, *notices):
        assert COMPANY not in said
        assert CONTACT not in said
        assert ADDRESS not in said
    after = mailed(application, database, test_server)
    assert not [mail for mail in after if "/offers/" in mail]
    for player in (cast.sam, cast.gina, cast.hank, cast.dana):
        assert [one for one in player.call("GET", "/notices")["items"] if one["kind"].startswith("lead.")] == []


def mailed(application: Flask, database: str, server: TestServer) -> list[str]:
    """Let the worker do what is due; return what it mails, headers and text."""
    folder = settings().mailbox_directory
    assert folder is not None
    for left in folder.glob("*.eml"):
        left.unlink()
    url = server.url("worker", database)
    with on_database(application, url):
        for _ in range(2):
            jobs.work(plain(url), wait=False)
    return [told(mail) for mail in Mailbox(folder, "partnercrm@example.com").messages().values()]


def told(mail: EmailMessage) -> str:
    """Return what a mail says, to whoever reads it: headers and every part."""
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([str(mail["To"]), str(mail["Subject"]), *parts])


def test_eight_at_once_claim_contest_and_count_one_lead_once(cast: Cast) -> None:
    """Whoever asks for one credit from many sides at once gets one case, and no figure counts it twice."""
    declined, disqualified = (leads.offer_at(cast, status)["id"] for status in ("declined", "disqualified"))
    asked = [(declined, "claim-credit"), (disqualified, "contest")] * 4
    body = {"claim": "They bought from you."}
    players = [cast.sam, cast.dana]

    answers = at_once(
        [
            partial(players[place // 2 % 2].response, "POST", f"/offers/{offer}/{verb}", json=body)
            for place, (offer, verb) in enumerate(asked)
        ]
    )

    assert sorted(one.status_code for one in answers) == [200, 200, *[409] * 6]
    cases = cast.hank.call("GET", "/cases", expect=200)["items"]
    assert sorted(one["kind"] for one in cases) == ["lead_disqualified", "lead_pursued"]


def test_no_window_product_region_or_seller_divides_a_total_into_what_one_lead_was(cast: Cast) -> None:
    """Every way to ask sums to the same leads that both sides can list, and names no company whose lead is closed."""
    for country, industry, verbs in (("DE", "Rail", ("accept",)), ("AT", "Rail", ()), ("DE", "Steel", ("accept",))):
        made = leads.offer(
            cast.sam,
            cast.partnership_id,
            company_name=f"{COMPANY} {country} {industry}",
            country=country,
            industry=industry,
        )
        for verb in verbs:
            leads.step(cast.gina, made["id"], verb)
        if verbs:
            leads.step(cast.gina, made["id"], "return", reason="no_capacity")
    path = f"/partnerships/{cast.partnership_id}/reciprocity"
    month = f"{clock.now():%Y-%m}"
    for measure in ("offered", "accepted", "qualified"):
        whole = cast.hank.call("GET", path, query_string={"measure": measure}, expect=200)["reckoning"]
        for by in ("month", "product", "region", "industry"):
            for window in (f"{month}..{month}", f"..{month}", f"{month}.."):
                query = {"measure": measure, "by": by, "window": window}
                read = [one.response("GET", path, query_string=query) for one in (cast.hank, cast.dana)]
                divided = read[0].json["reckoning"]
                assert COMPANY not in read[0].text
                for side in ("first", "second"):
                    assert sum(row[side]["leads"] for row in divided["rows"]) == whole[side]["leads"]
                    assert divided[side] == whole[side] == read[1].json["reckoning"][side]
