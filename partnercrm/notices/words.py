"""What channels are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.notices.kinds import Channel
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    Channel: {
        Channel.PAGE: _("Notices page"),
        Channel.MAIL: _("Mail at once"),
        Channel.DIGEST: _("Daily digest"),
    }
}
LANGUAGES: Final = {"en": "English"}
