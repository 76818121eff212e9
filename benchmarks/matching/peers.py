"""What others find in the same lists: splink, recordlinkage and string_grouper, each at its best single setting.

They get names already normalised by us, so that what is compared is the matching alone. They are installed by
`pip install --group peers` and absent otherwise.
"""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Final
from uuid import UUID

from benchmarks.matching.lists import Labelled
from partnercrm.accounts.matching import Company, read

Scored = dict[tuple[UUID, UUID], float]
PEERS: Final = ("splink", "recordlinkage", "string_grouper")
_MATCHES: Final = {"domain": 0.9, "country": 0.95, "city": 0.9}
"""In which share of true matches splink's columns are expected equal before it is trained."""


def absent() -> list[str]:
    """Return the peers that are not installed."""
    return [peer for peer in PEERS if find_spec(peer) is None]


def splink(lists: Labelled) -> Scored:
    """Score pairs by splink's model on DuckDB: levels of the name, term frequencies, m and u trained by EM.

    Names are trained among pairs of one domain and the rest among pairs of one name, since most pairs that share only
    a first word are not one company and led the training astray. What cannot be trained keeps `_MATCHES`.
    """
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    sides = [_columns(side) for side in (lists.left, lists.right)]
    known = [column for column in _MATCHES if all(any(side[column]) for side in sides)]
    others = [
        cl.ExactMatch(column).configure(
            term_frequency_adjustments=column != "country", m_probabilities=[_MATCHES[column], 1 - _MATCHES[column]]
        )
        for column in known
    ]
    surely = [block_on(column) for column in ("name", "domain") if column in ("name", *known)]
    rules = [*surely, block_on("first"), block_on("substr(name, 1, 5)"), block_on("last")]
    database = DuckDBAPI()
    linker = Linker(
        [database.register(_arrow(side)) for side in sides],
        SettingsCreator(
            link_type="link_only",
            comparisons=[_names(), *others],
            blocking_rules_to_generate_predictions=rules,
        ),
        log_level="ERROR",
    )
    training = linker.training
    training.estimate_probability_two_random_records_match(surely, recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    if known:
        for rule in surely:
            training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.0005).as_dict()
    ids = [[company.id for company in side] for side in (lists.left, lists.right)]
    pairs = zip(found["unique_id_l"], found["unique_id_r"], found["match_probability"], strict=True)
    return {(ids[0][one], ids[1][other]): probability for one, other, probability in pairs}


def _names() -> Any:
    """Return the comparison of names: equal, much alike, the same first word by its rarity, somewhat alike."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    levels = [
        (cll.ExactMatchLevel("name"), 0.5),
        (cll.JaroWinklerLevel("name", 0.95), 0.15),
        (cll.JaroWinklerLevel("name", 0.9), 0.1),
        (cll.ExactMatchLevel("first", term_frequency_adjustments=True), 0.1),
        (cll.JaroWinklerLevel("name", 0.8), 0.1),
        (cll.ElseLevel(), 0.05),
    ]
    told = [level.configure(m_probability=share) for level, share in levels]
    return cl.CustomComparison(output_column_name="name", comparison_levels=[cll.NullLevel("name"), *told])


def recordlinkage(lists: Labelled) -> Scored:
    """Score pairs by recordlinkage: blocked by first word and by domain, Jaro-Winkler and equalities in equal parts."""
    import pandas as pd
    import recordlinkage as rl

    frames = [pd.DataFrame(_columns(side)).set_index("unique_id") for side in (lists.left, lists.right)]
    index = rl.Index()
    index.block("first")
    candidates = index.index(*frames)
    if lists.left[0].domains or any(frames[0]["domain"]):
        by_domain = rl.Index()
        by_domain.block("domain")
        candidates = candidates.union(by_domain.index(*(frame.dropna(subset="domain") for frame in frames)))
    compare = rl.Compare()
    compare.string("name", "name", method="jarowinkler", label="name")
    for column in ("domain", "country", "city"):
        compare.exact(column, column, label=column)
    features = compare.compute(candidates, *frames)
    scores = features["name"] + 0.1 * (features["domain"] + features["country"] + features["city"])
    ids = [[company.id for company in side] for side in (lists.left, lists.right)]
    return {(ids[0][one], ids[1][other]): min(score, 1.0) for (one, other), score in scores.items()}


def string_grouper(lists: Labelled) -> Scored:
    """Score pairs by string_grouper: the cosine of their names' three-letter parts."""
    import pandas as pd
    from string_grouper import match_strings

    series = [pd.Series(_columns(side)["name"]) for side in (lists.left, lists.right)]
    ids = [pd.Series(range(len(side))) for side in series]
    found = match_strings(series[0], series[1], ids[0], ids[1], min_similarity=0.5, max_n_matches=200)
    pairs = zip(found["left_id"], found["right_id"], found["similarity"], strict=True)
    return {(lists.left[one].id, lists.right[other].id): similarity for one, other, similarity in pairs}


RUNS: Final[dict[str, Callable[[Labelled], Scored]]] = {
    "splink": splink,
    "recordlinkage": recordlinkage,
    "string_grouper": string_grouper,
}


def _columns(side: Any) -> dict[str, list[Any]]:
    rows = [_row(place, company) for place, company in enumerate(side)]
    return {column: [row[column] for row in rows] for column in rows[0]}


def _row(place: int, company: Company) -> dict[str, Any]:
    words = read(company).name.words
    return {
        "unique_id": place,
        "name": " ".join(words),
        "first": words[0] if words else None,
        "last": words[-1] if words else None,
        "domain": min(company.domains, default=None),
        "country": company.country,
        "city": company.city,
    }


def _arrow(columns: dict[str, list[Any]]) -> Any:
    import pyarrow as pa

    return pa.table(columns)
