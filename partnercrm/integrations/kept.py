"""The kinds of data imports keep for a time."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.identity.actions.sweeping import Sweep
from partnercrm.identity.retention import Kind

FILES: Final = "import_files"
_PARTS: Final = (
    *("lead_import_pieces", "lead_import_rows", "lead_import_changes"),
    *("account_import_rows", "account_import_changes"),
)
_PAST: Final = (
    "FROM lead_imports r WHERE r.organization_id = :organization_id AND coalesce(r.ended_at, r.created_at) < :before"
    " AND r.state NOT IN ('checking', 'applying', 'undoing')"
)
_SAME: Final = "p.organization_id = r.organization_id AND p.import_id = r.id"
_HELD: Final = " OR ".join(f"EXISTS (SELECT FROM {part} p WHERE {_SAME})" for part in _PARTS)
_GONE: Final = "".join(
    f", gone_{number} AS (DELETE FROM {part} p USING past"  # noqa: S608 - of the code's own words
    " WHERE p.organization_id = :organization_id AND p.import_id = past.id)"
    for number, part in enumerate(_PARTS)
)
KINDS: Final = (
    Kind(
        FILES,
        _("Files of imports"),
        _("The file, its rows as checked, and what it changed. As long as these are here an import can be undone."),
        days=30,
        least=1,
        most=30,
        remover=Sweep(
            f"{_PAST} AND ({_HELD})",
            f"{_GONE} UPDATE lead_imports r SET version = r.version + 1,"  # noqa: S608
            " state = CASE WHEN r.state IN ('ready', 'checked') THEN 'cancelled' ELSE r.state END"
            " FROM past WHERE r.organization_id = :organization_id AND r.id = past.id",
        ),
    ),
    Kind(
        "imports",
        _("Imports"),
        _("That a file was imported: its name, who, when, how many rows."),
        days=730,
        least=30,
        most=3650,
        remover=Sweep(
            f"{_PAST} AND NOT ({_HELD})",
            "DELETE FROM lead_imports r USING past WHERE r.organization_id = :organization_id AND r.id = past.id",
        ),
    ),
)
