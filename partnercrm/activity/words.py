"""What is called how that can be wrong with a chain."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.chains import Fault
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    Fault: {
        Fault.BROKEN: _("does not follow from the link before: a row was moved, put in or taken out"),
        Fault.EDITED: _("says something else than when it was sealed"),
        Fault.DELETED: _("is gone"),
        Fault.INSERTED: _("was put in behind what is sealed"),
        Fault.CUT: _("is missing from the end of the chain"),
        Fault.ERASED_UNTOLD: _("erased rows, but what is left of them is not what it told"),
        Fault.REWRITTEN: _("is not what was kept outside"),
    }
}
