"""What cases tell people."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.queries import Event
from partnercrm.cases import queries
from partnercrm.kernel.actor import Actor
from partnercrm.notices.kinds import Kind, Tells, Told
from partnercrm.partnerships import queries as partnerships


def those_who_settle(actor: Actor, event: Event) -> Told:
    """Tell the side's partner managers, and who owns the case on this side."""
    about = queries.case(actor, event.subject_id)
    people = queries.those_who_settle(actor, about)
    return Told(people, {"partner": partnerships.partner_name(actor, about.partnership_id)})


def _told(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    """Return a kind that follows its verb, told to the other side unless it says otherwise."""
    return _by_hand(verb, title, sentence, audience=those_who_settle, **more)


def _by_hand(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    return Kind(verb, title, sentence, "cases_pages.case", "case_id", **more)


KINDS: Final = (
    _told("case.opened", _("A case was opened"), _("%(partner)s opened a case for both sides to settle."), urgent=True),
    _told(
        "case.begun",
        _("Look for the cause together"),
        _("More than chance moved the exchange with %(partner)s out of the agreed tolerance. A fact sheet is filled."),
        tells=Tells.BOTH,
        urgent=True,
    ),
    _told("case.stated", _("Something was said to a case"), _("%(partner)s said something to a case.")),
    _told("case.shown", _("Something was shown in a case"), _("%(partner)s showed something in a case.")),
    _told(
        "case.outcome_proposed",
        _("An outcome was proposed"),
        _("%(partner)s proposes what a case comes to; agree, or propose something else."),
        urgent=True,
    ),
    _by_hand(
        "case.due",
        _("A case is due"),
        _("A case with %(partner)s is due and not decided. Agree on an outcome, or name a moderator."),
        urgent=True,
    ),
    _told(
        "case.moderator_named",
        _("A moderator was named"),
        _("%(partner)s named a moderator for a case."),
        urgent=True,
    ),
    _told(
        "case.moderator_confirmed",
        _("Your moderator was agreed to"),
        _("%(partner)s agrees to the moderator you named; they are asked now."),
    ),
    _told(
        "case.moderator_dropped", _("A moderator was taken back"), _("%(partner)s took the naming of a moderator back.")
    ),
    _by_hand(
        "case.moderator_answered",
        _("The moderator answered"),
        _("Whom you and %(partner)s asked to moderate a case has answered."),
        urgent=True,
    ),
    _by_hand(
        "case.moderator_followed",
        _("A case has another moderator"),
        _("A colleague of the moderator follows them in a case between you and %(partner)s."),
        urgent=True,
    ),
    _told("case.submitted", _("A case was submitted"), _("%(partner)s submitted a case to its moderator.")),
    _by_hand(
        "case.asked",
        _("The moderator asks something"),
        _("The moderator of a case between you and %(partner)s asks both sides something."),
        urgent=True,
    ),
    _told(
        "case.decided",
        _("A case was decided"),
        _("A case between you and %(partner)s is decided."),
        tells=Tells.BOTH,
        urgent=True,
    ),
    _told("case.withdrawn", _("A case was withdrawn"), _("%(partner)s withdrew a case.")),
    _told("case.closed", _("A case was closed"), _("A case between you and %(partner)s is closed."), tells=Tells.BOTH),
    _told("case.handed_over", _("A case has another owner"), _("%(partner)s named another owner of a case.")),
    Kind(
        "moderation.invited",
        _("You are asked to moderate"),
        _("Two companies ask you to moderate a case between them."),
        "cases_pages.moderations",
        urgent=True,
    ),
    Kind(
        "moderation.submitted",
        _("A case lies with you"),
        _("A case you moderate was submitted to you; you read its file until it is closed."),
        "cases_pages.file",
        "case_id",
        urgent=True,
    ),
)
