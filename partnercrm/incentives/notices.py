"""What is told about sharing deals and what they came to: to who agrees, never what a side divides within."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.queries import Event
from partnercrm.incentives.queries import agreements, revenues
from partnercrm.kernel.actor import Actor
from partnercrm.notices.kinds import Kind, Tells, Told
from partnercrm.partnerships import queries as partnerships


def those_who_agree(actor: Actor, event: Event) -> Told:
    """Tell the partner managers of one side, and who stands in for them."""
    partnership_id = agreements.proposal(actor, event.subject_id).partnership_id
    people = {member.user_id for member in partnerships.own_managers(actor, partnership_id)}
    told = {"partner": partnerships.partner_name(actor, partnership_id)}
    return Told(partnerships.and_deputies(actor, people), told)


def those_who_record(actor: Actor, event: Event) -> Told:
    """Tell the partner managers of one side what the other put on record of a deal's money."""
    partnership_id = revenues.revenue(actor, event.subject_id).partnership_id
    people = {member.user_id for member in partnerships.own_managers(actor, partnership_id)}
    told = {"partner": partnerships.partner_name(actor, partnership_id)}
    return Told(partnerships.and_deputies(actor, people), told)


def _on_record(verb: str, title: Any, sentence: Any) -> Kind:
    page = "incentives_pages.revenue"
    return Kind(f"revenue.{verb}", title, sentence, page, "revenue_id", audience=those_who_record)


def _kind(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    return Kind(
        f"split.{verb}",
        title,
        sentence,
        "incentives_pages.split_proposal",
        "proposal_id",
        audience=those_who_agree,
        **more,
    )


def _question(verb: str, title: Any, sentence: Any) -> Kind:
    page = "incentives_pages.earning_question"
    return Kind(f"earning_question.{verb}", title, sentence, page, "question_id", urgent=True)


KINDS: Final = (
    _kind(
        "proposed",
        _("How a deal is shared was proposed"),
        _("%(partner)s proposes how you share a deal; it waits for your side."),
        urgent=True,
    ),
    _kind(
        "agreed",
        _("How a deal is shared was agreed"),
        _("You and %(partner)s agreed how you share a deal."),
        tells=Tells.BOTH,
    ),
    _kind(
        "declined",
        _("A split was declined"),
        _("%(partner)s declined how you would share a deal."),
        urgent=True,
    ),
    _kind(
        "withdrawn",
        _("A split was taken back"),
        _("%(partner)s took back how it would share a deal."),
    ),
    _on_record(
        "invoiced",
        _("An invoice was put on record"),
        _("%(partner)s put on record what a deal was invoiced."),
    ),
    _on_record(
        "paid",
        _("A payment was put on record"),
        _("%(partner)s put on record that a customer paid."),
    ),
    _on_record(
        "refunded",
        _("A refund was put on record"),
        _("%(partner)s put on record a refund; what your people earned of it is clawed back."),
    ),
    _question(
        "asked",
        _("A question about a statement"),
        _("A colleague asks about a posting of their statement; an answer is due within five working days."),
    ),
    _question(
        "answered",
        _("Your question about your statement was answered"),
        _("A colleague answered what you asked about a posting."),
    ),
    _question(
        "overdue",
        _("A question about a statement is overdue"),
        _("Nobody has answered it within five working days."),
    ),
)
