"""Comparing two whole lists: one interface, and the engine on DuckDB in this process."""

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Protocol, TypeVar
from uuid import UUID

from partnercrm.accounts.blocking import WIDEST, Blocking
from partnercrm.accounts.calibration import DEFAULT, Calibration
from partnercrm.accounts.likeness import A_LETTER
from partnercrm.accounts.matching import CANDIDATE, Company, Lists, Pair, Read, compared, read
from partnercrm.accounts.rivals import weighed

if TYPE_CHECKING:
    import duckdb

Progress = Callable[[int], None]
Cancelled = Callable[[], bool]
Thing = TypeVar("Thing")


class Stopped(Exception):  # noqa: N818 - it says what is the case
    """Whoever asked for the comparison no longer wants it."""


class Engine(Protocol):
    """Compares two lists of companies."""

    def pairs(
        self, left: Sequence[Company], right: Sequence[Company], progress: Progress, cancelled: Cancelled
    ) -> list[Pair]:
        """Return every pair found at least as probable as CANDIDATE, in the order of ids; exchanged lists mirror it.

        `progress` is told per cent as they are done; Stopped is raised soon after `cancelled` says so.
        """


_OFTEN: Final = 4_096
_PARTS: Final = 16
_KEYED: Final = 30
"""Per cent that are done when every company has its keys."""

_SLIP: Final = 1300
_SHORTEST: Final = 4

_TABLES: Final = """
CREATE TABLE keys (side TINYINT, company INTEGER, key INTEGER, weight INTEGER);
CREATE TABLE common (side TINYINT, company INTEGER, weight INTEGER, words BIGINT);
CREATE TABLE words (side TINYINT, key INTEGER, word VARCHAR);
"""
_LINKED: Final = f"""
CREATE TABLE own AS
SELECT key, word, max(side = 0) AND max(side = 1) AS known FROM words GROUP BY key, word;
CREATE TABLE variants AS
SELECT words.side, words.key, words.word, own.known, unnest(list_append(list_transform(
    range(1, length(words.word) + 1),
    lambda place: substr(words.word, 1, place - 1) || substr(words.word, place + 1)), words.word)) AS variant
FROM words JOIN own USING (key) WHERE length(words.word) >= {_SHORTEST};
CREATE TABLE twins AS
SELECT ours, theirs, most, -row_number() OVER () AS key FROM (
    SELECT DISTINCT one.key AS ours, other.key AS theirs,
    {A_LETTER} * (least(length(one.word), length(other.word)) - 1) AS most
    FROM variants one JOIN variants other USING (variant)
    WHERE one.side = 0 AND other.side = 1 AND one.key <> other.key AND NOT (one.known AND other.known)
    AND damerau_levenshtein(one.word, other.word) <= 1);
CREATE TABLE sharing AS
SELECT side, company, key, max(weight) AS weight, 0 AS slip FROM keys GROUP BY ALL
UNION ALL
SELECT side, company, twins.key, least(max(weight), max(most)), {_SLIP}
FROM keys JOIN twins ON keys.key = ours WHERE side = 0 GROUP BY ALL
UNION ALL
SELECT side, company, twins.key, least(max(weight), max(most)), 0
FROM keys JOIN twins ON keys.key = theirs WHERE side = 1 GROUP BY ALL;
CREATE TABLE narrow AS
SELECT key FROM sharing GROUP BY key
HAVING count(*) FILTER (side = 0) * count(*) FILTER (side = 1) BETWEEN 1 AND {WIDEST};
CREATE TABLE lefts AS SELECT company, key, weight, slip FROM sharing JOIN narrow USING (key) WHERE side = 0;
CREATE TABLE rights AS SELECT company, key, weight FROM sharing JOIN narrow USING (key) WHERE side = 1;
"""  # noqa: S608 - numbers of ours alone
_CANDIDATES: Final = f"""
SELECT found.ours, found.theirs FROM (
    SELECT ours, theirs, (max(weight) + sum(weight)) * 0.6 AS weight FROM (
        SELECT lefts.company AS ours, rights.company AS theirs, least(lefts.weight, rights.weight) - slip AS weight
        FROM lefts JOIN rights USING (key) WHERE lefts.company % {_PARTS} = $part
    ) GROUP BY ALL
) found
JOIN common one ON one.side = 0 AND one.company = found.ours
JOIN common other ON other.side = 1 AND other.company = found.theirs
WHERE found.weight + if(one.words & other.words = 0, 0, least(one.weight, other.weight)) >= $least
"""  # noqa: S608 - numbers of ours alone


