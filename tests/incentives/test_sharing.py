"""Sharing a deal between two organizations: exact, mirrored, and only the differences when another split is agreed."""

import os
from collections import Counter
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnercrm.deals.registering import Involvement
from partnercrm.deals.stages import OPEN_STAGES, Stage
from partnercrm.incentives.sharing import (
    Fee,
    Mirror,
    Portion,
    Posting,
    Sharing,
    applied,
    came_in,
    differences,
    faults,
    portions,
    template_for,
    unmirrored,
)
from partnercrm.partnerships.agreements import EntryStage, PartnerRole, Payer, SplitTemplate

PROVE = os.environ.get("PARTNERCRM_PROVE") == "1"
ACME, GLOBEX = sorted((UUID(int=7), UUID(int=9)))
MILLION = 1_000_000


def shared(acme: int, acme_overlay: int = 0, globex_overlay: int = 0, *fees: Fee) -> Sharing:
    return Sharing({ACME: acme, GLOBEX: MILLION - acme}, {ACME: acme_overlay, GLOBEX: globex_overlay}, fees)


RATES = st.integers(0, MILLION)
FEES = st.builds(
    Fee,
    st.sampled_from([Portion.REFERRAL_FEE, Portion.REVENUE_SHARE]),
    st.sampled_from([ACME, GLOBEX]),
    st.integers(1, MILLION),
)
SHARINGS = (
    st.none()
    | st.builds(shared, RATES, RATES, RATES)
    | st.builds(lambda share, fee: shared(share, 0, 0, fee), RATES, FEES)
)
AMOUNTS = st.integers(-(10**15), 10**15)


def test_what_a_deal_comes_to_is_exact_and_a_fee_is_paid_by_one_and_received_by_the_other() -> None:
    sharing = shared(600_000, 0, 50_000, Fee(Portion.REFERRAL_FEE, GLOBEX, 100_000))

    assert portions(sharing, 100_01) == [
        Posting(ACME, Portion.REVENUE_SPLIT, 60_01),
        Posting(GLOBEX, Portion.REVENUE_SPLIT, 40_00),
        Posting(GLOBEX, Portion.OVERLAY_SPLIT, 5_00),
        Posting(ACME, Portion.REFERRAL_FEE, 10_00),
        Posting(GLOBEX, Portion.REFERRAL_FEE, -10_00),
    ]


def test_only_what_another_agreement_changes_is_posted() -> None:
    old, new = shared(600_000, 0, 50_000), shared(500_000, 0, 50_000, Fee(Portion.REVENUE_SHARE, ACME, 10_000))

    assert differences(old, new, 1_000_00) == [
        Posting(ACME, Portion.REVENUE_SPLIT, -100_00),
        Posting(GLOBEX, Portion.REVENUE_SPLIT, 100_00),
        Posting(ACME, Portion.REVENUE_SHARE, -10_00),
        Posting(GLOBEX, Portion.REVENUE_SHARE, 10_00),
    ]
    assert differences(old, old, 1_000_00) == []


@settings(max_examples=20_000 if PROVE else 100)
@given(agreed=st.lists(SHARINGS, min_size=1, max_size=5), minor=AMOUNTS)
def test_differences_add_up_to_what_was_agreed_last_and_leave_nobody_a_cent(
    agreed: list[Sharing | None], minor: int
) -> None:
    held: Counter[tuple[UUID, Portion]] = Counter()
    for old, new in zip([None, *agreed], [*agreed, None], strict=True):
        moved = differences(old, new, minor)
        for posting in moved:
            held[posting.organization_id, posting.portion] += posting.minor
        fees = [one.minor for one in moved if one.portion in {Portion.REFERRAL_FEE, Portion.REVENUE_SHARE}]
        assert sum(fees) == 0
        if new is not None:
            assert held == Counter({(one.organization_id, one.portion): one.minor for one in portions(new, minor)})
            assert sum(part for (_, kind), part in held.items() if kind is Portion.REVENUE_SPLIT) == minor
            mirrored = [one._replace(minor=-one.minor) for one in portions(new, -minor)]
            assert mirrored == portions(new, minor)
    assert not +held
    assert not -held


