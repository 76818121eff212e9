"""Allowances: counted in the database, told in headers."""

import pytest
from flask import Flask

from partnercrm.kernel.errors import TooMany
from partnercrm.web.rate_limits import spend
from tests.cast import Cast


def test_an_allowance_is_spent_and_then_says_when_to_come_back(app: Flask) -> None:
    spend("2 per minute", "anything")
    spend("2 per minute", "anything")

    with pytest.raises(TooMany) as refused:
        spend("2 per minute", "anything")

    assert 1 <= refused.value.facts["retry_after"] <= 60
    spend("2 per minute", "something else")


def test_every_answer_tells_what_is_left(cast: Cast) -> None:
    first, second = (cast.sam.response("GET", "/leads").headers for _ in range(2))

    assert int(first["X-RateLimit-Limit"]) == 1_000_000
    assert int(first["X-RateLimit-Remaining"]) - int(second["X-RateLimit-Remaining"]) == 1
    assert 0 < int(second["Retry-After"]) <= 60
