"""Both sides register one deal at the same moment: one holds, always the one the evidence names."""

import os
from collections.abc import Callable
from functools import partial
from random import Random

from tests.cast import Cast
from tests.crowd import at_once
from tests.factories.deals import ago, deal, step

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
RACES = 1000 if PROVE else 4
SELLERS = ("sam", "gina")


def test_whoever_comes_first_the_claim_that_the_evidence_names_holds(
    cast: Cast, record_property: Callable[[str, object], None]
) -> None:
    chance = Random(7)
    for race in range(RACES):
        days = dict(zip(SELLERS, chance.sample(range(1, 89), 2), strict=True))
        arriving = chance.sample(SELLERS, 2)
        company = f"Fabrikam{race}"
        bodies = {who: deal(cast.partnership_id, company, evidence=[step(ago(days[who]))]) for who in arriving}

        answers = at_once(
            [partial(getattr(cast, who).response, "POST", "/registrations", json=bodies[who]) for who in arriving]
        )

        assert [answer.status_code for answer in answers] == [201, 201]
        made = {who: answer.json["id"] for who, answer in zip(arriving, answers, strict=True)}
        stands = {who: cast.dana.call("GET", f"/registrations/{made[who]}", expect=200)["status"] for who in made}
        winner = max(SELLERS, key=days.__getitem__)
        assert stands == {who: "submitted" if who == winner else "rejected" for who in SELLERS}
    record_property("deals that both sides registered at once", RACES)
