"""Shapes of an organization's books: to a person what is theirs, to who pays what is due, and the months."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.incentives.models.ledgers import PayOut, PayOutLine, PayOutStatus
from partnercrm.incentives.plans import CoSell, Rule
from partnercrm.incentives.posting import Kind, Reason
from partnercrm.incentives.sharing import Portion
from partnercrm.kernel import money
from partnercrm.kernel.money import Money
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Day, Flag, Id, Moment, MoneyShape, Shape, Whole, Written

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
    lines = fields.List(fields.Nested(PayOutLineView), required=True)
    proposed_by = Id(required=True)
    proposed_at = Moment(required=True)
    decided_by = Id(required=True, allow_none=True)
    decided_at = Moment(required=True, allow_none=True)

    @pre_dump
    def tell(self, found: PayOut, **_: Any) -> dict[str, Any]:
        """Tell its amounts in its currency."""
        names = ("id", "currency", "status", "proposed_by", "proposed_at", "decided_by", "decided_at")
        total = sum(line.minor for line in found.lines)
        lines = [{"user_id": line.user_id, "amount": self._money(found, line)} for line in found.lines]
        return {name: getattr(found, name) for name in names} | {
            "total": Money(total, found.currency),
            "lines": lines,
        }

    @staticmethod
    def _money(found: PayOut, line: PayOutLine) -> Money:
        return Money(line.minor, found.currency)


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
