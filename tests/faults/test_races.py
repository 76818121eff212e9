"""Several people act at the same moment, on real connections: one wins, the others are told, nothing is torn."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg
import pytest

from tests.cast import PASSWORD, Cast, Player, partnership
from tests.crowd import at_once
from tests.factories import leads
from tests.servers import TestServer

Rows = Callable[[str], list[tuple[Any, ...]]]
THREADS = 8


@pytest.fixture
def rows(database: str, test_server: TestServer) -> Rows:
    """Ask this test's database as the administrator, who sees all."""

    def ask(query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(test_server.admin(database)) as connection:
            return connection.execute(query).fetchall()

    return ask


def statuses(*calls: Callable[[], Any]) -> Counter[int]:
    """Let the calls loose together; return how often each status was answered."""
    return Counter(response.status_code for response in at_once(calls))


def test_one_of_many_answers_to_an_offer_wins(cast: Cast, rows: Rows) -> None:
    for _ in range(3):
        offered = leads.offer(cast.sam, cast.partnership_id)
        path = f"/offers/{offered['id']}"
        accept = [partial(cast.gina.response, "POST", f"{path}/accept")] * 3
        decline = [partial(cast.hank.response, "POST", f"{path}/decline", json={"reason": "other"})] * 3
        withdraw = [partial(cast.sam.response, "POST", f"{path}/withdraw")] * 2

        answered = statuses(*accept, *decline, *withdraw)

        assert answered == {200: 1, 409: 7}
        status = cast.dana.call("GET", path)["status"]
        assert status in {"accepted", "declined", "withdrawn"}
        steps = rows(f"SELECT step FROM lead_steps WHERE offer_id = '{offered['id']}' ORDER BY recorded_at")
        assert steps == [("offered",), (status,)]
        revealed = rows(f"SELECT revealed_at IS NOT NULL FROM offer_details WHERE offer_id = '{offered['id']}'")
        assert revealed == [(status == "accepted",)]


def test_a_lead_offered_many_times_at_once_is_offered_once(cast: Cast, rows: Rows) -> None:
    lead = leads.lead(cast.sam)
    given = {"lead_id": lead["id"], "partnership_id": str(cast.partnership_id)}

    answered = statuses(*[partial(cast.sam.response, "POST", "/offers", json=given)] * THREADS)

    assert answered == {201: 1, 409: THREADS - 1}
    counts = "SELECT (SELECT count(*) FROM offers), (SELECT count(*) FROM lead_steps), (SELECT count(*) FROM {jobs})"
    assert rows(counts.format(jobs="procrastinate.procrastinate_jobs WHERE task_name = 'leads.expire_offer'")) == [
        (1, 1, 1)
    ]


def test_a_lead_offered_to_two_partners_at_once_is_with_one_of_them(cast: Cast, rows: Rows) -> None:
    partners = (cast.partnership_id, partnership(cast.dana, cast.ines))
    for number in range(3):
        lead = leads.lead(cast.dana, company_name=f"Northwind {number}", company_domain=f"northwind-{number}.example")
        given = [{"lead_id": lead["id"], "partnership_id": str(partner)} for partner in partners]

        answered = statuses(*[partial(cast.dana.response, "POST", "/offers", json=one) for one in given * 4])

        assert answered == {201: 1, 409: THREADS - 1}
    assert rows("SELECT count(*), count(*) FILTER (WHERE is_current) FROM offered_leads") == [(3, 3)]


def test_the_same_need_of_one_company_in_two_leads_at_once_is_offered_once(cast: Cast, rows: Rows) -> None:
    same = {"company_name": "Northwind", "company_domain": "northwind.example", "need": "Anvils"}
    drafts = [leads.lead(player, **same) for player in (cast.sam, cast.dana) * 4]
    calls = [
        partial(
            player.response,
            "POST",
            "/offers",
            json={"lead_id": draft["id"], "partnership_id": str(cast.partnership_id)},
        )
        for player, draft in zip((cast.sam, cast.dana) * 4, drafts, strict=True)
    ]

    assert statuses(*calls) == {201: 1, 409: THREADS - 1}
    assert rows("SELECT count(*) FROM offers") == [(1,)]


def test_a_partnership_that_ends_while_leads_are_offered_and_accepted_keeps_nothing_open(
    cast: Cast, rows: Rows
) -> None:
    offered = [leads.offer(cast.sam, cast.partnership_id) for _ in range(4)]
    drafts = [leads.lead(cast.sam) for _ in range(4)]
    path = f"/partnerships/{cast.partnership_id}"
    tag = cast.dana.response("GET", path).headers["ETag"]
    accept = [partial(cast.gina.response, "POST", f"/offers/{offer['id']}/accept") for offer in offered]
    offer = [
        partial(
            cast.sam.response,
            "POST",
            "/offers",
            json={"lead_id": draft["id"], "partnership_id": str(cast.partnership_id)},
        )
        for draft in drafts
    ]
    end = partial(cast.dana.response, "POST", f"{path}/end", if_match=tag)

    answered = statuses(*accept, end, *offer)

    assert set(answered) <= {200, 201, 404, 422}
    assert cast.dana.call("GET", path)["status"] == "ended"
    ended_at = "SELECT ended_at FROM partnerships"
    assert rows("SELECT count(*) FROM offer_details") == [(0,)]
    assert rows(f"SELECT count(*) FROM shared_activities WHERE recorded_at > ({ended_at}) + interval '2 s'") == [(0,)]
    assert rows("SELECT count(*) FROM partnership_members WHERE left_at IS NULL") == [(0,)]
    for player in (cast.sam, cast.gina, cast.dana, cast.hank):
        assert player.call("GET", "/offers", expect=200)["items"] == []
        player.call("GET", f"/offers/{offered[0]['id']}/timeline", expect=404)


def test_two_administrators_who_resign_at_once_leave_one(cast: Cast, rows: Rows) -> None:
    user_ids = [cast.ada.actor.user_id, cast.dana.actor.user_id]
    for user_id in user_ids:
        assert edit_response(cast.ada, user_id, roles=["admin", "partner_manager"]).status_code == 200
    admins = "SELECT count(*) FROM users WHERE 'admin' = ANY (roles) AND organization_id = '{}'"
    assert rows(admins.format(cast.ada.actor.organization_id)) == [(2,)]
    calls = [partial(edit_response, cast.ada, user_id, roles=["partner_manager"]) for user_id in user_ids]

    answers = statuses(*calls)

    # Refused as the last one, or no administrator any more when the second request began.
    assert answers in ({200: 1, 409: 1}, {200: 1, 403: 1})
    assert rows(admins.format(cast.ada.actor.organization_id)) == [(1,)]


def test_one_external_id_put_many_times_at_once_is_one_lead(cast: Cast, rows: Rows) -> None:
    calls = [
        partial(
            cast.sam.response,
            "PUT",
            "/leads/by-key/crm/1",
            json={"company_name": f"Northwind {number}", "need": "Anvils"},
        )
        for number in range(THREADS)
    ]

    assert statuses(*calls) == {200: THREADS}
    assert rows("SELECT count(*), max(version) FROM leads") == [(1, THREADS)]


def test_batches_that_name_the_same_leads_in_other_orders_do_not_lock_each_other_out(cast: Cast, rows: Rows) -> None:
    items = [
        {"connector": "crm", "external_id": str(number), "company_name": "Northwind", "need": "Anvils"}
        for number in range(200)
    ]
    calls = [
        partial(cast.dana.response, "POST", "/leads/bulk", json={"leads": items[:: 1 if even else -1]})
        for even in (True, False) * 3
    ]

    assert statuses(*calls) == {200: 6}
    assert rows("SELECT count(*) FROM leads") == [(200,)]


def test_batches_that_name_different_fields_of_the_same_leads_do_not_lock_each_other_out(
    cast: Cast, rows: Rows
) -> None:
    def batch(odd: int) -> list[dict[str, Any]]:
        lead = {"connector": "crm", "company_name": "Northwind", "need": "Anvils"}
        fields = ({"country": "DE"}, {"notes": "Called."})
        return [lead | {"external_id": str(number)} | fields[(number + odd) % 2] for number in range(300)]

    calls = [partial(cast.dana.response, "POST", "/leads/bulk", json={"leads": batch(odd)}) for odd in (0, 1) * 4]

    assert statuses(*calls) == {200: 8}
    assert rows("SELECT count(*), min(version), max(version) FROM leads") == [(300, 8, 8)]


def test_a_lead_entered_and_put_under_one_key_at_once_is_one_lead_and_no_fault(cast: Cast, rows: Rows) -> None:
    lead = {"company_name": "Northwind", "need": "Anvils"}
    for number in range(5):
        key = {"connector": "crm", "external_id": str(number)}
        enter = [partial(cast.sam.response, "POST", "/leads", json=lead | key)] * 4
        put = [partial(cast.sam.response, "PUT", f"/leads/by-key/crm/{number}", json=lead)] * 4

        answered = statuses(*enter, *put)

        assert set(answered) <= {200, 201, 409}
        assert answered[200] == 4
    assert rows("SELECT count(*) FROM leads") == [(5,)]


def test_one_address_and_one_team_added_many_times_at_once_are_added_once(cast: Cast) -> None:
    user = {"name": "Uma", "email": "uma@acme.example", "roles": ["seller"], "password": PASSWORD}

    for path, given in (("/users", user), ("/teams", {"name": "South"})):
        calls = [partial(cast.ada.response, "POST", path, json=given)] * THREADS
        assert statuses(*calls) == {201: 1, 409: THREADS - 1}


def test_two_proposals_between_the_same_two_accepted_at_once_begin_one_partnership(cast: Cast, rows: Rows) -> None:
    for addressee in (cast.hank, cast.gina):
        cast.ines.call("POST", "/proposals", json={"addressee": addressee.email}, expect=201)
    received = cast.hank.call("GET", "/received-proposals", expect=200)["items"]
    waiting = [proposal["id"] for proposal in received if proposal["status"] == "open"]

    calls = [partial(cast.hank.response, "POST", f"/received-proposals/{one}/accept") for one in waiting]

    assert statuses(*calls) == {201: 1, 409: 1}
    assert rows("SELECT count(*) FROM partnerships") == [(2,)]


def test_a_proposal_accepted_declined_and_withdrawn_at_once_is_answered_once(cast: Cast) -> None:
    sent = cast.ines.call("POST", "/proposals", json={"addressee": cast.hank.email}, expect=201)
    received = cast.hank.call("GET", "/received-proposals", expect=200)["items"][0]["id"]
    calls = [
        partial(cast.hank.response, "POST", f"/received-proposals/{received}/accept"),
        partial(cast.hank.response, "POST", f"/received-proposals/{received}/decline"),
        partial(cast.ines.response, "POST", f"/proposals/{sent['id']}/withdraw"),
    ] * 2

    answered = at_once(calls)

    assert sorted(response.status_code for response in answered)[1:] == [409] * 5
    statuses_told = {
        cast.ines.call("GET", f"/proposals/{sent['id']}")["status"],
        cast.hank.call("GET", "/received-proposals")["items"][0]["status"],
    }
    assert len(statuses_told) == 1


def test_one_person_named_a_member_many_times_at_once_is_one_member(cast: Cast) -> None:
    given = {"user_id": str(cast.nora.actor.user_id), "role": "seller"}
    path = f"/partnerships/{cast.partnership_id}/members"

    calls = [partial(cast.dana.response, "POST", path, json=given)] * THREADS

    assert statuses(*calls) == {201: 1, 409: THREADS - 1}


def test_a_lead_qualified_and_disqualified_at_once_is_one_of_them(cast: Cast) -> None:
    accepted = leads.offer_at(cast, "accepted")
    path = f"/offers/{accepted['id']}"
    calls = [
        partial(cast.gina.response, "POST", f"{path}/qualify", json={}),
        partial(cast.hank.response, "POST", f"{path}/disqualify", json={"reason": "other"}),
    ] * 4

    assert statuses(*calls) == {200: 1, 409: 7}


def test_one_need_offered_in_both_directions_and_accepted_at_once_is_credited_once(cast: Cast, rows: Rows) -> None:
    same = {"company_name": "Northwind", "need": "Anvils"}
    for _ in range(3):
        given = leads.offer(cast.sam, cast.partnership_id, **same)
        received = leads.offer(cast.gina, cast.partnership_id, **same)
        report = partial(cast.dana.response, "GET", f"/partnerships/{cast.partnership_id}/reciprocity")
        calls = [
            partial(cast.gina.response, "POST", f"/offers/{given['id']}/accept"),
            partial(cast.sam.response, "POST", f"/offers/{received['id']}/accept"),
            *[report] * 4,
        ]

        assert statuses(*calls) == {200: 6}
        held = "SELECT count(*) FROM offers WHERE status = 'accepted'"
        assert rows(held) == [(1,)]
        for offer in (given, received):
            player = cast.gina if offer is given else cast.sam
            player.response("POST", f"/offers/{offer['id']}/disqualify", json={"reason": "other"})


def edit_response(by: Player, user_id: object, **fields: Any) -> Any:
    path = f"/users/{user_id}"
    return by.response("PATCH", path, json=fields, if_match=by.response("GET", path).headers["ETag"])
