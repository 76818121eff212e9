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
    owner = queries.present_owner(about, actor.organization_id)
    members = partnerships.own_members(actor, about.partnership_id)
    managers = {member.user_id for member in partnerships.own_managers(actor, about.partnership_id)}
    owners = {member.user_id for member in members if owner is not None and member.id == owner.member_id}
    people = partnerships.and_deputies(actor, managers | owners)
    return Told(people, {"partner": partnerships.partner_name(actor, about.partnership_id)})


def _kind(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    return Kind(verb, title, sentence, "cases_pages.case", "case_id", audience=those_who_settle, **more)


KINDS: Final = (
    _kind("case.opened", _("A case was opened"), _("%(partner)s opened a case for both sides to settle."), urgent=True),
    _kind(
        "case.decided",
        _("A case was decided"),
        _("A case between you and %(partner)s is decided."),
        tells=Tells.BOTH,
        urgent=True,
    ),
    _kind("case.handed_over", _("A case has another owner"), _("%(partner)s named another owner of a case.")),
)
