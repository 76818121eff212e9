"""What the days of a week are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.calendars.models import Weekday
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    Weekday: {
        Weekday.MONDAY: _("Monday"),
        Weekday.TUESDAY: _("Tuesday"),
        Weekday.WEDNESDAY: _("Wednesday"),
        Weekday.THURSDAY: _("Thursday"),
        Weekday.FRIDAY: _("Friday"),
        Weekday.SATURDAY: _("Saturday"),
        Weekday.SUNDAY: _("Sunday"),
    }
}
