"""The tier of each kind of detail: as agreed, else the usual one."""

from partnercrm.partnerships.tiers import USUAL, Detail, Tier, agreed, strictest


def test_the_strictest_of_some_tiers_lets_the_fewest_know() -> None:
    assert strictest([Tier.PARTNER_INTERNAL, Tier.PUBLIC]) is Tier.PARTNER_INTERNAL
    assert strictest(Tier) is Tier.NEED_TO_KNOW


def test_every_kind_of_detail_has_a_tier() -> None:
    assert agreed({}) == USUAL
    assert set(USUAL) == set(Detail)


def test_what_is_agreed_goes_before_what_is_usual() -> None:
    assert agreed({"company": "public"}) == {**USUAL, Detail.COMPANY: Tier.PUBLIC}
