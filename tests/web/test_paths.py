"""Keys that callers choose, in addresses: one spelling each."""

import pytest

from tests.cast import Cast

LEAD = {"company_name": "Contoso", "need": "Kite"}


@pytest.mark.parametrize("key", ["crm/%20X", "crm/X%20", "crm/%C2%A0X", "crm/X%E2%80%83", "%20crm/X", "crm/%20"])
def test_a_key_with_space_around_it_is_not_found(cast: Cast, key: str) -> None:
    cast.sam.call("PUT", f"/leads/by-key/{key}", json=LEAD, expect=404)
    cast.sam.call("GET", f"/leads/by-key/{key}", expect=404)


@pytest.mark.parametrize("key", ["X", "X%20Y", "%C3%9C-1"])
def test_a_key_is_taken_as_it_stands(cast: Cast, key: str) -> None:
    put = cast.sam.call("PUT", f"/leads/by-key/crm/{key}", json=LEAD, expect=200)

    assert cast.sam.call("GET", f"/leads/by-key/crm/{key}", expect=200) == put
