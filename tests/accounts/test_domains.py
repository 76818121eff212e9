"""Domains are reduced to what somebody registered, however they were written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts.domains import registrable


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("northwind.example", "northwind.example"),
        ("WWW.Northwind.Example.", "northwind.example"),
        ("https://shop.northwind.co.uk:8443/de/start?x=a@b.c", "northwind.co.uk"),
        ("dana@mail.northwind.com.au", "northwind.com.au"),
        ("https://user@northwind.example/", "northwind.example"),
        ("müller-söhne.de", "xn--mller-shne-kcb9d.de"),
        ("xn--mller-shne-kcb9d.de", "xn--mller-shne-kcb9d.de"),
        ("northwind.github.io", "northwind.github.io"),
        (" northwind.example ", "northwind.example"),
    ],
)
def test_what_is_registered_is_found(written: str, found: str) -> None:
    assert registrable(written) == found


@pytest.mark.parametrize(
    "written", ["", "northwind", "co.uk", "github.io", "192.0.2.1", "http://[2001:db8::1]/", "a..de", "-", "x" * 300]
)
def test_what_nobody_registers_is_none(written: str) -> None:
    assert registrable(written) is None


@given(st.text(max_size=80))
def test_whatever_is_written_is_read_twice_as_once(written: str) -> None:
    found = registrable(written)

    assert found is None or registrable(found) == found
    assert found is None or (found == found.lower() and found.isascii())
