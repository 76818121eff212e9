"""Undoing leaves what somebody relies on by now as it stands."""

import pytest

from tests.cast import Cast
from tests.factories import imports


@pytest.mark.parametrize(("offered_since", "name"), [(True, "Contoso AG"), (False, "Contoso")])
def test_undoing_does_not_put_back_a_lead_that_was_offered_since(cast: Cast, offered_since: bool, name: str) -> None:
    """What the partner has been shown, and what the lead says, would be of two companies."""
    imports.run(cast.sam, imports.sent(cast.sam))
    lead = imports.kept(cast.sam)["1"]
    given = {"lead_id": lead["id"], "partnership_id": str(cast.partnership_id)}
    if not offered_since:
        offer = cast.sam.call("POST", "/offers", json=given, expect=201)
        cast.sam.call("POST", f"/offers/{offer['id']}/withdraw", expect=200)
    done = imports.run(cast.sam, imports.sent(cast.sam, "1,Contoso AG,Kite\n"))
    assert done["updated"] == 1
    if offered_since:
        cast.sam.call("POST", "/offers", json=given, expect=201)

    cast.sam.call("POST", f"/imports/{done['id']}/undo", expect=200)
    imports.undo(cast.sam, done["id"])

    assert imports.kept(cast.sam)["1"]["company_name"] == name
