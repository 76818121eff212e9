"""Numbers of registers: normalised however they are written, and refused where their check digits are wrong."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts import numbers
from partnercrm.accounts.numbers import NotSuchANumber, Number, Scheme, normalised

LEI = "5493001KJTIIGC8Y1R12"


@pytest.mark.parametrize(
    ("scheme", "country", "written", "kept"),
    [
        ("lei", None, "5493 001kjtiigc8y1r12", (None, LEI)),
        ("duns", None, "15-048-3782", (None, "150483782")),
        ("vat", None, "DE 136,695 976".replace(",", "."), ("DE", "136695976")),
        ("vat", "DE", "136695976", ("DE", "136695976")),
        ("vat", "DE", "DE136695976", ("DE", "136695976")),
        ("vat", None, "EL 094259216", ("GR", "094259216")),
        ("vat", "GR", "GR094259216", ("GR", "094259216")),
        ("vat", "GB", "XI 980 7806 84", ("GB", "980780684")),
        ("vat", "AE", "100-1234567-00003", ("AE", "100123456700003")),
        ("national", "DE", "HRB 11223 Aachen", ("DE", "Aachen HRB 11223")),
        ("national", "FR", "552 008 443", ("FR", "552008443")),
        ("national", "GB", "445790", ("GB", "00445790")),
        ("national", "GB", "sc 095 237", ("GB", "SC095237")),
        ("national", "NL", "3328 4937", ("NL", "33284937")),
        ("national", "AU", "004 085 616", ("AU", "004085616")),
        ("national", "AU", "83 914 571 673", ("AU", "83914571673")),
        ("national", "IS", "540269-6459", ("IS", "5402696459")),
    ],
)
def test_a_number_is_kept_in_one_form(
    scheme: str, country: str | None, written: str, kept: tuple[str | None, str]
) -> None:
    assert normalised(Scheme(scheme), country, written) == Number(Scheme(scheme), *kept)


@pytest.mark.parametrize(
    ("scheme", "country", "written", "field", "sentence"),
    [
        ("lei", None, LEI[:-1] + "3", "number", numbers.WRONG_DIGITS),
        ("lei", None, LEI[:-1], "number", numbers.NOT_SUCH),
        ("lei", "DE", LEI, "country", numbers.WORLDWIDE),
        ("duns", None, "000000000", "number", numbers.NOT_SUCH),
        ("duns", None, "12345678", "number", numbers.NOT_SUCH),
        ("duns", "US", "150483782", "country", numbers.WORLDWIDE),
        ("vat", None, "136695976", "country", numbers.NEEDS_COUNTRY),
        ("vat", "DE", "136695978", "number", numbers.WRONG_DIGITS),
        ("vat", "AE", "none", "number", numbers.NOT_SUCH),
        ("national", None, "445790", "country", numbers.NEEDS_COUNTRY),
        ("national", "FR", "552008444", "number", numbers.WRONG_DIGITS),
        ("national", "GB", "123456789", "number", numbers.NOT_SUCH),
        ("national", "AU", "1", "number", numbers.NOT_SUCH),
    ],
)
def test_a_wrong_number_says_which_field_is_wrong_and_why(
    scheme: str, country: str | None, written: str, field: str, sentence: str
) -> None:
    with pytest.raises(NotSuchANumber, match=sentence) as caught:
        normalised(Scheme(scheme), country, written)

    assert caught.value.field == field


@given(st.sampled_from(Scheme), st.sampled_from(["DE", "GB", "FR", "AE", "CN", "US", "IT", None]), st.text(max_size=30))
def test_whatever_is_written_is_a_number_of_bounded_length_or_refused(
    scheme: Scheme, country: str | None, written: str
) -> None:
    try:
        found = normalised(scheme, country, written)
    except NotSuchANumber:
        return

    assert 2 <= len(found.number) <= numbers.LONGEST
    assert normalised(found.scheme, found.country, found.number) == found


@given(st.integers(min_value=0, max_value=17), st.integers(min_value=1, max_value=9))
def test_any_one_wrong_sign_in_an_lei_is_found(place: int, by: int) -> None:
    signs = string.digits if LEI[place].isdigit() else string.ascii_uppercase
    wrong = signs[(signs.index(LEI[place]) + by) % len(signs)]

    with pytest.raises(NotSuchANumber, match=numbers.WRONG_DIGITS):
        normalised(Scheme.LEI, None, LEI[:place] + wrong + LEI[place + 1 :])
