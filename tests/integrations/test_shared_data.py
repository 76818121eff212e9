"""Real files of other people's systems, where this machine has them: recognised, shown and checked as they are."""

import csv
import io
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cast import Cast
from tests.factories import imports

SHARED = "PARTNERCRM_SHARED_DATA"


class Known(NamedTuple):
    """What a person would say of a file: its mapping, how many rows there are, and how many of them are right."""

    path: str
    mapping: str
    rows: int
    wrong: int
    skipped: int = 0


FILES = (
    Known(
        "maven_crm/sales_pipeline.csv",
        "external_id=opportunity_id,company_name=account,need=product,need~GTXPro=GTX Pro,expected_close_on=close_date,"
        "value.amount=close_value,value.currency:=USD,only=account:*",
        rows=8800,
        wrong=0,
        skipped=1425,
    ),
    Known("maven_crm/accounts.csv", "external_id=account,company_name=account,need:=Kite,industry=sector", 85, 0),
    Known(
        "companies_name_domain.csv",
        "external_id=symbol,company_name=name,company_domain=domain,industry=industry,need:=Kite",
        rows=28_453,
        wrong=0,
    ),
    Known("match_wikipedia_yahoo.csv", "external_id=fd_symbol,company_name=wiki_name,need:=Kite", 678, 2),
    Known("patstat_labelled.csv", "external_id=record_id,company_name=name,need:=Kite", 2379, 0),
)


@pytest.fixture
def shared() -> Path:
    """The folder of shared data; without it the test is skipped, and says so aloud."""
    folder = os.environ.get(SHARED)
    if folder is None:
        pytest.skip(f"{SHARED} names no folder: no real file was recognised.")
    return Path(folder)


@pytest.mark.parametrize("known", FILES, ids=[known.path for known in FILES])
def test_a_real_file_is_recognised_shown_and_checked_whole(cast: Cast, shared: Path, known: Known) -> None:
    content = (shared / known.path).read_bytes()

    one = imports.sent(cast.sam, content, header="", mapping=known.mapping)

    assert (one["encoding"], one["delimiter"], one["has_header"]) == ("utf-8", ",", True)
    assert one["header"] == next(csv.reader(io.StringIO(content.decode())))
    assert None not in {one["decimal_mark"], one["date_form"]}
    shown: Any = cast.sam.call("GET", f"/imports/{one['id']}/preview", expect=200)
    assert {row["outcome"] for row in shown["rows"]} <= {"new", "left_out"}
    done = imports.run(cast.sam, one, dry_run=True)
    assert (done["rows"], done["wrong"], done["skipped"]) == (known.rows, known.wrong, known.skipped)
