"""What exchange rounds tell people."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.queries import Event
from partnercrm.kernel.actor import Actor
from partnercrm.leads.queries import rounds
from partnercrm.notices.kinds import Kind, Tells, Told
from partnercrm.partnerships import queries as partnerships


def those_who_manage_it(actor: Actor, event: Event) -> Told:
    """Tell the managers of the partnership on this side, and who stands in for them."""
    partnership_id = rounds.round_seen(actor, event.subject_id).partnership_id
    managers = {member.user_id for member in partnerships.own_managers(actor, partnership_id)}
    partner = partnerships.partner_name(actor, partnership_id)
    return Told(partnerships.and_deputies(actor, managers), {"partner": partner})


def those_who_exchange(actor: Actor, event: Event) -> Told:
    """Tell every member on this side, and who stands in for them."""
    partnership_id = rounds.round_seen(actor, event.subject_id).partnership_id
    members = {member.user_id for member in partnerships.own_members(actor, partnership_id)}
    partner = partnerships.partner_name(actor, partnership_id)
    return Told(partnerships.and_deputies(actor, members), {"partner": partner})


def _kind(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    audience = more.pop("audience", those_who_manage_it)
    return Kind(verb, title, sentence, "leads_pages.exchange_round", "round_id", audience=audience, **more)


KINDS: Final = (
    _kind(
        "round.proposed",
        _("An exchange round was proposed"),
        _("%(partner)s proposes that both of you put in leads, to be revealed together."),
        urgent=True,
    ),
    _kind(
        "round.agreed",
        _("An exchange round is open"),
        _("%(partner)s agreed: both of you now choose and seal your leads."),
        audience=those_who_exchange,
        urgent=True,
    ),
    _kind("round.declined", _("An exchange round was declined"), _("%(partner)s declined the round you proposed.")),
    _kind("round.withdrawn", _("A proposed round was taken back"), _("%(partner)s took back the round it proposed.")),
    _kind(
        "round.sealed",
        _("The other side has sealed its leads"),
        _("%(partner)s has sealed its leads for your round. They open with yours."),
        urgent=True,
    ),
    _kind(
        "round.unsealed",
        _("A seal was broken by its own side"),
        _("%(partner)s broke its seal to prepare its leads anew."),
    ),
    _kind(
        "round.due",
        _("An exchange round ends soon"),
        _("Your round with %(partner)s ends soon, and your side has not sealed its leads yet."),
        audience=None,
        urgent=True,
    ),
    _kind(
        "round.revealed",
        _("An exchange round was revealed"),
        _("You and %(partner)s exchanged the leads of your round."),
        audience=those_who_exchange,
        tells=Tells.BOTH,
        urgent=True,
    ),
    _kind(
        "round.returned",
        _("An exchange round ended without an exchange"),
        _("The leads for your round with %(partner)s are everybody's own again, as they were before."),
        audience=those_who_exchange,
        tells=Tells.BOTH,
    ),
)
