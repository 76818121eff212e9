"""In the demo something was old enough to go last night, and something goes next night."""

from partnercrm.demo.leaving import invite_in_vain
from partnercrm.demo.privacy import forget_past
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from tests.cast import Cast
from tests.surfer import Surfer


def test_the_page_of_retention_shows_what_went_last_night_and_goes_next(cast: Cast) -> None:
    now = clock.now()
    invite_in_vain(cast.ada.actor, now)

    forget_past([Actor.system(cast.ada.actor.organization_id)], now)

    kinds = {kind["kind"]: kind for kind in cast.ada.call("GET", "/retention", expect=200)["kinds"]}
    assert (kinds["invitations"]["removed"], kinds["invitations"]["due"]) == (2, 1)
    [noted] = cast.ada.call("GET", "/activities?verb=retention.applied", expect=200)["items"]
    assert noted["facts"]["removed"]["invitations"] == 2
    page = Surfer.signed_in(cast.app, cast.ada.email).open("/organization/retention").text
    assert "The last run was" in page
    assert cast.ines.call("GET", "/retention", expect=200)["ran_at"] is None
