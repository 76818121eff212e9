"""The demo's accounts: many, the same at each start, a third of them on both sides and seldom written alike."""

from partnercrm.accounts.domains import registrable
from partnercrm.accounts.numbers import Scheme, normalised
from partnercrm.demo import markets


def test_both_sides_keep_enough_and_share_a_third_of_it() -> None:
    acme, globex = markets.lists().values()

    assert (len(acme), len(globex)) == (markets.EACH, markets.EACH)
    domains = [{domain for one in side for domain in one["web_domains"]} for side in (acme, globex)]
    assert 60 < len(domains[0] & domains[1]) <= markets.SHARED
    assert markets.lists() == {"acme": acme, "globex": globex}


def test_shared_companies_are_seldom_written_alike_and_some_have_no_domain() -> None:
    acme, globex = markets.lists().values()
    shared = list(zip(acme[: markets.SHARED], globex[: markets.SHARED], strict=True))

    assert sum(one["name"] == other["name"] for one, other in shared) < markets.SHARED / 3
    assert sum(not one["web_domains"] and not one["mail_domains"] for one, _ in shared) > 10


def test_every_domain_and_number_is_one() -> None:
    for one in (one for side in markets.lists().values() for one in side):
        assert [registrable(domain) for domain in one["web_domains"]] == one["web_domains"]
        for scheme, country, number in one.get("numbers", ()):
            assert normalised(Scheme(scheme), country, number).number == number
