"""What is wrong with a file is said in its reader's language: kept with its values, or known again from its text."""

import pytest
from flask import Flask

from partnercrm.integrations import faults, problems
from partnercrm.integrations.faults import Fault
from partnercrm.kernel.errors import Told
from partnercrm.web import speaking
from tests.cast import Cast
from tests.factories import imports
from tests.surfer import Surfer


@pytest.mark.parametrize("message", ["This is needed.", Told("At most %(most)d, %(name)r.", most=3, name="50 %")])
def test_a_fault_is_read_as_it_was_kept(message: str) -> None:
    read = faults.read(faults.kept(Fault("need", message, 4)))

    assert read == Fault("need", message, 4)
    assert getattr(read.message, "values", None) == getattr(message, "values", None)


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        (problems.GIVEN_UP, {"reason": "OSError"}),
        (problems.NOT_UNDONE, {"reason": "OSError"}),
        (problems.NOT_CSV, {"row": "17", "reason": "unexpected end of data"}),
        (problems.NOT_IN_ENCODING, {"encoding": "utf-8", "reason": "invalid start byte"}),
        (problems.WRONG_VALUES, {"told": "country:=Germany: This is not a code."}),
    ],
)
def test_a_problem_is_known_again_from_its_text(sentence: str, values: dict[str, str]) -> None:
    known = problems.known(str(Told(sentence, **values)))

    assert isinstance(known, Told)
    assert (known.sentence, known.values) == (sentence, values)


def test_a_problem_without_values_stays_as_it_is() -> None:
    assert type(problems.known("Who started this may no longer write leads.")) is str


def test_pages_ask_the_translations_for_what_is_wrong_with_rows_and_why_an_import_stopped(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = imports.run(cast.sam, imports.sent(cast.sam, "1,Contoso,Kite\n1,Fabrikam,Kite\n2,short\n3,,Kite\n"))
    failed = imports.sent(cast.sam)
    imports.fail(cast.sam, failed)
    monkeypatch.setattr(speaking, "gettext", lambda sentence, **values: f"«{sentence}» {sorted(values)}")
    sam = Surfer.signed_in(app, "sam@acme.example")

    rows, stopped = (sam.open(f"/imports/{one['id']}").text for one in (checked, failed))

    for sentence, names in (
        ("The key %(key)s stands in line %(line)d already.", "key line"),
        ("This row does not have %(width)d cells but %(count)d.", "count width"),
        ("This is needed.", ""),
    ):
        told = "".join(f"&#39;{name}&#39;, " for name in names.split()).removesuffix(", ")
        assert f"«{sentence}» [{told}]" in rows
    assert f"«{problems.GIVEN_UP}» [&#39;reason&#39;]" in stopped


def test_what_a_key_that_stands_twice_is_told_reads_the_same_with_its_values(cast: Cast) -> None:
    one = imports.run(cast.sam, imports.sent(cast.sam, "a'b,Contoso,Kite\na'b,Fabrikam,Kite\n"))

    [row] = cast.sam.call("GET", f"/imports/{one['id']}/wrong-rows", expect=200)["items"]

    assert row["faults"] == [
        {"field": "external_id", "message": "The key 'a''b' stands in line 2 already.", "column": 1}
    ]
