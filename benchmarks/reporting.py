"""The report at size: one exchange among 200 organizations and 5,000,000 steps, then the same grown to 1,000,000.

The floor reads the rows of the roll-up that the report is made of, behind no wall, and writes them out as they are.
The report recognises its caller, counts the request, waits for steps being written, reads terms and rates, and says
what can be said of an exchange. By month it is compared with the bare statement that counts the steps.
"""

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

import psycopg

from benchmarks import recording
from benchmarks.cases import MONTHS, OF_ONE, REPORT, REPORTS, Case
from benchmarks.floor_sql import BY_MONTH
from benchmarks.load import Request, Slice, measure, once
from benchmarks.stage import Stage

PAIRS: Final = 100
_FEWEST: Final = 2
_QUICKLY: Final = "SET session_replication_role = replica"
Taken = list[tuple[Slice, Slice]]


def taken(here: Stage, cases: Sequence[Case], runs: int, share: float) -> Iterator[tuple[Case, Taken]]:
    """Fill the record, then measure what was chosen of the reports; without runs only compare answers."""
    few = max(_FEWEST, round(PAIRS * share))
    many = round(REPORTS * share / recording.STEPS_OF_AN_OFFER)
    with psycopg.connect(here.database, autocommit=True) as connection:
        connection.execute(_QUICKLY)
        recording.pairs(connection, here.partnership_id, few)
        recording.recorded(connection, range(few), many, many)
        _rolled_up(here, connection)
        floor, ours = (_request(here, part) for part in ("roll-up", "reciprocity"))
        _require_same_answers(here, connection, ours)
        small = [_pair(here, case, floor, ours, share) for case in cases if case.name == REPORT for _ in range(runs)]
        yield from ((case, small) for case in cases if case.name == REPORT and runs)
        before = [_slice(here, ours, cases, share) for _ in range(runs)]
        more = round(OF_ONE * share / recording.STEPS_OF_AN_OFFER)
        recording.recorded(connection, range(1), many + more, more)
        _rolled_up(here, connection)
        _require_same_answers(here, connection, ours)
        for case in cases if runs else ():
            if case.name == MONTHS:
                yield case, [(_bare(here, connection), _slice(here, ours, cases, share)) for _ in range(runs)]
            elif case.name != REPORT:
                yield case, [(one, _slice(here, ours, cases, share)) for one in before]


def _rolled_up(here: Stage, connection: psycopg.Connection[Any]) -> None:
    """Do what the worker does every minute, and leave the server nothing of the filling to do.

    What was filled in says that it was recorded long ago, so the pair that grew is rolled up from the beginning.
    """
    for table in ("exchange_settlements", "exchange_facts"):
        connection.execute(f"DELETE FROM {table} WHERE partnership_id = %s", [here.partnership_id])
    here.settle()
    for organization_id, partnership_id in connection.execute("SELECT * FROM sweep_unsettled(false)").fetchall():
        connection.execute("SELECT set_config('partnercrm.organization', %s, false)", [str(organization_id)])
        connection.execute("SELECT step_roll_up(%s)", [partnership_id])
    here.settle()


def _request(here: Stage, part: str) -> Request:
    return Request("GET", f"/api/v1/partnerships/{here.partnership_id}/{part}", here.giver_token)


def _pair(here: Stage, case: Case, floor: Request, ours: Request, share: float) -> tuple[Slice, Slice]:
    many = max(2, round(case.many * share))
    return measure(here.ports["floor"], [floor] * many, 1), measure(here.ports["partnercrm"], [ours] * many, 1)


def _slice(here: Stage, ours: Request, cases: Sequence[Case], share: float) -> Slice:
    return measure(here.ports["partnercrm"], [ours] * max(2, round(max(case.many for case in cases) * share)), 1)


def _bare(here: Stage, connection: psycopg.Connection[Any]) -> Slice:
    begun = time.perf_counter()
    connection.execute(BY_MONTH, [here.partnership_id]).fetchall()
    return Slice(1 / (time.perf_counter() - begun))


def _require_same_answers(here: Stage, connection: psycopg.Connection[Any], ours: Request) -> None:
    """RuntimeError unless report, roll-up and the bare statement count the same leads, month by month."""
    report = json.loads(once(here.ports["partnercrm"], ours))
    sides = {side["organization_id"]: name for side, name in zip(report["organizations"], _PLACES, strict=True)}
    rolled, bare = dict[tuple[str, str], int](), dict[tuple[str, str], int]()
    for fact in json.loads(once(here.ports["floor"], _request(here, "roll-up")))["items"]:
        if (fact["kind"], fact["name"]) == ("step", "accepted"):
            key = fact["month"][:7], sides[fact["giver_id"]]
            rolled[key] = rolled.get(key, 0) + fact["leads"]
    for month, giver_id, step, _currency, steps, *_ in connection.execute(BY_MONTH, [here.partnership_id]):
        if step == "accepted":
            bare[month, sides[str(giver_id)]] = bare.get((month, sides[str(giver_id)]), 0) + steps
    told = {(one["month"], place): one[place]["accepted"] for one in report["months"] for place in _PLACES}
    if not bare or not {key: count for key, count in told.items() if count} == rolled == bare:
        counts = [sum(counted.values()) for counted in (told, rolled, bare)]
        raise RuntimeError(f"accepted leads in the report, in the roll-up, among the steps: {counts}")


_PLACES: Final = ("first", "second")
