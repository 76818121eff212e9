"""Housekeeping of what the doors remember: answers under keys, spent allowances, ended sign-ins."""

from sqlalchemy import text

from partnercrm.kernel import db
from partnercrm.kernel.jobs import job
from partnercrm.settings import settings


@job("web.forget", every="*/10 * * * *")
def forget() -> None:
    """Delete idempotency keys, counters and sign-ins that are past their time, of every organization."""
    with db.transaction(None) as session:
        session.execute(text("SELECT sweep_expired(:days)"), {"days": settings().idempotency_days})
        session.execute(text("DELETE FROM rate_counters WHERE expires_at < clock_timestamp()"))
