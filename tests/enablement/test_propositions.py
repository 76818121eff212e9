"""What both sides say to customers: agreed by both, the newest of a language and industry first, checked by each."""

from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from partnercrm.enablement.propositions import in_force, to_say
from tests.cast import Cast, Player
from tests.factories.enablement import agreed, propose
from tests.surfer import Surfer


class Said(NamedTuple):
    locale: str
    industry: str
    version: int | None


def key(one: Said) -> tuple[str, str]:
    return one.locale, one.industry.casefold()


said = st.lists(
    st.builds(Said, st.sampled_from(["en", "de"]), st.sampled_from(["", "Rail", "rail", "Retail"]), st.integers(1, 5)),
    max_size=12,
)


@settings(max_examples=100)
@given(said, st.sampled_from(["en", "de", "fr"]), st.sampled_from(["", "Rail"]))
def test_of_each_language_and_industry_the_newest_is_said_in_the_readers_language_first(
    versions: list[Said], locale: str, industry: str
) -> None:
    standing = in_force(versions)
    first = to_say(standing, locale, industry)

    keys = [key(one) for one in standing]
    assert len(keys) == len(set(keys)) == len(set(map(key, versions)))
    for one in standing:
        others = [
            each
            for each in versions
            if (each.locale, each.industry.casefold()) == (one.locale, one.industry.casefold())
        ]
        assert one.version == max(each.version for each in others)
    assert sorted(first) == sorted(standing)
    if any(one.locale == locale for one in standing):
        assert first[0].locale == locale


def read(player: Player, one: dict[str, Any], expect: int = 200) -> Any:
    return player.call("GET", f"/value-propositions/{one['id']}", expect=expect)


def test_both_sides_say_what_one_proposed_and_the_other_agreed_to(cast: Cast) -> None:
    first = propose(cast.dana, cast.partnership_id)
    assert read(cast.nora, first, 404)
    assert (
        cast.dana.call("POST", f"/value-propositions/{first['id']}/agree", expect=409)["code"]
        == "answered_by_the_other"
    )
    path = f"/partnerships/{cast.partnership_id}/value-propositions"
    given = {name: first[name] for name in ("locale", "industry", "sentences", "question", "answers")}
    again = cast.hank.call("POST", path, json=given | {"right_answer": 0}, expect=409)
    assert again["code"] == "proposition_waits"

    cast.hank.call("POST", f"/value-propositions/{first['id']}/agree", expect=200)
    second = agreed(cast)

    assert (read(cast.nora, first)["version"], read(cast.gina, second)["version"]) == (1, 2)
    for verb in ("agree", "decline"):
        assert cast.hank.call("POST", f"/value-propositions/{first['id']}/{verb}", expect=409)
    for player in (cast.ines,):
        read(player, first, 404)
    page = Surfer.signed_in(cast.app, "sam@acme.example").open("/value-propositions").text
    assert page.count(second["sentences"][0]) == 1
    assert "Not checked yet" in page


def test_a_proposed_one_can_be_declined_or_taken_back(cast: Cast) -> None:
    declined, withdrawn = (
        propose(cast.dana, cast.partnership_id),
        propose(cast.hank, cast.partnership_id, industry="Rail"),
    )
    cast.hank.call("POST", f"/value-propositions/{declined['id']}/decline", expect=200)
    assert cast.dana.call("POST", f"/value-propositions/{withdrawn['id']}/withdraw", expect=409)
    cast.hank.call("POST", f"/value-propositions/{withdrawn['id']}/withdraw", expect=200)

    assert [read(cast.dana, one)["status"] for one in (declined, withdrawn)] == ["declined", "withdrawn"]
    path = f"/value-propositions/{declined['id']}/check"
    assert cast.sam.call("POST", path, json={"answer": 0}, expect=409)["code"] == "proposition_not_agreed"


def test_who_acknowledges_it_with_the_right_answer_knows_it_until_another_version(cast: Cast) -> None:
    one = agreed(cast)
    path = f"/value-propositions/{one['id']}/check"
    assert cast.sam.call("POST", path, json={"answer": 1}, expect=200)["is_right"] is False
    sam = Surfer.signed_in(cast.app, "sam@acme.example")
    assert "Not checked yet" in sam.open("/value-propositions").text

    sam.send(path, {"answer": "0"}, shown_on=f"/value-propositions/{one['id']}")
    assert "You know it" in sam.open("/value-propositions").text
    agreed(cast)

    assert "Not checked yet" in sam.open("/value-propositions").text


def test_what_is_typed_finds_by_partner_industry_and_words(cast: Cast) -> None:
    agreed(cast)
    agreed(cast, industry="Rail", sentences=["Trains meet terminals.", "Nobody waits.", "It pays in a year."])
    sam = Surfer.signed_in(cast.app, "sam@acme.example")

    for typed in ("rail", "TRAINS meet"):
        page = sam.open(f"/value-propositions?q={typed}").text
        assert "Trains meet terminals." in page
        assert "Your terminals see" not in page
    assert "Trains meet" in sam.open("/value-propositions?q=globex").text
    assert "Nothing fits" in sam.open("/value-propositions?q=forestry").text


def test_a_form_proposes_it_and_names_what_is_wrong(cast: Cast) -> None:
    dana = Surfer.signed_in(cast.app, "dana@acme.example")
    path = f"/partnerships/{cast.partnership_id}/value-propositions/new"
    filled = {f"sentence_{place}": f"Sentence {place}." for place in (1, 2, 3)}
    filled |= {"locale": "en", "question": "What first?", "answers": "* Hours\nTrucks"}

    wrong = dana.send(path, filled | {"answers": "Hours"}, shown_on=path)
    assert wrong.status_code == 422
    made = dana.send(path, filled, shown_on=path)
    assert "Sentence 2." in dana.open(made.headers["Location"]).text
