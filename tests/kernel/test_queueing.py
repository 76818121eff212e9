"""The web server's role queues jobs for the organization it acts for and for that one's partners, and no others."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from partnercrm.kernel.ids import new_id
from partnercrm.kernel.roles import plain
from tests.cast import Cast
from tests.servers import TestServer


@pytest.fixture
def web(database: str, test_server: TestServer) -> Iterator[psycopg.Connection]:
    """The web server's own connection."""
    with psycopg.connect(plain(test_server.url("app", database))) as connection:
        yield connection


def queue(web: psycopg.Connection, actor: UUID | None, task: str, meant: UUID | None) -> None:
    """Put a job into the queue by hand, acting for an organization, meant for one."""
    web.execute("SELECT set_config('partnercrm.organization', %s, true)", [str(actor or "")])
    args = psycopg.types.json.Jsonb({"organization_id": str(meant)} if meant else {})
    web.execute(
        "INSERT INTO procrastinate.procrastinate_jobs (queue_name, task_name, args) VALUES ('default', %s, %s)",
        [task, args],
    )


def test_a_job_is_queued_for_oneself_and_for_a_partner(cast: Cast, web: psycopg.Connection) -> None:
    acme, globex = cast.sam.actor.organization_id, cast.gina.actor.organization_id

    queue(web, acme, "integrations.run_import", acme)
    queue(web, acme, "notices.tell", globex)
    queue(web, globex, "leads.ask_for_answer", acme)
    queue(web, None, "identity.find_accounts", None)
    queue(web, acme, "partnerships.tell_of_decline", cast.ines.actor.organization_id)


@pytest.mark.parametrize(
    ("who", "task", "whom"),
    [
        *[("acme", "notices.tell", "initech"), ("initech", "leads.expire_offer", "acme")],
        *[("acme", "identity.mail_reset", "globex"), ("acme", "integrations.undo_import", "globex")],
        *[("acme", "identity.remove_past", "globex"), ("acme", "notices.tell", "nobody")],
        *[("nobody", "notices.tell", "acme"), ("nobody", "partnerships.tell_of_decline", "acme")],
        *[("acme", "web.forget", "none"), ("nobody", "web.forget", "none"), ("acme", "identity.find_accounts", "none")],
    ],
)
def test_no_job_is_queued_in_anothers_name(cast: Cast, web: psycopg.Connection, who: str, task: str, whom: str) -> None:
    known = {
        "acme": cast.sam.actor.organization_id,
        "globex": cast.gina.actor.organization_id,
        "initech": cast.ines.actor.organization_id,
        "nobody": new_id(),
    }

    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="a job is queued for oneself"):
        queue(web, None if who == "nobody" else known[who], task, known.get(whom))


def test_the_queues_own_function_is_held_as_well(cast: Cast, web: psycopg.Connection) -> None:
    web.execute("SELECT set_config('partnercrm.organization', %s, true)", [str(cast.ines.actor.organization_id)])
    args = psycopg.types.json.Jsonb({"organization_id": str(cast.sam.actor.organization_id)})

    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="a job is queued for oneself"):
        web.execute(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'notices.tell', 0, NULL, NULL, %s, NULL)"
            "::procrastinate_job_to_defer_v1])",
            [args],
        )
