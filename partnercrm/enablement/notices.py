"""What enablement tells people: of the own side's programme by hand, of what both say on a step of the other side."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.queries import Event
from partnercrm.kernel.actor import Actor
from partnercrm.notices.kinds import Kind, Told
from partnercrm.partnerships import queries as partnerships


def those_who_keep_it(actor: Actor, event: Event) -> Told:
    """Tell the managers of the partnership on this side, and who stands in for them."""
    if event.partnership_id is None:
        return Told()
    managers = {member.user_id for member in partnerships.own_managers(actor, event.partnership_id)}
    partner = partnerships.partner_name(actor, event.partnership_id)
    return Told(partnerships.and_deputies(actor, managers), {"partner": partner})


KINDS: Final = (
    Kind(
        "enablement.told",
        _("What to know of a partner"),
        _("Your company sells together with %(partner)s: see what there is to know first."),
        "enablement_pages.my_enablement",
    ),
    Kind(
        "enablement.reopened",
        _("Something you knew of a partner changed"),
        _("What to know of %(partner)s changed since you learned it: look at it again."),
        "enablement_pages.item",
        "item_id",
    ),
    Kind(
        "enablement.ending",
        _("Something you know of a partner runs out"),
        _("What you know of %(partner)s is to be renewed: see what, and until when."),
        "enablement_pages.item",
        "item_id",
    ),
    Kind(
        "value_proposition.proposed",
        _("What to say was proposed"),
        _("%(partner)s proposes three sentences for your customers; both say them once you agree."),
        "enablement_pages.pitch",
        "proposition_id",
        audience=those_who_keep_it,
    ),
    Kind(
        "value_proposition.agreed",
        _("What to say was agreed"),
        _("%(partner)s agreed: both companies say these three sentences from now on."),
        "enablement_pages.pitch",
        "proposition_id",
        audience=those_who_keep_it,
    ),
)
