"""What imports tell who started them."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.notices.kinds import Kind


def _kind(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    return Kind(verb, title, sentence, "integrations_pages.file_import", "import_id", **more)


KINDS: Final = (
    _kind("import.done", _("Your import is done"), _("What the file you sent holds is entered.")),
    _kind("import.checked", _("Your file is checked"), _("Nothing of it is entered yet: look at what was found.")),
    _kind("import.failed", _("Your import stopped"), _("Nothing of the file you sent was entered."), urgent=True),
    _kind("import.not_undone", _("Your import was not undone"), _("Everything stands as it was."), urgent=True),
)
