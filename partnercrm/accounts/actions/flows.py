"""Reporting once a month what flowed between both sides: kinds and counts, no content, one report for both."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from partnercrm.accounts.flowing import month_before, told
from partnercrm.accounts.models.flows import FlowReport
from partnercrm.accounts.queries import flows as queries
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.partnerships import queries as partnerships


def report_month(actor: Actor, partnership_id: UUID) -> None:
    """Report the month before this one, unless it is reported already; a partnership that ended is not reported."""
    if not partnerships.is_held(actor, partnership_id):
        return
    now = db.now()
    began, ended = month_before(now)
    month = f"{began:%Y-%m}"
    if queries.is_reported(partnership_id, month):
        return
    first, second = sorted(partnerships.partnership(actor, partnership_id, loading=()).sides())
    for one in queries.flowed(partnership_id, began, ended):
        disclosed, fields = told(one.disclosed, one.fields)
        row = insert(FlowReport).values(
            id=new_id(),
            partnership_id=partnership_id,
            first_organization_id=first,
            second_organization_id=second,
            month=month,
            discloser_id=one.discloser_id,
            kind=one.kind,
            tier=one.tier,
            disclosed=disclosed,
            fields=fields,
            made_at=now,
        )
        db.session().execute(row.on_conflict_do_nothing(constraint="uq_flow_reports_once"))
