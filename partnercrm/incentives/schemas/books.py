"""Shapes of an organization's books: to a person what is theirs, to who pays what is due, and the months."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from marshmallow import fields

from partnercrm.incentives.models.ledgers import PayOutStatus
from partnercrm.incentives.plans import CoSell, Rule
from partnercrm.incentives.posting import Kind, Reason
from partnercrm.incentives.queries.books import StatementItem
from partnercrm.incentives.sharing import Portion
from partnercrm.kernel import money
from partnercrm.kernel.actor import Actor
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Day, Flag, Id, Moment, MoneyShape, Shape, Text, Whole, Written

_REFERENCE = {"description": "Under which key another system computed it."}
_OPENED = {"description": "The month, by its first day."}


def _currency(**options: Any) -> Written:
    wrong = "This is not a current ISO 4217 currency code."
    return Written(f"({'|'.join(money.CURRENCIES)})", wrong, least=3, most=3, example="EUR", **options)


class SignedMoney(Shape):
    """An amount of money that may be negative."""

    amount = Written(rf"-?{money.AMOUNT}", "Write a plain decimal amount.", most=20, example="-120.00", required=True)
    currency = _currency(required=True)


class BalanceView(Shape):
    """What you have in a currency: what was earned is what was clawed back, is held, is due and was paid."""

    currency = _currency(required=True)
    earned = fields.Nested(SignedMoney, required=True)
    clawed_back = fields.Nested(SignedMoney, required=True)
    held = fields.Nested(SignedMoney, required=True)
    due = fields.Nested(SignedMoney, required=True)
    paid = fields.Nested(SignedMoney, required=True)


class BalancesView(Shape):
    """What you have, by currency."""

    balances = fields.List(fields.Nested(BalanceView), required=True)


class StatementLineView(Shape):
    """What one rule made of one event of a deal's money."""

    deal_id = Id(required=True, allow_none=True)
    revenue_id = Id(required=True, allow_none=True)
    rule = Choice(Rule, required=True, allow_none=True)
    place = Whole(least=0, most=100, example=0, required=True, allow_none=True)
    plan_id = Id(required=True, allow_none=True)
    plan_version = Whole(least=1, most=10**6, example=1, required=True, allow_none=True)
    co_sell = Choice(CoSell, required=True, allow_none=True)
    reference = Text(most=100, example="Q3-0815", required=True, allow_none=True, metadata=_REFERENCE)
    offer_id = Id(required=True, allow_none=True, metadata={"description": "Of the lead whose bonus it is."})
    amount = fields.Nested(SignedMoney, required=True)


class StatementItemView(Shape):
    """What was posted at once about you; `late_for` is the closed month in which it happened."""

    id = Id(required=True)
    kind = Choice(Kind, required=True)
    period_on = Day(required=True, metadata=_OPENED)
    happened_on = Day(required=True)
    late_for = Day(required=True, allow_none=True)
    reason = Choice(Reason, required=True, allow_none=True)
    total = fields.Nested(SignedMoney, required=True)
    lines = fields.List(fields.Nested(StatementLineView), required=True)
    recorded_at = Moment(required=True)


class StatementQuery(ListQuery):
    """Which month, in which order."""

    period_on = Day(metadata=_OPENED)
    sort = sort_field("-recorded_at", "recorded_at")


class StatementTable:
    """A statement as the rows of a file: ids and figures alone, nothing that anybody wrote."""

    name = "my-earnings"
    kinds: Mapping[str, str] = MappingProxyType({"csv": "text/csv"})
    columns = (
        *(
            "posted",
            "kind",
            "month",
            "late_for",
            "deal",
            "event",
            "rule",
            "plan",
            "plan_version",
            "reference",
            "amount",
            "currency",
        ),
    )

    def head(self, form: str) -> str:
        """Return the names of the columns."""
        return written([self.columns])

    def rows(self, actor: Actor, items: Sequence[StatementItem], form: str) -> str:
        """Return each line of each thing that was posted."""
        return written(
            (
                *(item.recorded_at.isoformat(), item.kind.value, item.period_on, item.late_for),
                *(line.deal_id, line.revenue_id, line.rule and line.rule.value, line.plan_id, line.plan_version),
                line.reference,
                *(line.amount.amount, line.amount.currency),
            )
            for item in items
            for line in item.lines
        )


def written(rows: Iterable[Iterable[object]]) -> str:
    """Return rows as lines of CSV; what is not there is empty."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


class LedgerPeriodView(Shape):
    """A month of the books, and when it was closed."""

    starts_on = Day(required=True)
    closed_at = Moment(required=True, allow_none=True)


class LedgerPeriodQuery(ListQuery):
    """In which order."""

    sort = sort_field("-starts_on", "starts_on")


class ClosePeriod(Shape):
    """Which month."""

    starts_on = Day(required=True)


class ProposePayOut(Shape):
    """In which currency everything that is due is paid."""

    currency = _currency(required=True)


class PayOutLineView(Shape):
    """What one person is paid."""

    user_id = Id(required=True)
    amount = fields.Nested(MoneyShape, required=True)


class PayOutView(Shape):
    """A pay-out with all it pays; once approved it never changes."""

    id = Id(required=True)
    currency = _currency(required=True)
    status = Choice(PayOutStatus, required=True)
    total = fields.Nested(MoneyShape, required=True)
    lines = fields.List(fields.Nested(PayOutLineView), required=True, attribute="paid")
    proposed_by = Id(required=True)
    proposed_at = Moment(required=True)
    decided_by = Id(required=True, allow_none=True)
    decided_at = Moment(required=True, allow_none=True)


class PayOutQuery(ListQuery):
    """In which order."""

    sort = sort_field("-proposed_at", "proposed_at")


class CorrectEarnings(Shape):
    """What is added to what is due to a colleague, or taken from it, and why."""

    user_id = Id(required=True)
    amount = fields.Nested(MoneyShape, required=True)
    adds = Flag(example=True, load_default=True, metadata={"description": "False: it is taken."})
    reason = Choice(Reason, required=True)


class CorrectionView(Shape):
    """The journal that was posted."""

    id = Id(required=True)


class FeeView(Shape):
    """What fees of one kind come to in a currency."""

    portion = Choice(Portion, required=True)
    received = fields.Nested(MoneyShape, required=True)
    paid = fields.Nested(MoneyShape, required=True)


class UnmirroredView(Shape):
    """Where the two sides' books differ, and by how much."""

    deal_id = Id(required=True)
    revenue_id = Id(required=True)
    portion = Choice(Portion, required=True)
    difference = fields.Nested(SignedMoney, required=True)


class CostView(Shape):
    """What your sellers earned of the partnership's deals, beside what these credited to them; in millionths of it."""

    earned = fields.Nested(SignedMoney, required=True)
    credited = fields.Nested(SignedMoney, required=True)
    share = Whole(least=-(10**15), most=10**15, example=50_000, required=True, allow_none=True)


class FeesView(Shape):
    """What is between the two of you; `unmirrored` is empty, and the same for both; `costs` are for who pays alone."""

    partnership_id = Id(required=True)
    fees = fields.List(fields.Nested(FeeView), required=True)
    unmirrored = fields.List(fields.Nested(UnmirroredView), required=True)
    costs = fields.List(fields.Nested(CostView), required=True)
