"""What a browser calls itself, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.identity.devices import device


@pytest.mark.parametrize(
    ("agent", "browser", "system"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge",
            "Windows",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome", "Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari", "iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari", "macOS"),
        ("curl/8.9.1", "", ""),
        ("", "", ""),
    ],
)
def test_a_browser_and_its_system_are_named_as_people_know_them(agent: str, browser: str, system: str) -> None:
    assert device(agent) == (browser, system)


@given(st.text())
def test_whatever_is_sent_nothing_of_it_is_kept_but_known_words(agent: str) -> None:
    assert all(len(word) <= 40 and "/" not in word for word in device(agent))
