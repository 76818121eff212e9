"""What the record writes into a case is plain text for all, and said again in each reader's language."""

import json

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.cases import facts
from partnercrm.kernel.errors import Told
from partnercrm.web import speaking
from tests.cast import Cast
from tests.leads.test_drifting import analyses, left, look  # noqa: F401 - a month that opens a search
from tests.surfer import Surfer

_GERMAN = {
    "Months": "Monate",
    "%(stage)s, leads of %(name)s": "%(stage)s, Leads von %(name)s",
    "Answer": "Antwort",
    "%(in_time)d of %(due)d that were due within the agreed %(hours)d working hours": "%(in_time)d von %(due)d"
    " in %(hours)d h",
}


@given(name=st.text(), leads=st.integers(), plain=st.text(max_size=20))
def test_a_fact_comes_back_as_it_was_kept(name: str, leads: int, plain: str) -> None:
    value = Told("%(named)s: %(leads)d", named=Told("Leads of %(name)s", name=name), leads=leads)
    kept = json.loads(json.dumps(facts.kept({"name": plain, "value": value})))

    assert (kept["name"], kept["value"]) == (plain, f"Leads of {name}: {leads}")
    assert facts.told(kept, "name") == plain
    again = facts.told(kept, "value")
    assert isinstance(again, Told)
    assert (again, again.values["named"]) == (value, f"Leads of {name}")


def test_what_was_emptied_since_is_not_said_again() -> None:
    kept = facts.kept({"name": Told("Leads of %(name)s", name="Robin"), "value": ""})

    assert facts.told(kept | {"name": "Leads of [erased]"}, "name") == "Leads of [erased]"


@pytest.mark.usefixtures("left")
def test_a_page_says_a_finding_in_its_readers_language_and_programs_read_english(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(cast)
    [opened] = analyses(cast)
    monkeypatch.setattr(speaking, "gettext", lambda text, **values: _GERMAN.get(text, text) % values)

    page = Surfer.signed_in(app, cast.hank.email).open(f"/cases/{opened['id']}").text
    [_, sheet] = cast.hank.call("GET", f"/cases/{opened['id']}/entries", expect=200)["items"]

    assert "Antwort, Leads von Acme" in page
    assert "8 von 8 in 48 h" in page
    assert {"Months", "Answer, leads of Acme"} <= {fact["name"] for fact in sheet["facts"]}
    assert all(set(fact) == {"name", "value"} for fact in sheet["facts"])
