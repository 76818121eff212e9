"""What is withheld while an epoch is being told is told by nobody."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.cast import Cast
from tests.factories import accounts
from tests.servers import TestServer


def test_taking_back_waits_for_an_epoch_that_is_being_told(cast: Cast, database: str, test_server: TestServer) -> None:
    account = accounts.account(cast.sam)
    given = {"partnership_id": str(cast.partnership_id), "field": "city"}

    def withhold() -> Any:
        return cast.sam.response("POST", f"/accounts/{account['id']}/withhold", json=given).status_code

    key = f"mapping/{cast.partnership_id}"
    with ThreadPoolExecutor(1) as pool, psycopg.connect(test_server.admin(database)) as telling:
        telling.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        asked = pool.submit(withhold)
        with pytest.raises(TimeoutError):
            asked.result(timeout=0.5)
        telling.commit()

        assert asked.result() == 200
