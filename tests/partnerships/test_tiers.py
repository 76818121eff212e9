"""The tier of each kind of detail: as agreed, else the usual one."""

from partnercrm.partnerships.tiers import USUAL, Detail, Tier, agreed


def test_every_kind_of_detail_has_a_tier() -> None:
    assert agreed({}) == USUAL
    assert set(USUAL) == set(Detail)


def test_what_is_agreed_goes_before_what_is_usual() -> None:
    assert agreed({"company": "public"}) == {**USUAL, Detail.COMPANY: Tier.PUBLIC}
