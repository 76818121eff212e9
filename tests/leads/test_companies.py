"""Telling whether two leads mean the same company's need."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts import normalising
from partnercrm.leads.companies import Keys, company_key, company_keys, every_key, keys_of, made_anew

names = st.text("abcXYZäéß0123 ", min_size=1).filter(str.strip)
domains = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,5}){1,2}", fullmatch=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Müller & Söhne", None, "Kite"), ("muller  sohne", None, "KITE")),
        (("Contoso, Ltd.", None, "GTX-Plus Basic"), ("CONTOSO LTD", None, "gtx plus basic")),
        (("Contoso", "www.contoso.example", "Kite"), ("Something else", "Contoso.example", "Kite")),
        (("Straße", None, "Kite"), ("STRASSE", None, "Kite")),
        (("Contoso GmbH", None, "Kite"), ("CONTOSO", None, "Kite")),
        (("Contoso S.p.A.", None, "Kite"), ("The Contoso Company", None, "Kite")),
        (("Muehlen & Co. KG", None, "Kite"), ("Mühlen", None, "Kite")),
        (("Contoso", None, "Crane"), ("Contoso", None, "cranes")),
        (("Contoso", None, "Harbour cranes"), ("Contoso", None, "Crane, harbour")),
        (("Contoso", None, "Battery boxes"), ("Contoso", None, "box / batteries / box")),
        (("Contoso", None, "Vans"), ("Contoso", None, "van")),
        (("Contoso", None, "Energie"), ("Contoso", None, "Energies")),
    ],
)
def test_spellings_of_one_company_and_need_share_a_key(
    one: tuple[str, str | None, str], other: tuple[str, str | None, str]
) -> None:
    assert company_key(*one) == company_key(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Contoso", None, "Kite"), ("Contoso", None, "Kite Pro")),
        (("Contoso", None, "Kite"), ("Fabrikam", None, "Kite")),
        (("Contoso", "contoso.example", "Kite"), ("Contoso", "contoso.test", "Kite")),
        (("Ab c", None, "d"), ("Ab", None, "c d")),
        (("日本", None, "Kite"), ("中国", None, "Kite")),
        (("Contoso", None, "Crane"), ("Contoso", None, "Harbour crane")),
        (("Contoso", None, "GPS"), ("Contoso", None, "GP")),
        (("Contoso", None, "Process"), ("Contoso", None, "Proces")),
        (("Contoso", None, "Analysis"), ("Contoso", None, "Analysi")),
        (("Contoso", None, "Kite 900s"), ("Contoso", None, "Kite 900")),
    ],
)
def test_other_companies_and_other_needs_have_other_keys(
    one: tuple[str, str | None, str], other: tuple[str, str | None, str]
) -> None:
    assert company_key(*one) != company_key(*other)


@given(name=names, domain=st.none() | domains, need=names, marks=st.sampled_from(["", " ", "-", "!", " & "]))
def test_case_and_marks_at_the_ends_change_nothing(name: str, domain: str | None, need: str, marks: str) -> None:
    louder = company_key(
        f"{marks}{name.upper()}{marks}", domain and f"www.{domain.upper()}", f"{need.swapcase()}{marks}"
    )
    assert louder == company_key(name, domain, need)


@given(name=names, other=names, domain=domains, need=names)
def test_where_a_domain_is_known_the_name_plays_no_part(name: str, other: str, domain: str, need: str) -> None:
    assert company_key(name, domain, need) == company_key(other, domain, need)


@pytest.mark.parametrize(("one", "other"), [("C++", "C#"), ("!!!", "???")])
def test_names_that_differ_only_in_their_signs_stay_apart(one: str, other: str) -> None:
    assert company_key("Northwind", None, one) != company_key("Northwind", None, other)
    assert company_key(one, None, "GTX") != company_key(other, None, "GTX")


@given(words=st.lists(st.text("abcXYZäéß ", min_size=1).filter(str.strip), min_size=1), name=names)
def test_without_numbers_the_order_of_a_needs_words_and_saying_one_twice_change_nothing(
    words: list[str], name: str
) -> None:
    need, turned = " ".join(words), " ".join([*reversed(words), words[0]])
    assert company_key(name, None, " ".join(need.split())) == company_key(name, None, " ".join(turned.split()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10 scanners for 5 sites", "5 scanners for 10 sites"),
        ("Crane 1.5 t", "Crane 5.1 t"),
        ("Migration from Oracle to SAP", "Migration from SAP to Oracle"),
        ("Umzug von Bonn nach Graz", "Umzug von Graz nach Bonn"),
    ],
)
def test_numbers_and_directions_keep_needs_apart(one: str, other: str) -> None:
    assert company_key("Northwind", None, one) != company_key("Northwind", None, other)
    assert company_key("Northwind", None, one) == company_key("Northwind", None, one.upper())


@given(name=names, domain=st.none() | domains, need=names)
def test_what_was_kept_by_earlier_rules_is_found_and_made_anew(name: str, domain: str | None, need: str) -> None:
    now = company_keys(name, domain, need)

    for before in (_as_kept_first(name, domain, need), _as_kept_second(name, domain, need)):
        assert {*before, *now} <= every_key(name, domain, need)
        assert {*before, *now} <= keys_of(name, domain, need, before) == keys_of(name, domain, need, now) | {*before}
        assert made_anew(name, domain, before) == made_anew(name, domain, now) == now


def test_of_an_erased_name_only_what_was_kept_is_known() -> None:
    kept = Keys("contoso|kite", "contoso|kite")

    assert made_anew("[erased] GmbH", None, kept) == kept
    assert keys_of("[erased] GmbH", None, "Kite", kept) == {"contoso|kite"}


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^\w+#]+", " ", bare).strip() or plain.strip()


def _as_kept_first(name: str, domain: str | None, need: str) -> Keys:
    """Return the keys by the first rule, in which every letter of a name counted."""
    by_name = f"{_folded(name)}|{_folded(need)}"
    return Keys(f"{domain}|{_folded(need)}" if domain else by_name, by_name)


def _as_kept_second(name: str, domain: str | None, need: str) -> Keys:
    """Return the keys by the second rule, in which every letter of a need counted."""
    meant = " ".join(normalising.name(name).words) or _folded(name)
    by_name = f"{meant}|{_folded(need)}"
    return Keys(f"{domain}|{_folded(need)}" if domain else by_name, by_name)
