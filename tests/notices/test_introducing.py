"""Who works on a joint account is introduced to the other side, and no notice names the customer."""

from tests.cast import Cast
from tests.factories import joint
from tests.factories.notices import Errands, told
from tests.surfer import Surfer


def test_both_teams_are_introduced_by_a_notice_that_names_no_customer(cast: Cast, errands: Errands) -> None:
    one = joint.opened(cast.sam, cast.gina, cast.partnership_id, name="Fabrikam")
    members = cast.sam.call("GET", f"/partnerships/{cast.partnership_id}", expect=200)["members"]
    errands.run()
    assert told(cast.sam).count("joint_account.agreed") == 1
    assert told(cast.hank).count("joint_account.proposed") == 1
    team = {"member_ids": [found["id"] for found in members if found["name"] in {"Sam", "Dana"}]}
    cast.sam.call("POST", f"/joint-accounts/{one['id']}/team", json=team, expect=200)
    errands.run()

    assert told(cast.gina).count("joint_account.team_named") == 1
    assert "joint_account.team_named" not in told(cast.sam) + told(cast.ines)
    page = Surfer.signed_in(cast.app, cast.gina.email).open("/notices").text
    assert "Fabrikam" not in page
    plan = cast.gina.call("GET", f"/joint-accounts/{one['id']}/plan", expect=200)
    assert [person["name"] for person in plan["people"] if person["name"] != "Gina"] == ["Dana", "Sam"]
