"""What partnerships tell people."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.activity.queries import Event
from partnercrm.identity import queries as identity
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel.actor import Actor
from partnercrm.notices.kinds import Kind, Told
from partnercrm.partnerships import queries


def those_who_manage(actor: Actor, event: Event) -> Told:
    """Tell the colleagues who may answer for partnerships."""
    people = [
        colleague.id for colleague in identity.colleagues(actor) if "partnerships:write" in scopes_of(colleague.roles)
    ]
    partnership = queries.partnership(actor, event.subject_id)
    return Told(people, {"partner": partnership.name_of(partnership.other(actor.organization_id))})


KINDS: Final = (
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
