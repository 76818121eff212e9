"""Both sides register one deal at the same moment: one holds, always the one the evidence names."""

import os
from collections.abc import Callable
from functools import partial
from random import Random

from tests.cast import Cast
from tests.crowd import at_once
from tests.factories.deals import ago, deal, step
from tests.factories.leads import offer_at

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
RACES = 1000 if PROVE else 4
SELLERS = ("sam", "gina")


def test_of_registrations_made_from_one_lead_at_once_one_is_made(cast: Cast) -> None:
    """Of different companies: nothing but the lead makes them wait for one another."""
    for race in range(RACES // 4):
        lead = offer_at(cast, "qualified")["id"]
        bodies = [deal(cast.partnership_id, f"Contoso{race}x{one}", offer_id=lead) for one in range(4)]

        answers = at_once([partial(cast.gina.response, "POST", "/registrations", json=body) for body in bodies])

        assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
        refused = [answer.json["errors"] for answer in answers if answer.status_code == 422]
        assert {one["field"] for errors in refused for one in errors} == {"offer_id"}
        made = cast.gina.call("GET", "/registrations?limit=200", expect=200)["items"]
        assert [one["offer_id"] for one in made].count(lead) == 1


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
