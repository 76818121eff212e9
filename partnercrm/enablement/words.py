"""What kinds of items, where people stand and gates are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.enablement.items import GateMode, ItemKind, Outcome, Taught
from partnercrm.enablement.propositions import PropositionStatus
from partnercrm.enablement.standing import ItemState, Status
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    ItemKind: {
        ItemKind.ACKNOWLEDGE: _("To read and acknowledge"),
        ItemKind.COURSE: _("Short course with a quiz"),
        ItemKind.CERTIFICATE: _("Certificate"),
        ItemKind.LIVE_SESSION: _("Live session"),
    },
    Taught: {
        Taught.SELLER: _("Sellers"),
        Taught.PARTNER_MANAGER: _("Partner managers"),
        Taught.EXECUTIVE: _("Executives"),
    },
    Outcome: {
        Outcome.OPENED: _("Begun"),
        Outcome.FAILED: _("Not passed"),
        Outcome.PASSED: _("Passed"),
        Outcome.REVOKED: _("Taken back"),
    },
    Status: {
        Status.UNAWARE: _("Never told"),
        Status.AWARE: _("Knows of it"),
        Status.IN_PROGRESS: _("On the way"),
        Status.ENABLED: _("Enabled"),
        Status.EXPIRED: _("Ran out"),
    },
    ItemState: {
        ItemState.MISSING: _("To do"),
        ItemState.STARTED: _("Begun"),
        ItemState.DONE: _("Known"),
        ItemState.RENEWABLE: _("Known, to be renewed"),
        ItemState.EXPIRED: _("Ran out"),
        ItemState.REOPENED: _("Changed since"),
    },
    PropositionStatus: {
        PropositionStatus.PROPOSED: _("Proposed"),
        PropositionStatus.AGREED: _("Agreed"),
        PropositionStatus.DECLINED: _("Declined"),
        PropositionStatus.WITHDRAWN: _("Taken back"),
    },
    GateMode: {
        GateMode.OFF: _("Everybody passes"),
        GateMode.WARN: _("Passes, and reads what is missing"),
        GateMode.BLOCK: _("Does not pass"),
    },
}
