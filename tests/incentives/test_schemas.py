"""A plan on the wire: read exactly, or refused with every wrong field."""

from datetime import date
from typing import Any

import pytest
from marshmallow import ValidationError

from partnercrm.incentives.plans import Accelerator, CoSell, Plan, RateTable, Tier, TierMode
from partnercrm.incentives.schemas.plans import CompensationRules


def sent(**changes: Any) -> dict[str, Any]:
    tiers = [{"from": "0", "to": "1000.00", "rate": 50_000}, {"from": "1000", "rate": 80_000}]
    table = {"starts_on": "2026-01-01", "mode": "marginal", "tiers": tiers}
    return {"currency": "EUR", "starts_on": "2026-01-01", "tables": [table]} | changes


def test_a_plan_is_read_with_its_amounts_in_minor_units() -> None:
    more = {
        "quota": "5000.50",
        "accelerators": [{"from_share": 1_000_000, "factor": 1_500_000}],
        "factors": [{"co_sell": "late", "factor": 500_000}],
    }
    tiers = (Tier(0, 100_000, 50_000), Tier(100_000, None, 80_000))
    table = RateTable(None, date(2026, 1, 1), None, TierMode.MARGINAL, tiers)

    assert CompensationRules().load(sent(**more)) == Plan(
        "EUR",
        date(2026, 1, 1),
        None,
        (table,),
        quota_minor=500_050,
        accelerators=(Accelerator(1_000_000, 1_500_000),),
        factors=((CoSell.LATE, 500_000),),
    )


def test_every_wrong_field_is_named_at_once() -> None:
    def refused(**changes: Any) -> Any:
        with pytest.raises(ValidationError) as error:
            CompensationRules().load(sent(**changes))
        return error.value.normalized_messages()

    assert list(refused(currency="EU", holding_days=-1, surprise=1)) == ["currency", "holding_days", "surprise"]
    table = sent()["tables"][0] | {"tiers": [{"from": "1.234", "to": "2.345", "rate": 1}]}
    digits = ["EUR has 2 decimals, not 3."]
    assert refused(tables=[table], floor="0.001") == {
        "floor": {"_schema": digits},
        "tables": {0: {"tiers": {0: {"from": {"_schema": digits}, "to": {"_schema": digits}}}}},
    }
    table["tiers"] = [{"from": "1", "to": "2", "rate": 1}]
    assert refused(tables=[table], floor="5", deal_cap="4")["tables"][0]["tiers"][0] == {
        "from": {"_schema": ["Nothing is paid below 1.00."]},
        "to": {"_schema": ["Nothing is paid from 2.00 on."]},
    }
