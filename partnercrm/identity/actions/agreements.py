"""Changing what a company agreed with its people."""

from collections.abc import Mapping
from typing import Any

from partnercrm.activity.actions import record
from partnercrm.identity import queries
from partnercrm.identity.errors import AgreementChanged
from partnercrm.identity.models import WorksAgreement
from partnercrm.identity.queries import Agreed
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor


def change_agreement(actor: Actor, given: Mapping[str, Any]) -> Agreed:
    """Enter the next version of the works agreement, with its reason; the earlier ones stay readable.

    Raises AgreementChanged.
    """
    before = queries.agreement(actor)
    changed = WorksAgreement(
        organization_id=actor.organization_id,
        version=before.version + 1,
        person_figures=given["person_figures"],
        reason=given["reason"],
        decided_by=actor.user_id,
        decided_at=clock.now(),
    )
    with db.unique("pk_works_agreements", AgreementChanged):
        db.session().add(changed)
    record(actor, "agreement.changed", queries.organization(actor), version=changed.version)
    return queries.agreement(actor)
