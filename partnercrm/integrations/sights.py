"""What imports know of a person, and the query that grants it."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.sights import Sight, own
from partnercrm.integrations.queries import imports

SIGHTS: Final = (
    Sight(
        "imports",
        _("The files of leads you sent, and what became of their rows"),
        ("list_imports", "read_import"),
        imports.imports_seen_by,
        own,
        apart=_("Whose file it was is not told."),
    ),
)
