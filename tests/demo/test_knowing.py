"""The demo's sellers know people and why they may, say what a month took, and learn of one loss alone."""

from partnercrm.demo import knowing
from partnercrm.demo.people import PEOPLE
from partnercrm.kernel import clock
from tests.cast import Cast, person
from tests.demo.test_enabling import Company
from tests.factories import mapping


def test_owners_keep_contacts_by_name_where_they_may_and_else_by_role(cast: Cast) -> None:
    owner = str(cast.sam.actor.user_id)
    listed = [
        {"external_id": f"A{number}", "owner": cast.sam.email, "web_domains": [f"company-{number}.com"]}
        for number in range(3)
    ]
    ids = [
        mapping.account(cast.sam, key, connector="crm", external_id=key, owner_id=owner)["id"]
        for key in (one["external_id"] for one in listed)
    ]

    knowing.know(Company(cast.partnership_id, {cast.sam.email: cast.sam}), {"acme": listed}, clock.now())

    known = [cast.sam.call("GET", f"/accounts/{one}/contacts", expect=200)["items"][0] for one in ids]
    assert [one["contact_basis"] for one in known] == ["consent", "legitimate_interest", None]
    assert [bool(one["contact_name"]) for one in known] == [True, True, False]


def test_a_month_of_enough_people_is_told_beside_what_it_took_before(cast: Cast) -> None:
    acme = cast.sam.actor.organization_id
    emails = [one.email for one in PEOPLE if one.company == "acme" and one.joins_as]
    people = {cast.sam.email: cast.sam, cast.dana.email: cast.dana, cast.hank.email: cast.hank}
    for email in emails:
        if email not in people:
            people[email] = person(cast.app, acme, email, email, "seller")
            cast.dana.call(
                "POST",
                f"/partnerships/{cast.partnership_id}/members",
                json={"user_id": str(people[email].actor.user_id), "role": "seller"},
                expect=201,
            )

    knowing.spend(Company(cast.partnership_id, people), clock.now())

    read = cast.sam.call("GET", f"/partnerships/{cast.partnership_id}/time", expect=200)
    told = [month["minutes"] for month in read["months"][:3]]
    assert (told[0] is None, told[1] is None, told[2]) == (False, False, None)
    assert (len(read["mine"]), read["baseline"]["month_minutes"]) == (3, 320)
