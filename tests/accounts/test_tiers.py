"""What two sides tell each other follows from both consents alike, and never goes beyond either."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.accounts.tiers import AccountField, Consent, MappingTier, discloses, is_within, settled

TIERS = list(MappingTier)
CONSENTS = st.builds(Consent, st.sampled_from(MappingTier), st.frozensets(st.sampled_from(AccountField)))
NAMED = frozenset({AccountField.NAME, AccountField.CITY})


def test_each_tier_tells_one_thing_more() -> None:
    assert [sum(discloses(tier)) for tier in TIERS] == [0, 1, 2, 3, 4]
    assert discloses(MappingTier.COUNTS) == (True, False, False, False)
    assert discloses(MappingTier.ONLY_YOURS) == (True, True, True, True)


@given(CONSENTS, CONSENTS)
def test_it_is_the_same_from_either_side_and_beyond_neither(one: Consent, other: Consent) -> None:
    both = settled(one, other)
    assert both == settled(other, one)
    for mine in (one, other):
        assert all(told <= given_ for told, given_ in zip(discloses(both.tier), discloses(mine.tier), strict=True))
        assert both.fields <= mine.fields
        assert is_within(both, mine)


@given(CONSENTS)
def test_fields_stand_at_tiers_that_tell_them_alone(one: Consent) -> None:
    both = settled(one, one)
    assert settled(both, both) == both
    assert bool(both.fields) == discloses(both.tier).fields


@pytest.mark.parametrize("tier", TIERS[3:])
def test_without_a_field_in_common_the_overlap_alone_is_told(tier: MappingTier) -> None:
    name, city = (Consent(tier, frozenset({one})) for one in sorted(NAMED))
    assert settled(name, city) == Consent(MappingTier.OVERLAPS)


def test_a_consent_beyond_what_was_proposed_is_known() -> None:
    proposed = Consent(MappingTier.OVERLAPS_WITH_FIELDS, NAMED)
    assert is_within(Consent(MappingTier.COUNTS), proposed)
    assert is_within(Consent(MappingTier.OVERLAPS_WITH_FIELDS, frozenset({AccountField.NAME})), proposed)
    assert not is_within(Consent(MappingTier.ONLY_YOURS, NAMED), proposed)
    assert not is_within(Consent(MappingTier.OVERLAPS_WITH_FIELDS, NAMED | {AccountField.OWNER}), proposed)