class Profiles:
    """Companies of one side that are read alike, compared once for all of them."""

    def __init__(self, companies: Sequence[Read]) -> None:
        """Group the companies by all that is read of them but their ids."""
        ids = defaultdict[tuple[object, ...], list[UUID]](list)
        first = dict[tuple[object, ...], Read]()
        for one in companies:
            ids[one[1:]].append(one.id)
            first.setdefault(one[1:], one)
        self.different = list(first.values())
        self.ids = list(ids.values())


class DuckEngine:
    """The engine on DuckDB in process: keys are joined in its memory, what they find is compared by `matching`.

    What may spill to the disk are numbers and single words, in a folder of its own that goes with the comparison.
    """

    def __init__(
        self,
        memory: str = "1GB",
        threads: int = 2,
        calibration: Calibration = DEFAULT,
        *,
        daughters_apart: bool = True,
    ) -> None:
        """Take the memory DuckDB may use before it spills, how many processors, and whether daughters stay apart."""
        self._daughters_apart = daughters_apart
        self._settings = {"memory_limit": memory, "threads": str(threads)}
        self._calibration = calibration

    def pairs(
        self, left: Sequence[Company], right: Sequence[Company], progress: Progress, cancelled: Cancelled
    ) -> list[Pair]:
        """Return every pair found at least as probable as CANDIDATE, in the order of ids; exchanged lists mirror it."""
        import duckdb

        sides = [list(_watched(map(read, side), cancelled)) for side in (left, right)]
        lists = Lists(*sides, daughters_apart=self._daughters_apart)
        ours, theirs = (Profiles(side) for side in sides)
        progress(_KEYED // 2)
        found = list[Pair]()
        with tempfile.TemporaryDirectory(prefix="partnercrm-matching-") as folder:
            settings: dict[str, str | bool | int | float | list[str]] = {**self._settings, "temp_directory": folder}
            with duckdb.connect(":memory:", config=settings) as connection:
                _fill(connection, ours, theirs, lists, cancelled)
                progress(_KEYED)
                least = self._calibration.score(CANDIDATE) + lists.even
                for part in range(_PARTS):
                    for one, other in _watched(_candidates(connection, part, least), cancelled):
                        pair = compared(ours.different[one], theirs.different[other], lists, self._calibration)
                        if pair.millionths >= CANDIDATE:
                            found += (
                                Pair(mine, yours, *pair[2:]) for mine in ours.ids[one] for yours in theirs.ids[other]
                            )
                    progress(_KEYED + (100 - _KEYED) * (part + 1) // _PARTS)
        known = [{company.id: company for company in side} for side in sides]
        settled = weighed(found, known[0], known[1], lists, self._calibration)
        return sorted(
            (pair for pair in settled if pair.millionths >= CANDIDATE), key=lambda pair: (pair.left.int, pair.right.int)
        )


def _watched(things: Iterator[Thing], cancelled: Cancelled) -> Iterator[Thing]:
    for number, thing in enumerate(things):
        if number % _OFTEN == 0 and cancelled():
            raise Stopped
        yield thing


def _fill(
    connection: "duckdb.DuckDBPyConnection", ours: Profiles, theirs: Profiles, lists: Lists, cancelled: Cancelled
) -> None:
    connection.execute(_TABLES)
    blocking = Blocking(ours.different, theirs.different, lists)
    numbered = dict[str, int]()
    for side, profiles in enumerate((ours, theirs)):
        companies, keys, weights, common = list[int](), list[int](), list[int](), list[tuple[int, int]]()
        for place, company in enumerate(_watched(iter(profiles.different), cancelled)):
            common.append(blocking.common(company))
            for key, weight in blocking.keys(company):
                companies.append(place)
                keys.append(numbered.setdefault(key, len(numbered)))
                weights.append(weight)
        connection.execute(
            "INSERT INTO keys SELECT $side, unnest($companies), unnest($keys), unnest($weights)",
            {"side": side, "companies": companies, "keys": keys, "weights": weights},
        )
        connection.execute(
            "INSERT INTO common SELECT $side, unnest($places), unnest($weights), unnest($words)",
            {
                "side": side,
                "places": list(range(len(common))),
                "weights": [weight for weight, _ in common],
                "words": [bits for _, bits in common],
            },
        )
        words = [word for word in blocking.words(side) if word in numbered]
        connection.execute(
            "INSERT INTO words SELECT $side, unnest($keys), unnest($words)",
            {"side": side, "keys": [numbered[word] for word in words], "words": words},
        )
    connection.execute(_LINKED)


def _candidates(connection: "duckdb.DuckDBPyConnection", part: int, least: int) -> Iterator[tuple[int, int]]:
    found = connection.execute(_CANDIDATES, {"part": part, "least": least})
    while rows := found.fetchmany(_OFTEN):
        yield from rows