def test_mirrors_agree_or_say_where_they_do_not() -> None:
    event, other = sorted((uuid4(), uuid4()))
    paid = Mirror(event, Portion.REFERRAL_FEE, "EUR", -10_00)
    received = paid._replace(minor=10_00)

    assert unmirrored([paid], [received]) == []
    assert unmirrored([paid, paid._replace(event_id=other)], [received]) == [paid._replace(event_id=other)]
    assert unmirrored([paid], [received._replace(minor=10_01)]) == [paid._replace(minor=1)]
    assert unmirrored([paid], [received._replace(currency="USD")]) == [
        paid,
        received._replace(currency="USD"),
    ]


def test_everything_wrong_with_a_split_is_said_at_once() -> None:
    fee = Fee(Portion.REFERRAL_FEE, UUID(int=1), 1)
    short = Sharing({ACME: 600_000, GLOBEX: 399_999}, {ACME: 60_000, GLOBEX: 40_001}, (fee,))

    assert [(one.field, one.message) for one in faults(short, (ACME, GLOBEX), 10)] == [
        ("shares", "The revenue splits come to 99.9999 %, not to 100 %."),
        ("shares", "The overlays come to 10.0001 %, more than the agreed 10 %."),
        ("referral_fee.payer_id", "This is neither of the two partners."),
    ]
    alone = Sharing({ACME: MILLION}, {ACME: 0})
    assert [one.message for one in faults(alone, (ACME, GLOBEX), 0)] == ["Name each of the two partners once."]
    assert faults(shared(0, 60_000, 40_000), (ACME, GLOBEX), 10) == []


def template(origin: UUID | None, stage: EntryStage, **given: Any) -> SplitTemplate:
    usual = {
        "id": uuid4(),
        "name": "T",
        "role": PartnerRole.CO_SELL,
        "source_split": 700_000,
        "source_overlay": 0,
        "partner_overlay": 20_000,
        "referral_fee": None,
        "referral_payer": None,
        "revenue_share": 30_000,
        "revenue_payer": Payer.PARTNER,
    }
    return SplitTemplate(origin_id=origin, from_stage=stage, **(usual | given))


def test_a_deal_has_the_template_of_its_origin_then_of_the_latest_stage() -> None:
    anybody = template(None, EntryStage.COMMITTED)
    early, late = template(ACME, EntryStage.PROSPECT), template(ACME, EntryStage.TECHNICAL_VALIDATION)
    known, role = [anybody, late, early], PartnerRole.CO_SELL

    assert template_for(known, ACME, role, EntryStage.QUALIFIED) is early
    assert template_for(known, ACME, role, EntryStage.COMMITTED) is late
    assert template_for(known, GLOBEX, role, EntryStage.COMMITTED) is anybody
    assert template_for(known, GLOBEX, role, EntryStage.QUALIFIED) is None
    assert template_for(known, ACME, PartnerRole.RESALE, EntryStage.COMMITTED) is None


@pytest.mark.parametrize(("origin", "partner"), [(ACME, GLOBEX), (GLOBEX, ACME)])
def test_a_template_speaks_of_who_created_the_deal(origin: UUID, partner: UUID) -> None:
    sharing = applied(template(None, EntryStage.PROSPECT), origin, partner)

    assert sharing == Sharing(
        {origin: 700_000, partner: 300_000},
        {origin: 0, partner: 20_000},
        (Fee(Portion.REVENUE_SHARE, partner, 30_000),),
    )


def test_the_partner_came_in_where_both_began_to_sell_together() -> None:
    def state(version: int, stage: Stage, involvement: Involvement) -> Any:
        return SimpleNamespace(version=version, facts=SimpleNamespace(stage=stage, involvement=involvement))

    known = [
        state(3, Stage.COMMITTED, Involvement.CO_SELL),
        state(1, Stage.PROSPECT, Involvement.VISIBILITY_ONLY),
        state(2, Stage.QUALIFIED, Involvement.CO_SELL),
    ]

    assert came_in(known) is EntryStage.QUALIFIED
    assert came_in(known[1:2]) is None
    assert [one.value for one in EntryStage] == [one.value for one in OPEN_STAGES]
