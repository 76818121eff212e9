"""Reading what leads told partners of a company: the standing receipts of the offers the reader gave of it."""

from collections.abc import Iterator

from sqlalchemy import func, or_

from partnercrm.accounts.models import Account
from partnercrm.accounts.receipts import Receipt, Through
from partnercrm.disclosures.models import Disclosure
from partnercrm.disclosures.queries import disclosures_seen_by
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.models import Lead, Offer, OfferedLead
from partnercrm.leads.queries import own

_MOST = 200


def of_account(actor: Actor, account: Account) -> Iterator[Receipt]:
    """Yield the fields that partners know of an account's company by leads that the actor sees among its own.

    A lead is the company's by a domain of the account, or by its name where the lead says no domain.
    """
    if not actor.has("leads:read"):
        return
    domains = {one.domain for one in account.domains}
    is_called = Lead.company_domain.is_(None) & (func.lower(Lead.company_name) == func.lower(account.name))
    offered = (
        own.leads_seen_by(actor)
        .join(OfferedLead, OfferedLead.lead_id == Lead.id)
        .where(or_(Lead.company_domain.in_(domains), is_called))
        .with_only_columns(OfferedLead.offer_id)
    )
    rows = disclosures_seen_by(actor).where(
        Disclosure.subject == Offer.__tablename__,
        Disclosure.subject_id.in_(offered),
        Disclosure.discloser_id == actor.organization_id,
        Disclosure.revoked_at.is_(None),
    )
    for one in db.session().scalars(rows.limit(_MOST)):
        for field in one.fields:
            if one.disclosed_at is not None and field not in one.emptied:
                yield Receipt(one.partnership_id, field, one.tier, one.disclosed_at, Through.OFFER, one.subject_id)
