"""Notices for tests: what is deferred is done here, as the worker would."""

from typing import Any
from uuid import UUID

import psycopg
from flask import current_app

from partnercrm.kernel import clock, db
from partnercrm.kernel.ids import new_id
from partnercrm.notices import jobs
from partnercrm.notices.models import Notice
from partnercrm.partnerships import jobs as partnerships
from tests.cast import Player
from tests.conftest import on_database
from tests.servers import TestServer

JOBS = {
    "notices.tell": jobs.tell,
    "notices.mail": jobs.mail_notice,
    "notices.digest": jobs.mail_digest,
    "partnerships.announce_proposal": partnerships.announce_proposal,
    "partnerships.tell_of_proposal": partnerships.tell_of_proposal,
    "partnerships.tell_of_decline": partnerships.tell_of_decline,
}


class Errands:
    """The queue's notices jobs of one database, done in their order."""

    def __init__(self, server: TestServer, database: str) -> None:
        self._url, self._worker = server.admin(database), server.url("worker", database)

    def waiting(self, name: str = "") -> list[tuple[str, dict[str, str], Any]]:
        """Return what waits: name, arguments, and when it is due."""
        with psycopg.connect(self._url) as connection:
            found = connection.execute(
                "SELECT task_name, args, scheduled_at FROM procrastinate.procrastinate_jobs"
                " WHERE status = 'todo' AND task_name LIKE 'notices.%' ORDER BY id"
            ).fetchall()
        return [one for one in found if one[0] == name or not name]

    def run(self, *names: str) -> int:
        """Do what waits under these names (all when none is given), and what that defers, in the worker's role."""
        done = 0
        while waiting := self.take(*names):
            for name, arguments, _ in waiting:
                with on_database(current_app._get_current_object(), self._worker):
                    JOBS[name](**arguments)
                done += 1
        return done

    @staticmethod
    def do(name: str, **arguments: str) -> None:
        """Do one thing as the worker does: in a context of its own, where nobody is signed in."""
        with current_app._get_current_object().app_context():
            JOBS[name](**arguments)

    def take(self, *names: str) -> list[tuple[str, dict[str, str], Any]]:
        """Take what waits under these names out of the queue."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute("SET search_path = public, procrastinate")
            taken: list[tuple[str, dict[str, str], Any]] = connection.execute(
                "DELETE FROM procrastinate.procrastinate_jobs WHERE task_name = ANY (%s)"
                " RETURNING task_name, args, scheduled_at",
                [list(names or JOBS)],
            ).fetchall()
        return taken


def notice(player: Player, subject_id: UUID, partnership_id: UUID, kind: str = "lead.accepted") -> UUID:
    """Tell a player something about a subject; return the notice's id. What happened before its end stays written."""
    actor = player.actor
    notice_id = new_id()
    with db.transaction(actor) as session:
        session.add(
            Notice(
                id=notice_id,
                organization_id=actor.organization_id,
                user_id=actor.user_id,
                kind=kind,
                event_id=new_id(),
                subject_id=subject_id,
                partnership_id=partnership_id,
                facts={"partner": "Acme"},
                on_page=True,
                by_mail=False,
                in_digest=False,
                created_at=clock.now(),
            )
        )
    return notice_id


def told(player: Player, **query: str) -> list[str]:
    """Return the kinds of what a player was told, newest first."""
    return [item["kind"] for item in player.call("GET", "/notices", query_string=query, expect=200)["items"]]
