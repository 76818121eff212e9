"""What partnerships tell people."""

from dataclasses import replace
from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.queries import Event
from partnercrm.calendars import queries as calendars
from partnercrm.identity import queries as identity
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel.actor import Actor
from partnercrm.notices.kinds import Kind, Tells, Told
from partnercrm.partnerships import queries


def those_who_manage(actor: Actor, event: Event) -> Told:
    """Tell the colleagues who may answer for partnerships."""
    people = queries.those_who_manage(actor)
    return Told(people, {"partner": queries.partner_name(actor, event.partnership_id or event.subject_id)})


def those_who_manage_it(actor: Actor, event: Event) -> Told:
    """Tell the colleagues who manage the partnership."""
    partnership_id = event.partnership_id or event.subject_id
    people = [member.user_id for member in queries.own_managers(actor, partnership_id)]
    return Told(people, {"partner": queries.partner_name(actor, partnership_id)})


def who_hears_of_erasures(actor: Actor, event: Event) -> Told:
    """Tell the administrators of the company that erased, and of its partners those who answer for partnerships."""
    if event.partnership_id:
        is_ours = event.acting_organization_id == actor.organization_id
        return Told(() if is_ours else queries.those_who_manage(actor))
    return Told(one.id for one in identity.colleagues(actor) if "identity:write" in scopes_of(one.roles))


def who_stands_in(actor: Actor, event: Event) -> Told:
    """Tell the person who was named as a deputy."""
    overseeing = replace(actor, scopes=frozenset({"identity:write"}))
    return Told([calendars.deputy(overseeing, event.subject_id).deputy_id])


def _of_phase(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    return Kind(verb, title, sentence, "partnerships_pages.phase_move", "move_id", audience=those_who_manage, **more)


def _of_criterion(verb: str, title: Any, sentence: Any) -> Kind:
    # A mark that was taken back is gone: the page shows the criteria of the whole partnership.
    return Kind(verb, title, sentence, "partnerships_pages.progress", "partnership_id", audience=those_who_manage)


def _of_partnership(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    return Kind(
        verb, title, sentence, "partnerships_pages.partnership", "partnership_id", audience=those_who_manage, **more
    )


KINDS: Final = (
    Kind(
        "terms.proposed",
        _("A change of terms was proposed"),
        _("%(partner)s proposes other terms of your partnership."),
        "partnerships_pages.term_change",
        "change_id",
        audience=those_who_manage,
        urgent=True,
    ),
    Kind(
        "terms.agreed",
        _("Terms were agreed"),
        _("You and %(partner)s agreed on other terms."),
        "partnerships_pages.term_change",
        "change_id",
        audience=those_who_manage,
        tells=Tells.BOTH,
    ),
    Kind(
        "terms.declined",
        _("A change of terms was declined"),
        _("%(partner)s declined the terms you proposed."),
        "partnerships_pages.term_change",
        "change_id",
        audience=those_who_manage,
        urgent=True,
    ),
    _of_phase(
        "phase.proposed",
        _("The next phase was proposed"),
        _("%(partner)s proposes to go on to the next phase."),
        urgent=True,
    ),
    _of_phase(
        "phase.reached",
        _("The next phase has begun"),
        _("You and %(partner)s are in the next phase of your partnership."),
        tells=Tells.BOTH,
    ),
    _of_phase("phase.declined", _("The next phase was declined"), _("%(partner)s stays in this phase."), urgent=True),
    _of_phase("phase.withdrawn", _("A move was taken back"), _("%(partner)s took back what it proposed.")),
    _of_criterion(
        "criterion.marked",
        _("An exit criterion waits for your side"),
        _("%(partner)s says that an exit criterion of your partnership is met. It counts once your side says so too."),
    ),
    _of_criterion(
        "criterion.confirmed",
        _("An exit criterion is met"),
        _("%(partner)s confirmed that an exit criterion of your partnership is met."),
    ),
    _of_criterion(
        "criterion.unmarked",
        _("An exit criterion is open again"),
        _("%(partner)s took back that an exit criterion of your partnership is met."),
    ),
    _of_partnership(
        "partnership.paused",
        _("A partnership rests"),
        _("%(partner)s paused the partnership: what is open goes on, nothing new is offered."),
        urgent=True,
    ),
    _of_partnership("partnership.resumed", _("A partnership goes on"), _("%(partner)s resumed the partnership.")),
    Kind(
        "member.stepped_down",
        _("A colleague manages a partnership no more"),
        _("A colleague lost the right to manage your partnership with %(partner)s and stays in it as a seller."),
        "partnerships_pages.partnership",
        "partnership_id",
        audience=those_who_manage_it,
        tells=Tells.OWN,
    ),
    Kind(
        "person.erased",
        _("A person was erased"),
        _("A person was erased from what your company keeps or shares. The record says so, and not who."),
        "partnerships_pages.partnerships",
        audience=who_hears_of_erasures,
        tells=Tells.BOTH,
        outlives_partnership=True,
    ),
    Kind(
        "proposal.received",
        _("A partnership was proposed to you"),
        _("%(partner)s proposes a partnership."),
        "partnerships_pages.proposals",
        urgent=True,
    ),
    Kind(
        "proposal.declined",
        _("Your proposal was declined"),
        _("A partnership you proposed was declined."),
        "partnerships_pages.proposals",
        urgent=True,
    ),
    Kind(
        "deputy.named",
        _("You stand in for a colleague"),
        _("A colleague named you as deputy; the dates stand with your deputies."),
        "calendars_pages.deputies",
        audience=who_stands_in,
        tells=Tells.OWN,
        urgent=True,
    ),
    Kind(
        "partnership.started",
        _("Your proposal was accepted"),
        _("You and %(partner)s are partners from now on."),
        "partnerships_pages.partnership",
        "partnership_id",
        audience=those_who_manage,
        urgent=True,
        outlives_partnership=True,
    ),
    Kind(
        "partnership.ended",
        _("A partnership ended"),
        _("%(partner)s ended the partnership. What was shared in it is closed."),
        "partnerships_pages.partnership",
        "partnership_id",
        audience=those_who_manage,
        urgent=True,
        outlives_partnership=True,
    ),
)
