"""What imports know of a person, and the query that grants it."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight, own
from partnercrm.integrations.contents.kind import ImportKind
from partnercrm.integrations.queries import imports
from partnercrm.kernel.actor import Actor


def _sent(viewer: Actor, person: Actor) -> dict[str, Any]:
    return own(viewer, person) | {"kind": ImportKind.LEADS}


SIGHTS: Final = (
    Sight(
        "imports",
        _("The files of leads or accounts you sent, and what became of their rows"),
        ("list_imports", "read_import"),
        imports.imports_seen_by,
        _sent,
        apart=_("Whose file it was is not told."),
    ),
)
