"""Paying out what is due, closing months and correcting by hand: under the books' lock, a pay-out by two people."""

from collections.abc import Mapping
from datetime import UTC, date
from typing import Any
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.identity import queries as identity
from partnercrm.incentives.actions.posting import Draft, Line, post
from partnercrm.incentives.errors import (
    NothingDue,
    OwnPayOut,
    PayOutChanged,
    PayOutDecided,
    PayOutOpenAlready,
    PeriodNotNext,
)
from partnercrm.incentives.models.ledgers import LedgerPeriod, PayOut, PayOutLine, PayOutStatus
from partnercrm.incentives.posting import Account, Kind, following
from partnercrm.incentives.queries import accruing
from partnercrm.incentives.queries import books as queries
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotAllowed, NotFound
from partnercrm.kernel.ids import new_id
from partnercrm.kernel.money import Money


def propose_pay_out(actor: Actor, given: Mapping[str, Any]) -> PayOut:
    """Propose to pay everybody what is due to them in a currency. Raises NothingDue, PayOutOpenAlready."""
    if actor.user_id is None:
        raise NotAllowed
    accruing.lock(actor)
    due = {who: -minor for who, minor in accruing.balances(actor, Account.DUE, given["currency"]).items() if minor < 0}
    if not due:
        raise NothingDue
    made = PayOut(
        organization_id=actor.organization_id,
        id=new_id(),
        currency=given["currency"],
        status=PayOutStatus.PROPOSED,
        proposed_by=actor.user_id,
        proposed_at=clock.now(),
    )
    with db.unique("uq_pay_outs_open", PayOutOpenAlready):
        db.session().add(made)
    db.session().add_all(
        PayOutLine(organization_id=actor.organization_id, pay_out_id=made.id, user_id=who, minor=minor)
        for who, minor in sorted(due.items())
    )
    db.session().flush()
    record(actor, "pay_out.proposed", made)
    return queries.pay_out(actor, made.id)


def approve_pay_out(actor: Actor, pay_out_id: UUID) -> PayOut:
    """Approve what somebody else proposed: it is posted and locked.

    Raises PayOutDecided, OwnPayOut, and PayOutChanged where less is due to somebody by now.
    """
    accruing.lock(actor)
    found = _open(actor, pay_out_id)
    if actor.user_id is None or actor.user_id == found.proposed_by:
        raise OwnPayOut
    due = accruing.balances(actor, Account.DUE, found.currency)
    if any(line.minor > -due.get(line.user_id, 0) for line in found.lines):
        raise PayOutChanged
    lines = [
        Line(account, sign * line.minor, found.currency, {"user_id": line.user_id})
        for line in found.lines
        for account, sign in ((Account.DUE, 1), (Account.PAID, -1))
    ]
    [journal_id] = post(actor, [Draft(Kind.PAY_OUT, _today(), lines)])
    return _decided(actor, found, PayOutStatus.APPROVED, journal_id)


def withdraw_pay_out(actor: Actor, pay_out_id: UUID) -> PayOut:
    """Take a proposal back, one's own or a colleague's; what is due stays due. Raises PayOutDecided."""
    return _decided(actor, _open(actor, pay_out_id), PayOutStatus.WITHDRAWN, None)


def close_period(actor: Actor, given: Mapping[str, Any]) -> LedgerPeriod:
    """Close a month that is over: nothing is posted to it any more. Raises PeriodNotNext."""
    if actor.user_id is None:
        raise NotAllowed
    accruing.lock(actor)
    found = queries.period(actor, given["starts_on"])
    first = queries.first_open(actor)
    if found is None or first is None or found.starts_on != first.starts_on or following(found.starts_on) > _today():
        raise PeriodNotNext
    found.closed_at, found.closed_by = clock.now(), actor.user_id
    db.session().flush()
    return found


def correct(actor: Actor, given: Mapping[str, Any]) -> UUID:
    """Add to what is due to a colleague, or take from it, for a reason; return the journal. Raises Invalid, NotAllowed.

    Nobody corrects their own; whatever it comes to is paid only when somebody else approves the pay-out.
    """
    amount: Money = given["amount"]
    who: UUID = given["user_id"]
    if actor.user_id is None or who == actor.user_id:
        raise NotAllowed
    wrong = []
    try:
        identity.user(actor, who)
    except NotFound:
        wrong.append(FieldError("user_id", "There is nobody like this in your organization."))
    if not amount.minor:
        wrong.append(FieldError("amount.amount", "A correction of nothing corrects nothing."))
    if wrong:
        raise Invalid(wrong)
    accruing.lock(actor)
    minor = amount.minor if given["adds"] else -amount.minor
    of = {"user_id": who}
    lines = [
        Line(Account.COMMISSION, minor, amount.currency, of),
        Line(Account.DUE, -minor, amount.currency, of),
    ]
    [made] = post(actor, [Draft(Kind.CORRECTION, _today(), lines, given["reason"])])
    return made


def _open(actor: Actor, pay_out_id: UUID) -> PayOut:
    found = queries.pay_out(actor, pay_out_id, lock=True)
    if found.status is not PayOutStatus.PROPOSED:
        raise PayOutDecided
    return found


def _decided(actor: Actor, found: PayOut, status: PayOutStatus, journal_id: UUID | None) -> PayOut:
    if actor.user_id is None:
        raise NotAllowed
    found.status, found.journal_id = status, journal_id
    found.decided_by, found.decided_at = actor.user_id, clock.now()
    db.session().flush()
    record(actor, f"pay_out.{status.value}", found)
    return queries.pay_out(actor, found.id)


def _today() -> date:
    return db.now().astimezone(UTC).date()
