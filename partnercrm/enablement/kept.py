"""The kinds of data enablement keeps for a time: what became of who left, and exceptions that are over."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.identity.actions.sweeping import Sweep
from partnercrm.identity.retention import Kind

KINDS: Final = (
    Kind(
        "enablement_results",
        _("What leavers had learned"),
        _("Results of people whose account is closed. Not counted."),
        days=1095,
        least=30,
        most=3650,
        remover=Sweep.deleting(
            "enablement_results",
            "EXISTS (SELECT FROM users u WHERE u.organization_id = r.organization_id AND u.id = r.user_id"
            " AND u.closed_at < :before)",
        ),
        counted=False,
    ),
    Kind(
        "enablement_exceptions",
        _("Exceptions to gates"),
        _("Whom a manager let pass for a time, and why, once it is over. Not counted."),
        days=730,
        least=30,
        most=3650,
        remover=Sweep.deleting("enablement_exceptions", "coalesce(r.ended_at, r.ends_at) < :before"),
        counted=False,
    ),
)
