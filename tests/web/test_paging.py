"""Lists page by page: no item twice, none skipped, whatever comes or goes meanwhile; cursors open nothing else."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from partnercrm.kernel import clock, db
from partnercrm.leads.actions import keeping
from partnercrm.leads.models import Lead
from partnercrm.leads.queries import own
from partnercrm.leads.schemas import LeadQuery
from tests.cast import Cast, Player
from tests.factories import leads

START = datetime(2026, 1, 1, tzinfo=UTC)
_lists = count(1)

Change = tuple[str, int]
changes = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 30)),
        st.tuples(st.just("remove"), st.integers(0, 30)),
        st.tuples(st.just("turn"), st.just(0)),
    ),
    max_size=20,
)


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "company_name", "-company_name"])
def test_nothing_comes_twice_and_what_stays_is_never_skipped(cast: Cast, sort: str) -> None:
    actor = cast.sam.actor

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.integers(0, 30), max_size=12), changes, st.integers(1, 4))
    def walked(at_first: list[int], meanwhile: list[Change], limit: int) -> None:
        connector = f"list {next(_lists)}"
        present: list[Any] = [add(actor, connector, place) for place in at_first]
        stayed, shown = set(present), []
        turn = turning(actor, LeadQuery().load({"connector": connector, "sort": sort, "limit": limit}))
        for what, place in [*meanwhile, *[("turn", 0)] * 40]:
            if what == "add":
                present.append(add(actor, connector, place))
            elif what == "remove" and present:
                gone = present.pop(place % len(present))
                stayed.discard(gone)
                remove(actor, gone)
            elif what == "turn":
                with suppress(StopIteration):
                    shown += next(turn)
        assert len(shown) == len(set(shown))
        assert stayed <= set(shown)

    walked()


def add(actor: Any, connector: str, place: int) -> Any:
    """Enter a lead whose place in the list is chosen; many share one."""
    with clock.at(START + timedelta(days=place // 3)), db.transaction(actor):
        given = {"company_name": f"Company {place // 3:02}", "need": "Anvils"}
        return keeping.put_lead(actor, connector, str(next(_lists)), given).id


def remove(actor: Any, lead_id: Any) -> None:
    with db.transaction(actor):
        db.session().delete(db.session().get_one(Lead, lead_id))


def turning(actor: Any, asked: dict[str, Any]) -> Any:
    """Yield page after page of ids, each read in a transaction of its own."""
    cursor: str | None = ""
    while cursor is not None:
        with db.transaction(actor, read_only=True):
            page = own.leads(actor, asked | ({"cursor": cursor} if cursor else {}))
        cursor = page.next
        yield [state.id for state in page.items]


@pytest.fixture
def cursor(cast: Cast) -> str:
    """A cursor of sam's list of leads."""
    for _ in range(3):
        leads.lead(cast.sam)
    found: str = cast.sam.call("GET", "/leads?limit=1", expect=200)["next"]
    return found


def test_a_cursor_goes_on_where_the_page_ended(cast: Cast, cursor: str) -> None:
    whole = cast.sam.call("GET", "/leads", expect=200)["items"]

    rest = cast.sam.call("GET", "/leads", query_string={"cursor": cursor, "limit": "2"}, expect=200)

    assert rest == {"items": whole[1:], "next": None}


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("sam", "/leads?sort=created_at"),
        ("sam", "/leads?need=Anvils"),
        ("sam", "/tokens"),
        ("sam", "/offers"),
        ("dana", "/leads"),
        ("gina", "/leads"),
        ("ines", "/leads"),
    ],
)
def test_a_cursor_is_bound_to_its_reader_list_filters_and_order(cast: Cast, cursor: str, who: str, path: str) -> None:
    refused = players(cast)[who].response("GET", f"{path}{'&' if '?' in path else '?'}cursor={cursor}")

    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "cursor")


def players(cast: Cast) -> dict[str, Player]:
    return {"sam": cast.sam, "dana": cast.dana, "gina": cast.gina, "ines": cast.ines}


def _cut(cursor: str) -> str:
    return cursor[:-1]


def _other_place(cursor: str) -> str:
    """Name another place, signed by somebody else."""
    frame, _, key = URLSafeSerializer("").loads_unsafe(cursor)[1]
    return URLSafeSerializer("another key", salt="cursor").dumps([frame, {"moment": "1999-01-01T00:00:00+00:00"}, key])


@pytest.mark.parametrize("forge", [_cut, _other_place, lambda _: "x", lambda _: "e30.e30", lambda _: "ä" * 100])
def test_a_forged_cursor_is_refused(cast: Cast, cursor: str, forge: Callable[[str], str]) -> None:
    refused = cast.sam.response("GET", "/leads", query_string={"cursor": forge(cursor)})

    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "cursor")


def test_a_forged_cursor_is_named_beside_all_else_that_is_wrong(cast: Cast) -> None:
    refused = cast.sam.call("GET", "/leads?cursor=guessed&limit=0&sort=luck&other=1", expect=422)

    assert {error["field"] for error in refused["errors"]} == {"cursor", "limit", "sort", "other"}


@pytest.mark.parametrize("limit", ["0", "201", "1.5", "-1", "x", ""])
def test_a_page_holds_one_to_two_hundred(cast: Cast, limit: str) -> None:
    cast.sam.call("GET", f"/leads?limit={limit}", expect=422)
