"""What the clock does to offers."""

from datetime import UTC, datetime, timedelta

import psycopg
from flask import Flask

from partnercrm.kernel import clock
from partnercrm.leads.jobs import expire_offer
from tests.cast import Cast
from tests.factories import leads
from tests.servers import TestServer


def verbs(cast: Cast, offer_id: str) -> list[str]:
    items = cast.gina.call("GET", f"/offers/{offer_id}/timeline", expect=200)["items"]
    return [item["verb"] for item in items]


def test_an_unanswered_offer_expires_once_at_its_moment_and_not_before(app: Flask, cast: Cast) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    due = datetime.fromisoformat(made["expires_at"])
    assert due - datetime.fromisoformat(made["offered_at"]) == timedelta(days=30)
    ids = {"organization_id": made["giver_id"], "offer_id": made["id"]}

    with clock.at(due - timedelta(seconds=1)):
        expire_offer(**ids)
    assert verbs(cast, made["id"]) == ["lead.offered"]

    for later in range(3):
        with clock.at(due + timedelta(hours=later)):
            expire_offer(**ids)

    assert verbs(cast, made["id"]) == ["lead.offered", "lead.expired"]
    expired = cast.gina.call("GET", f"/offers/{made['id']}", expect=200)
    assert (expired["status"], datetime.fromisoformat(expired["answered_at"])) == ("expired", due)
    refused = cast.gina.call("POST", f"/offers/{made['id']}/accept", expect=409)
    assert refused["code"] == "offer_already_answered"


def test_an_expired_lead_is_its_givers_to_offer_again(app: Flask, cast: Cast) -> None:
    with clock.at(datetime.now(UTC) - timedelta(days=31)):
        made = leads.offer(cast.sam, cast.partnership_id)
    [lead] = cast.sam.call("GET", "/leads", expect=200)["items"]
    expire_offer(made["giver_id"], made["id"])

    assert cast.sam.call("GET", f"/leads/{lead['id']}", expect=200)["status"] == "expired"
    given = {"lead_id": lead["id"], "partnership_id": str(cast.partnership_id)}
    assert cast.sam.call("POST", "/offers", json=given, expect=201)["id"] != made["id"]


def test_an_answered_offer_never_expires_and_nobody_elses_job_can_end_one(app: Flask, cast: Cast) -> None:
    accepted, opened = leads.offer_at(cast, "accepted"), leads.offer_at(cast, "offered")

    with clock.at(datetime.now(UTC) + timedelta(days=40)):
        expire_offer(accepted["giver_id"], accepted["id"])
        for organization_id in (opened["receiver_id"], str(cast.ines.actor.organization_id)):
            expire_offer(organization_id, opened["id"])

    for made, status in ((accepted, "accepted"), (opened, "offered")):
        assert cast.sam.call("GET", f"/offers/{made['id']}", expect=200)["status"] == status


def test_the_job_is_put_into_the_queue_with_the_offer_due_at_its_moment(
    cast: Cast, database: str, test_server: TestServer
) -> None:
    made = leads.offer(cast.sam, cast.partnership_id)
    duplicate = {"company_name": made["details"]["company_name"]}
    refused = {"lead_id": leads.lead(cast.sam, **duplicate)["id"], "partnership_id": str(cast.partnership_id)}
    cast.sam.call("POST", "/offers", json=refused, expect=409)

    with psycopg.connect(test_server.admin(database)) as connection:
        jobs = connection.execute(
            "SELECT task_name, args, scheduled_at FROM procrastinate.procrastinate_jobs"
            " WHERE task_name ~ '^leads' ORDER BY id"
        ).fetchall()

    assert jobs == [
        (
            "leads.expire_offer",
            {"organization_id": made["giver_id"], "offer_id": made["id"]},
            datetime.fromisoformat(made["expires_at"]),
        ),
        (
            "leads.ask_for_answer",
            {"organization_id": made["receiver_id"], "offer_id": made["id"]},
            datetime.fromisoformat(made["offered_at"]) + timedelta(hours=24),
        ),
    ]
