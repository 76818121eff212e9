"""The pages of imports and exports, and the way to them in the rail."""

from flask_babel import lazy_gettext as _

from partnercrm.integrations.pages import beginning, exporting, importing, results
from partnercrm.integrations.pages.blueprint import pages

__all__ = ["beginning", "exporting", "importing", "pages", "results"]

pages.way("leads", "import_form", _("Import"), "send_file", "file_import", "choose_reading", "start_import")
