"""What is seen about oneself: by whom, by which permission, and who looked."""

from typing import Final

from flask import render_template

from partnercrm.activity import queries as activity
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.queries import seen as queries
from partnercrm.identity.queries.seen import Audience, SightSeen
from partnercrm.kernel.actor import Actor

_ABROAD: Final = frozenset(
    {Audience.PARTNERS, Audience.PARTNERS_OTHERS, Audience.SIDES, Audience.MODERATOR, Audience.OTHERS}
)


@pages.show("/seen", scope="identity:read")
def seen(actor: Actor) -> str:
    """Show what is seen of the person, what of it leaves the company first, and who looked."""
    found = queries.seen(actor)
    looks = activity.looks_at(actor)
    return render_template(
        "identity/seen.html",
        agreed=found.agreed,
        abroad=[one for one in found.sights if _ABROAD & set(one.audiences)],
        inside=[one for one in found.sights if _is_inside(one)],
        own=[one for one in found.sights if not set(one.audiences) - {Audience.ONESELF}],
        looks=looks,
        names=queries.names_of(actor, [look.user_id for look in looks if look.user_id]),
    )


def _is_inside(one: SightSeen) -> bool:
    return not _ABROAD & set(one.audiences) and bool(set(one.audiences) - {Audience.ONESELF})
