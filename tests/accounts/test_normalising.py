"""Names are the same however they are written; domains are what somebody registered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts import legal_forms
from partnercrm.accounts.normalising import (
    Kind,
    Name,
    countries,
    country_of,
    kind,
    label,
    name,
    telling,
    without_form,
    words,
)

ALIKE = [
    ("Siemens AG", "SIEMENS Aktiengesellschaft"),
    ("Müller GmbH & Co. KG", "Mueller GmbH und Co KG"),
    ("Krüger Anlagen Ges.m.b.H.", "KRUEGER ANLAGEN GESMBH"),
    ("Ørsted A/S", "Orsted AS"),
    ("Telefónica, S.A.", "TELEFONICA SA"),
    ("Fabryka Łożysk Sp. z o.o.", "Fabryka Lozysk spółka z ograniczoną odpowiedzialnością"),
    ("Grupo Ejemplo, S.A.B. de C.V.", "Grupo Ejemplo SAB de CV"),
    ("Muster S. de R.L. de C.V.", "MUSTER S DE RL DE CV"),
    ("ООО Ромашка", "Ромашка, ООО"),
    ("ПАО «Северсталь»", "Severstal PAO"),
    ("トヨタ株式会社", "㈱トヨタ"),
    ("トヨタ株式会社", "Toyota K.K."),
    ("华为技术有限公司", "Huawei Technologies Co., Ltd."),
    ("삼성 주식회사", "(주)삼성"),
    ("N.V. Nutricia", "Nutricia NV"),
    ("D S M N. V.", "DSM N.V."),
    ("Example B.V., Horst", "EXAMPLE BV"),
    ("Example N.V., DEN HAAG", "Example"),
    ("PT Contoh Tbk", "Contoh"),
    ("Example Pty. Limited", "Example Pty Ltd"),
    ("Przykład S.A.", "Przyklad Spółka Akcyjna"),
    ("Example Internat'l Svcs Inc.", "Example International Services Incorporated"),
    ("Koninkl. Voorbeeld N.V.", "Royal Voorbeeld"),
    ("The Example Company", "Example"),
    ("McDonald's", "McDonalds"),
    ("Example France S.A.R.L.", "Example Frankreich"),
    ("United Kingdom Example Plc", "UK Example"),
    ("Örnek Sanayi ve Ticaret A.Ş.", "ORNEK SANAYI VE TICARET AS"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_a_name_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert name(one).words == name(other).words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Example Germany", "Example France"),
        ("Example Fund 3", "Example Fund 4"),
        ("Example Group", "Example"),
        ("Example AG London", "Example AG"),
        ("Example AG, Example Italia", "Example AG"),
        ("SAS Institute", "Institute"),
        ("AO Smith", "Smith"),
    ],
)
def test_what_parts_companies_stays(one: str, other: str) -> None:
    assert name(one).words != name(other).words


def test_legal_forms_are_kept_by_their_most_usual_spelling() -> None:
    assert name("Example Aktiengesellschaft") == Name(("example",), frozenset({"ag"}))
    assert "DE" in countries("ag")
    assert countries("never heard of") == frozenset()


@pytest.mark.parametrize(
    ("typed", "sought"), [("A1 GmbH", "A1"), ("Gröner  S.p.A.", "Gröner"), ("AG", "AG"), ("gmb", "gmb"), ("", "")]
)
def test_what_is_typed_is_sought_without_its_form(typed: str, sought: str) -> None:
    assert without_form(typed) == sought


def test_every_form_of_every_country_is_taken_off_the_end() -> None:
    assert len(legal_forms.BY_COUNTRY) >= 30
    left = [
        (country, form)
        for country, lines in legal_forms.BY_COUNTRY.items()
        for line in lines
        for form in line.split("|")
        if name(f"Zyxquo {form}").words != ("zyxquo",)
    ]

    assert left == []


@pytest.mark.parametrize("written", ["GmbH", "S.A.", "The", "", "!!", "有限公司", "AND"])
def test_a_name_that_is_nothing_but_a_form_stays(written: str) -> None:
    assert name(written).words == words(written)


@given(st.text(max_size=40))
def test_any_text_is_read_and_reading_again_changes_nothing(text: str) -> None:
    once = words(text)

    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in once)
    assert name(text) == name(text.upper().lower() if text.isascii() else text)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("zyxquo", Kind.OWN),
        ("group", Kind.HOLLOW),
        ("bank", Kind.TRADE),
        ("phoenix", Kind.POPULAR),
        ("Deutschland", Kind.PLACE),
        ("Milano", Kind.CITY),
        ("Niederlassung", Kind.BRANCH),
        ("deutsche", Kind.PEOPLE),
        ("4711", Kind.NUMBER),
        ("iii", Kind.NUMBER),
    ],
)
def test_words_are_told_apart_by_what_they_say(word: str, meant: Kind) -> None:
    assert kind(words(word)[0]) is meant


def test_a_country_is_known_by_its_names() -> None:
    assert {country_of(words(word)[0]) for word in ("Deutschland", "Germany", "Allemagne")} == {"DE"}
    assert country_of("zyxquo") is None


def test_free_mail_and_pages_of_links_tell_nothing() -> None:
    assert telling({"example.com", "gmail.com", "linkedin.com"}) == {"example.com"}


@pytest.mark.parametrize(
    ("domain", "said"),
    [("deutsche-boerse.com", "deutscheborse"), ("example.co.uk", "example"), ("xn--mnchen-3ya.de", "munchen")],
)
def test_a_domain_says_a_name(domain: str, said: str) -> None:
    assert label(domain) == said
