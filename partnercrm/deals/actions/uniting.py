"""Two companies that were registered turn out to be one: the claim that the evidence names holds from then on."""

from uuid import UUID

from partnercrm.accounts.models.joint import JointAccount
from partnercrm.deals.actions.registering import displace
from partnercrm.deals.queries import claims
from partnercrm.kernel.actor import Actor


def settle_merged(actor: Actor, _verb: str, company: JointAccount, _activity_id: UUID) -> None:
    """Let one side's claim hold where both had registered what is now one company; one side may keep two of its own."""
    for line_id in claims.lines_of(company.id):
        claims.lock_place(company.partnership_id, company.id, line_id)
        standing = claims.holders(actor, company.partnership_id, company.id, line_id)
        for one in standing[1:]:
            if one.organization_id != standing[0].organization_id:
                displace(actor, one, standing[0].claim)
