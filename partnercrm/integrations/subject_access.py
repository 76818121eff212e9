"""What imports keep of a person, for handing it out to them: as who sent a file, and as somebody in it."""

from typing import Final

from partnercrm.accounts.contacts import TRAVELLING
from partnercrm.identity.subject_access import MINE, Section, mentions, of_user

_TEXTS: Final = ("company_name", "need", "notes", "contact_source_note", "faults")
_MAPPED: Final = f"({of_user()} OR {mentions('mapping')})"
SECTIONS: Final = (
    Section(
        "imports",
        "lead_imports",
        ("created_at", "id", "connector", "file_name", "header", "mapping", "problem"),
        MINE,
        f"({of_user()} OR {mentions('file_name', 'header', 'mapping', 'problem')})",
    ),
    Section(
        "imported_rows",
        "lead_import_rows",
        ("import_id", "line", "company_name", "need", "contact_role", *TRAVELLING, "notes", "faults"),
        MINE,
        f"(lower(r.contact_email) = :email OR {mentions(*_TEXTS)})",
    ),
    Section(
        "imported_account_rows",
        "account_import_rows",
        ("import_id", "line", "name", "street", "postal_code", "city", "faults"),
        MINE,
        mentions("name", "street", "faults"),
    ),
    Section(
        "account_import_changes",
        "account_import_changes",
        ("import_id", "account_id", "former"),
        MINE,
        mentions("former"),
    ),
    Section("import_changes", "lead_import_changes", ("import_id", "lead_id", "former"), MINE, mentions("former")),
    Section("import_mappings", "import_mappings", ("saved_at", "connector", "mapping"), MINE, _MAPPED),
)
