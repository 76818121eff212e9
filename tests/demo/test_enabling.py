"""The demo's enablement tells of a certificate that ran out, an item that is missing, and what both say."""

from dataclasses import dataclass, field
from uuid import UUID

from partnercrm.demo import enabling
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from tests.cast import Cast, Player, person
from tests.factories.enablement import own


@dataclass
class Company:
    """The cast, called as the demo calls its people."""

    partnership: UUID
    people: dict[str, Player]
    offers: dict[str, UUID] = field(default_factory=dict)

    def called(self, email: str) -> Actor:
        return self.people[email].actor


def test_sams_certificate_ran_out_and_theo_never_got_one(cast: Cast) -> None:
    theo = person(cast.app, cast.sam.actor.organization_id, "Theo", "theo@acme.example", "seller")
    players = {one.email: one for one in (cast.dana, cast.hank, cast.sam, theo)}

    enabling.teach(Company(cast.partnership_id, players), clock.now())

    sam, theos = own(cast.sam, cast.partnership_id), own(theo, cast.partnership_id)
    assert (sam["status"], theos["status"]) == ("expired", "in_progress")
    assert [one["title"] for one in theos["items"] if one["is_missing"]] == ["Certified for joint installations"]
    [said] = cast.gina.call("GET", "/value-propositions", expect=200)["items"]
    assert (said["version"], said["status"]) == (1, "agreed")
    months = cast.gina.call("GET", f"/partnerships/{cast.partnership_id}/coverage", expect=200)["months"]
    assert len(months) >= 7
