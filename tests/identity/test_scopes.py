"""What each role may do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnercrm.identity.scopes import ALL_SCOPES, SCOPES, Role, scopes_of
from partnercrm.identity.words import SCOPES as SCOPE_WORDS

WHO_MAY = {
    "accounts:read": {"seller", "partner_manager", "executive", "integration"},
    "accounts:write": {"seller", "partner_manager", "integration"},
    "identity:read": set(Role),
    "tokens:write": set(Role),
    "calendars:write": set(Role),
    "cases:read": {"seller", "partner_manager", "executive", "integration"},
    "cases:write": {"seller", "partner_manager", "executive"},
    "deals:read": {"seller", "partner_manager", "executive", "integration"},
    "deals:write": {"seller", "partner_manager", "integration"},
    "deals:review": {"partner_manager"},
    "incentives:agree": {"partner_manager"},
    "incentives:read": {"seller", "partner_manager", "executive", "integration"},
    "incentives:write": {"partner_manager"},
    "incentives:record": {"partner_manager", "integration"},
    "incentives:pay": {"partner_manager", "executive"},
    "enablement:read": {"seller", "partner_manager", "executive", "integration"},
    "enablement:write": {"seller", "partner_manager", "executive"},
    "enablement:all": {"partner_manager", "integration"},
    "leads:read": {"seller", "partner_manager", "executive", "integration"},
    "notices:read": set(Role),
    "notices:write": set(Role),
    "leads:write": {"seller", "partner_manager", "integration"},
    "leads:all": {"partner_manager", "executive", "integration"},
    "reports:read": {"seller", "partner_manager", "executive", "integration"},
    "partnerships:read": set(Role),
    "partnerships:write": {"partner_manager", "admin"},
    "identity:write": {"admin"},
    "activity:read": {"admin"},
}


def test_each_scope_is_held_by_exactly_these_roles() -> None:
    assert set(WHO_MAY) == ALL_SCOPES
    for scope, roles in WHO_MAY.items():
        assert {role for role in Role if scope in SCOPES[role]} == roles, scope


def test_each_scope_has_words_for_who_makes_a_token() -> None:
    assert set(SCOPE_WORDS) == ALL_SCOPES


@given(st.lists(st.sampled_from(Role)))
def test_several_roles_may_what_each_may_and_nothing_more(roles: list[Role]) -> None:
    expected = {scope for scope, holders in WHO_MAY.items() if holders & set(roles)}
    assert scopes_of(role.value for role in roles) == expected


def test_an_unknown_role_is_a_fault_and_never_everything() -> None:
    with pytest.raises(ValueError, match="owner"):
        scopes_of(["seller", "owner"])
