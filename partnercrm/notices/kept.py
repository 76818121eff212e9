"""The kinds of data notices keep for a time; counts of them would tell how much a colleague was sent."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.identity.actions.sweeping import Sweep
from partnercrm.identity.retention import Kind

KINDS: Final = (
    Kind(
        "notices",
        _("Notices"),
        _("What each of your people was told, read or not. Not counted."),
        days=365,
        least=7,
        most=1095,
        remover=Sweep.deleting("notices", "r.created_at < :before"),
        counted=False,
    ),
    Kind(
        "mail_links",
        _("Links in mails"),
        _("That a mail had a link to answer with, once it is used or over. Not counted."),
        days=30,
        least=1,
        most=365,
        remover=Sweep.deleting("mail_actions", "coalesce(r.used_at, r.expires_at) < :before"),
        counted=False,
    ),
)
