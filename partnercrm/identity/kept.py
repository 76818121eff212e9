"""The kinds of data identity keeps for a time."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.identity.actions.sweeping import Sweep
from partnercrm.identity.retention import Kind

_ENDED: Final = "least(coalesce(r.accepted_at, 'infinity'), coalesce(r.withdrawn_at, 'infinity'), r.expires_at)"
KINDS: Final = (
    Kind(
        "invitations",
        _("Invitations"),
        _("Names and addresses of people who were invited, once the invitation is accepted, withdrawn or over."),
        days=365,
        least=7,
        most=1095,
        remover=Sweep.deleting("invitations", f"{_ENDED} < :before"),
    ),
    Kind(
        "tokens",
        _("API tokens"),
        _("Names and dates of tokens, once they are revoked or expired. Not counted."),
        days=365,
        least=30,
        most=1095,
        remover=Sweep.deleting("api_tokens", "least(coalesce(r.revoked_at, 'infinity'), r.expires_at) < :before"),
        counted=False,
    ),
)
