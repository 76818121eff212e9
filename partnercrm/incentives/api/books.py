"""An organization's books over the API: everybody reads their own; who pays proposes, and somebody else approves."""

from typing import Any, Final
from uuid import UUID

from partnercrm.incentives.actions import importing
from partnercrm.incentives.actions import paying as actions
from partnercrm.incentives.errors import (
    NothingDue,
    OwnPayOut,
    PayOutChanged,
    PayOutDecided,
    PayOutOpenAlready,
    PeriodNotNext,
)
from partnercrm.incentives.models.ledgers import LedgerPeriod, PayOut
from partnercrm.incentives.queries import books as queries
from partnercrm.incentives.queries import fees
from partnercrm.incentives.queries.fees import Fees
from partnercrm.incentives.schemas.books import (
    BalancesView,
    ClosePeriod,
    CorrectEarnings,
    CorrectionView,
    FeesView,
    LedgerPeriodQuery,
    LedgerPeriodView,
    PayOutQuery,
    PayOutView,
    ProposePayOut,
    StatementItemView,
    StatementQuery,
)
from partnercrm.incentives.schemas.importing import ImportEarnings, ImportedEarningsView
from partnercrm.kernel.actor import Actor
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("books", prefix="/api/v1", description="What sellers have earned, month by month, and how it is paid out.")
_PAY: Final = queries.PAY
_ONE: Final = "/pay-outs/<uuid:pay_out_id>"


@api.get("/earnings", scope="incentives:read", answers=BalancesView)
def read_earnings(actor: Actor) -> dict[str, Any]:
    """Read what you have earned, what of it is held, due and paid, and what was clawed back."""
    return {"balances": queries.balances(actor)}


@api.get("/earnings/statement", scope="incentives:read", answers=StatementItemView, query=StatementQuery, pages=True)
def list_statement(actor: Actor, query: dict[str, Any]) -> Page:
    """List what the books say of you: every cent with its deal, event, rule and plan."""
    return queries.statement(actor, query)


@api.post("/earnings/import", scope=_PAY, body=ImportEarnings, answers=ImportedEarningsView)
def import_earnings(actor: Actor, given: dict[str, Any]) -> importing.Imported:
    """Bring in what another system computed, by its keys: all rows or none, a changed one by the difference."""
    return importing.import_earnings(actor, given)


@api.post("/corrections", scope=_PAY, body=CorrectEarnings, answers=CorrectionView, status=201)
def correct_earnings(actor: Actor, given: dict[str, Any]) -> dict[str, UUID]:
    """Correct by hand what is due to a colleague; nobody corrects their own."""
    return {"id": actions.correct(actor, given)}


@api.get("/ledger-periods", scope=_PAY, answers=LedgerPeriodView, query=LedgerPeriodQuery, pages=True)
def list_ledger_periods(actor: Actor, query: dict[str, Any]) -> Page:
    """List the months of your organization's books."""
    return queries.periods(actor, query)


@api.post("/ledger-periods/close", scope=_PAY, body=ClosePeriod, answers=LedgerPeriodView, refuses=(PeriodNotNext,))
def close_ledger_period(actor: Actor, given: dict[str, Any]) -> LedgerPeriod:
    """Close the first open month, once it is over; what comes late goes into the next, and says so."""
    return actions.close_period(actor, given)


@api.get("/pay-outs", scope=_PAY, answers=PayOutView, query=PayOutQuery, pages=True)
def list_pay_outs(actor: Actor, query: dict[str, Any]) -> Page:
    """List your organization's pay-outs."""
    return queries.pay_outs(actor, query)


@api.post(
    "/pay-outs",
    scope=_PAY,
    body=ProposePayOut,
    answers=PayOutView,
    status=201,
    refuses=(NothingDue, PayOutOpenAlready),
    rechecks=queries.pay_out,
)
def propose_pay_out(actor: Actor, given: dict[str, Any]) -> PayOut:
    """Propose to pay everybody what is due in a currency."""
    return actions.propose_pay_out(actor, given)


@api.get(_ONE, scope=_PAY, answers=PayOutView)
def read_pay_out(actor: Actor, pay_out_id: UUID) -> PayOut:
    """Read one pay-out."""
    return queries.pay_out(actor, pay_out_id)


@api.post(
    f"{_ONE}/approve",
    scope=_PAY,
    answers=PayOutView,
    refuses=(PayOutDecided, OwnPayOut, PayOutChanged),
    rechecks=queries.pay_out,
)
def approve_pay_out(actor: Actor, pay_out_id: UUID) -> PayOut:
    """Approve what somebody else proposed; it is posted, and locked."""
    return actions.approve_pay_out(actor, pay_out_id)


@api.post(f"{_ONE}/withdraw", scope=_PAY, answers=PayOutView, refuses=(PayOutDecided,), rechecks=queries.pay_out)
def withdraw_pay_out(actor: Actor, pay_out_id: UUID) -> PayOut:
    """Take a pay-out back that waits; what is due stays due."""
    return actions.withdraw_pay_out(actor, pay_out_id)


@api.get("/partnerships/<uuid:partnership_id>/fees", scope="deals:read", answers=FeesView)
def read_fees(actor: Actor, partnership_id: UUID) -> Fees:
    """Read what your two organizations owe each other in fees by your books, and that the other's say the same."""
    return fees.fees(actor, partnership_id)
