"""The pages of enablement, and the ways to them in the rail."""

from flask_babel import lazy_gettext as _

from partnercrm.enablement.pages import keeping, learning, measuring, pitching
from partnercrm.enablement.pages.blueprint import pages

__all__ = ["keeping", "learning", "measuring", "pages", "pitching"]

pages.way(
    *("partnerships", "my_enablement", _("What to know")),
    *("item", "start_item", "acknowledge_item", "answer_quiz", "enter_result"),
    *("programme", "people", "new_item", "make_item", "edit_item", "change_item", "set_gates", "grant_exception"),
    *("coverage", "open_pulse", "give_pulse"),
)
pages.way("partnerships", "pitches", _("What to say"), "pitch", "check_pitch", "new_pitch", "propose_pitch")
