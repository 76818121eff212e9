"""Two walls across organizations, each enough alone: without any policy, or without any filter, nothing leaks.

Between the sides of a partnership that has ended only the filters stand; what was shared in it is left out here.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Select, select

import partnercrm
from partnercrm.app import APIS
from partnercrm.doctor.database import UNWALLED
from partnercrm.identity.queries import retention
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.db import Base
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions.publishing import publish_figures
from partnercrm.leads.queries import contests, drifting, figures, pursuits, routing, values
from partnercrm.leads.queries.exchange import OfferSeen
from partnercrm.notices import queries as notices
from partnercrm.web.endpoint import operations
from tests.matrix import comparing, dealing, earning, joining, paying, selling, sharing
from tests.matrix.cells import CELLS
from tests.matrix.conftest import Scratch
from tests.matrix.people import CALLERS, PROVE, colleagues
from tests.matrix.planted import ASSIGNED, FLOWED, PLANNED, READ, TOLD
from tests.matrix.walking import Walk, telling
from tests.matrix.world import World
from tests.servers import TestServer

Filter = Callable[[Actor], Select[Any]]
READS: Final = [
    (api.name, path, operation) for api in APIS for path, operation in operations([api]) if operation.method == "GET"
]
READERS: Final = [
    caller for caller in CALLERS if caller.name in {"stranger", "partner's manager"} or (PROVE and caller.is_alive)
]


def filters() -> dict[str, Filter]:
    """Return every `…_seen_by` function of the application, by its name."""
    for found in pkgutil.walk_packages(partnercrm.__path__, "partnercrm."):
        if "queries" in found.name.split("."):
            importlib.import_module(found.name)
    return {
        name: function
        for module in application_modules()
        for name, function in vars(module).items()
        if name.endswith("_seen_by") and function.__module__ == module.__name__
    }


def application_modules() -> list[Any]:
    return [module for name, module in list(sys.modules.items()) if name.split(".")[0] == "partnercrm"]


FILTERS: Final = filters()
_OF_CASES: Final = ("case_owners", "case_moderators", "partnership_members", "partnerships")
# What is read only through something else is seen only when that is open, too.
BEHIND: Final = {
    "candidates_seen_by": (("accounts_seen_by",), ("accounts",)),
    "contacts_seen_by": (("accounts_seen_by",), ("accounts",)),
    "cases_seen_by": ((), ("case_entries", *_OF_CASES)),
    "entries_seen_by": (("cases_seen_by",), ("cases", *_OF_CASES)),
    "file_entries_seen_by": (("files_seen_by",), ("cases",)),
    "items_seen_by": ((), ("enablement_item_versions",)),
    "offers_seen_by": ((), ("partnership_members",)),
    "partnerships_seen_by": ((), ("partnership_sides", "partnership_terms", "partnership_members")),
    "picks_seen_by": (("rounds_seen_by",), ("exchange_rounds", "leads")),
    "seals_seen_by": (("rounds_seen_by",), ("exchange_rounds",)),
    "registrations_seen_by": ((), ("joint_accounts",)),
    "deals_seen_by": ((), ("joint_accounts",)),
    "deal_books_seen_by": (("deals_seen_by",), ("deals", "joint_accounts")),
    "deal_entries_seen_by": (("deals_seen_by",), ("deals", "joint_accounts", "partnership_members")),
    "deal_files_seen_by": (("deals_seen_by",), ("deals", "joint_accounts", "partnership_members")),
    "deal_versions_seen_by": (("deals_seen_by",), ("deals", "joint_accounts")),
    "requests_seen_by": ((), ("users",)),
    "shared_activities_seen_by": (("offers_seen_by",), ("offers", "partnership_members", "partnerships")),
    "term_changes_seen_by": ((), ("partnership_terms",)),
    "tokens_seen_by": ((), ("users",)),
}
# What requests tell of these is only that a row is there and how many are, in which no canary fits, and of contests
# only where the offer or the partnership is open, a third guard: so the queries themselves are asked.
UNMARKED: Final[dict[str, Callable[[Actor, World], Sequence[Any]]]] = {
    "contests_seen_by": lambda actor, world: contests.of_offer(actor, UUID(world.one("offer", "disqualified").id)),
    "preferences_seen_by": lambda actor, _: [
        one for one in db.session().scalars(notices.preferences_seen_by(actor)) if one.zone == "Asia/Tokyo"
    ],
    "published_months_seen_by": lambda actor, world: [
        one for one in db.session().scalars(figures.published_months_seen_by(actor)) if one.month == "2020-02"
    ],
    "readings_seen_by": lambda actor, _: [
        one for one in db.session().scalars(drifting.readings_seen_by(actor)) if one.month == "2020-01"
    ],
    "totals_seen_by": lambda actor, world: pursuits.totals(actor, UUID(world.living), db.now()),
    **joining.UNMARKED,
    "plans_seen_by": lambda actor, _: [
        one for one in db.session().scalars(routing.plans_seen_by(actor)) if one.turns == 77
    ],
    "assignments_seen_by": lambda actor, _: [
        one for one in db.session().scalars(routing.assignments_seen_by(actor)) if one.assigned_at.year == 2020
    ],
    "consents_seen_by": lambda actor, world: [
        one
        for one in db.session().scalars(values.consents_seen_by(actor))
        if one.organization_id == world.organizations["acme"]
    ],
    "told_values_seen_by": lambda actor, _: db.session().scalars(values.told_values_seen_by(actor)).all(),
    "amounts_seen_by": lambda actor, _: db.session().scalars(values.amounts_seen_by(actor)).all(),
    "registration_sides_seen_by": dealing.kept,
    **selling.UNMARKED,
    "compensation_assignments_seen_by": paying.assigned,
    **comparing.UNMARKED,
    **sharing.UNMARKED,
    **earning.UNMARKED,
    "retention_seen_by": lambda actor, _: [
        one for one in db.session().scalars(retention.retention_seen_by(actor)) if one.periods == {"notices": 77}
    ],
}
CHOSEN: Final[Sequence[tuple[str, str, dict[str, Any]]]] = (
    ("ada", "/retention", {"periods": {"notices": 77}}),
    ("dana", "/notice-preferences", {"zone": "Asia/Tokyo"}),
)
ELSEWHERE: Final = {"steps_seen_by", "details_seen_by", "disclosures_seen_by", *UNMARKED}


def entity(function: Filter) -> Any:
    """Return the model whose rows the function selects."""
    return function(Actor.system(new_id())).column_descriptions[0]["entity"]


def remove_filter(monkeypatch: pytest.MonkeyPatch, function: Filter) -> None:
    """Let the function select everything, wherever it was imported."""
    found = entity(function)
    for module in application_modules():
        for name, value in list(vars(module).items()):
            if value is function:
                monkeypatch.setattr(module, name, lambda actor: select(found))


def walled(server: TestServer, database: str) -> set[str]:
    """Return the tables that have a wall."""
    with psycopg.connect(server.admin(database)) as connection:
        rows = connection.execute("SELECT tablename FROM pg_policies WHERE policyname = 'wall'")
        return {table for (table,) in rows.fetchall()}


def remove_wall(server: TestServer, database: str, table: str) -> None:
    """Drop the table's restrictive policy; the permissive ones let everything through."""
    with psycopg.connect(server.admin(database), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP POLICY wall ON {}").format(sql.Identifier(table)))


def leaks_across(world: World, scratch: Scratch, told_by: Filter | None = None) -> Iterator[str]:
    """Read everything as members of other organizations; yield what nobody of the reader's own may read.

    What seems to be `told_by` a filter, by its slice and its name, is read first.
    """
    part, name = "", list[str]()
    if told_by:
        part, name = told_by.__module__.split(".")[1], told_by.__name__.removesuffix("_seen_by").split("_")
    likely = [
        (not any(word in operation.endpoint for word in name), api != part, place)
        for place, (api, _, operation) in enumerate(READS)
    ]
    for *_, place in sorted(likely):
        _, path, operation = READS[place]
        walk = Walk(world, scratch, path, operation)
        for cells in CELLS[operation.endpoint]:
            for thing in telling(world, cells.on):
                for caller in READERS:
                    response, sent = walk.ask(cells, caller, thing)
                    ours = set(colleagues(caller.organization or ""))
                    for leak in world.canaries.leaks(response, None, sent):
                        if not leak.readers & ours and " ended " not in leak.place and "lead_steps" not in leak.place:
                            yield f"{operation.endpoint} tells {caller.name} the {leak.place}"


def test_every_tenant_table_is_walled(world: World, world_database: str, test_server: TestServer) -> None:
    assert walled(test_server, world_database) >= set(Base.metadata.tables) - set(UNWALLED)


def test_without_any_wall_the_filters_let_nothing_through(
    world: World, scratch: Scratch, test_server: TestServer
) -> None:
    """All walls at once: each only ever takes rows away, so what holds without any of them holds without one."""
    with scratch() as database:
        for table in walled(test_server, database):
            remove_wall(test_server, database, table)

        assert list(leaks_across(world, scratch)) == []


def test_without_any_filter_the_walls_let_nothing_through(
    world: World, scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All filters at once: each only ever takes rows away, so what holds without any of them holds without one."""
    for function in FILTERS.values():
        remove_filter(monkeypatch, function)

    assert list(leaks_across(world, scratch)) == []


@pytest.mark.parametrize("name", sorted(set(FILTERS) - ELSEWHERE))
def test_without_both_the_check_turns_red(
    name: str, world: World, scratch: Scratch, test_server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps and receipts are left out, their reports ask for membership a third time; the others follow below."""
    names, tables = BEHIND.get(name, ((), ()))
    for removed in (name, *names):
        remove_filter(monkeypatch, FILTERS[removed])
    with scratch() as database:
        for table in (entity(FILTERS[name]).__tablename__, *tables):
            remove_wall(test_server, database, table)

        assert next(leaks_across(world, scratch, FILTERS[name]), None)


@pytest.mark.parametrize("removed", [{"filter"}, {"wall"}, {"filter", "wall"}], ids=["filter", "wall", "both"])
@pytest.mark.parametrize("name", sorted(UNMARKED))
def test_what_carries_no_mark_is_told_only_without_both(
    name: str,
    removed: set[str],
    scratch: Scratch,
    test_server: TestServer,
    monkeypatch: pytest.MonkeyPatch,
    *,
    world: World,
) -> None:
    seen, stranger = UNMARKED[name], world.players["ines"].actor
    with scratch() as database:
        contested = f"/offers/{world.one('offer', 'disqualified').id}/contest"
        world.players["sam"].call("POST", contested, json={"claim": "It was one."}, expect=200)
        won = world.one("offer", "won").id
        world.players["gina"].call("POST", f"/offers/{won}/agree-value", expect=200)
        with db.transaction(Actor.system(world.organizations["acme"])):
            publish_figures(Actor.system(world.organizations["acme"]), "2020-02")
        for who, path, chosen in CHOSEN:
            tag = world.players[who].response("GET", path).headers["ETag"]
            world.players[who].call("PATCH", path, json=chosen, if_match=tag, expect=200)
        with psycopg.connect(test_server.admin(database)) as connection:
            for told in (TOLD, READ, PLANNED, ASSIGNED, FLOWED):
                connection.execute(told, {"partnership": world.living, "acme": world.organizations["acme"]})
        if "filter" in removed:
            remove_filter(monkeypatch, FILTERS[name])
        if "wall" in removed:
            remove_wall(test_server, database, entity(FILTERS[name]).__tablename__)

        with db.transaction(world.players["dana"].actor):
            assert len(seen(world.players["dana"].actor, world)) == 1
        with db.transaction(stranger):
            assert len(seen(stranger, world)) == (removed == {"filter", "wall"})


def test_details_are_kept_by_their_wall_and_by_the_offer_as_it_is_seen(
    world: World, scratch: Scratch, test_server: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OfferSeen, "details", property(lambda self: self._details))
    assert list(leaks_across(world, scratch)) == []

    with scratch() as database:
        remove_wall(test_server, database, "offer_details")
        assert next(leaks_across(world, scratch), None)


@pytest.mark.parametrize(
    ("removed", "answer"),
    [({"filter"}, 201), ({"wall"}, 201), ({"filter", "wall"}, 409)],
    ids=["filter", "wall", "both"],
)
def test_an_offer_is_no_oracle_for_what_the_partner_offered_and_did_not_reveal(
    removed: set[str],
    answer: int,
    scratch: Scratch,
    test_server: TestServer,
    monkeypatch: pytest.MonkeyPatch,
    *,
    world: World,
) -> None:
    if "filter" in removed:
        remove_filter(monkeypatch, FILTERS["details_seen_by"])
    hidden = world.players["sam"].call("GET", f"/leads/{world.one('lead', 'offered').id}", expect=200)
    same = {name: hidden[name] for name in ("company_name", "company_domain", "need")}
    with scratch() as database:
        if "wall" in removed:
            remove_wall(test_server, database, "offer_details")
        lead = world.players["gina"].call("POST", "/leads", json=same, expect=201)

        offer = {"lead_id": lead["id"], "partnership_id": world.living}
        world.players["gina"].call("POST", "/offers", json=offer, expect=answer)
