"""What kinds, states and outcomes of cases are called on pages: causes and progress, never guilt."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.cases.lifecycle import CaseKind, CaseStatus, DecidedBy, Outcome
from partnercrm.cases.models import EntryKind, ModerationStatus, NamingStatus
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    CaseKind: {
        CaseKind.LEAD_DISQUALIFIED: _("Disqualified lead"),
        CaseKind.LEAD_PURSUED: _("Lead not taken, then pursued"),
        CaseKind.CAUSE_ANALYSIS: _("Cause analysis"),
        CaseKind.CLAIM: _("Claim"),
        CaseKind.APPEAL: _("Appeal"),
        CaseKind.DISPUTE: _("Difference of views"),
    },
    CaseStatus: {
        CaseStatus.OPEN: _("Open"),
        CaseStatus.IN_DISCUSSION: _("In discussion"),
        CaseStatus.DECIDED: _("Decided"),
        CaseStatus.CLOSED: _("Closed"),
        CaseStatus.WITHDRAWN: _("Withdrawn"),
    },
    Outcome: {
        Outcome.CORRECTED: _("The record is corrected"),
        Outcome.STANDS: _("The record stands"),
        Outcome.ARRANGED: _("Both sides arrange something else"),
    },
    DecidedBy: {
        DecidedBy.BOTH: _("Agreed by both sides"),
        DecidedBy.MODERATOR: _("Decided by the moderator"),
    },
    EntryKind: {
        EntryKind.CLAIM: _("opened the case"),
        EntryKind.STATEMENT: _("said"),
        EntryKind.QUESTION: _("asked"),
        EntryKind.EVIDENCE: _("showed"),
        EntryKind.PROPOSAL: _("proposed an outcome"),
        EntryKind.DECISION: _("made it final"),
        EntryKind.SUBMISSION: _("submitted the case to the moderator"),
        EntryKind.WITHDRAWAL: _("withdrew the case"),
        EntryKind.CLOSING: _("closed the case"),
        EntryKind.FINDING: _("shows"),
    },
    NamingStatus: {
        NamingStatus.NAMED: _("Waits for the other side"),
        NamingStatus.INVITED: _("Asked"),
        NamingStatus.ACCEPTED: _("Accepted"),
        NamingStatus.DECLINED: _("Declined"),
        NamingStatus.DROPPED: _("Taken back"),
    },
    ModerationStatus: {
        ModerationStatus.OPEN: _("Waits for you"),
        ModerationStatus.ACCEPTED: _("Accepted"),
    },
}
