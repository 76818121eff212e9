"""What the demo's sellers keep beside accounts: who they know there, why they may, and what the partnership takes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any, Final

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.actions import contacting, times
from partnercrm.accounts.contacts import Channel, ContactBasis, ContactSource, Information
from partnercrm.accounts.times import month_of
from partnercrm.demo.people import DANA, HANK, PEOPLE
from partnercrm.demo.settling import Told
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor

_KNOWN: Final = 12
_NAMES: Final = ("Ilse Brandauer", "Rune Halvard", "Marthe Colbert", "Piet Verhoeven", "Agnes Tilly", "Karim Bensaid")
_ROLES: Final = ("Head of logistics", "Chief financial officer", "Plant manager")
_HOW: Final[tuple[dict[str, Any], ...]] = (
    {
        "contact_basis": ContactBasis.CONSENT,
        "contact_channels": [Channel.EMAIL, Channel.PHONE],
        "contact_source": ContactSource.PERSON,
        "contact_information": Information.INFORMED,
    },
    {
        "contact_basis": ContactBasis.LEGITIMATE_INTEREST,
        "contact_channels": [Channel.IN_PERSON],
        "contact_source": ContactSource.PUBLIC,
        "contact_source_note": "Spoke at the autumn fair",
        "contact_information": Information.NOT_YET,
    },
)
_BEFORE: Final = {
    DANA.email: {"list_minutes": 480, "month_minutes": 320},
    HANK.email: {"list_minutes": 600, "month_minutes": 280},
}
_FEW, _QUITE_NEW = 6, 4


def know(world: Told, lists: Mapping[str, Sequence[Mapping[str, Any]]], now: datetime) -> None:
    """Let the owners of some accounts keep who they know there: by name where they may, else by role alone."""
    for listed in lists.values():
        owned = [one for one in listed if one["owner"] and one["web_domains"]][:_KNOWN]
        for number, (one, name, how) in enumerate(zip(owned, cycle(_NAMES), cycle(_HOW), strict=False)):
            seller = world.called(one["owner"])
            role = {"contact_role": _ROLES[number % len(_ROLES)]}
            given = role if number % 3 == 2 else role | _person(name, one["web_domains"][0], how, now)
            _done(seller, now - timedelta(days=20 - number), _keep, one["external_id"], given)


def spend(world: Told, now: datetime) -> None:
    """Let both managers say what partners took before, and Acme's people, if they wish, what this one takes a month."""
    for email, before in _BEFORE.items():
        manager = world.called(email)
        _done(manager, now - timedelta(days=150), times.state_time_baseline, world.partnership, before)
    members = [person.email for person in PEOPLE if person.company == DANA.company and person.joins_as]
    for back in range(2, _QUITE_NEW + 1):
        month = month_of(now, back=back)
        at = datetime.strptime(f"{month}-28", "%Y-%m-%d").replace(hour=16, tzinfo=UTC)
        # At first few said so: of too few nothing is told.
        for number, email in enumerate(members[:_FEW] if back == _QUITE_NEW else members):
            told = {"month": month, "minutes": 90 + 20 * back + 15 * number}
            _done(world.called(email), at, times.tell_time, world.partnership, told)


def _person(name: str, domain: str, how: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    address = f"{name.lower().replace(' ', '.')}@{domain}"
    informed = how["contact_information"] is Information.INFORMED
    day = (now - timedelta(days=40)).date() if informed else None
    return {"contact_name": name, "contact_email": address, **how, "contact_informed_on": day}


def _keep(actor: Actor, external_id: str, given: Mapping[str, Any]) -> None:
    contacting.add_contact(actor, accounts.account_under(actor, "crm", external_id).id, given)


def _done(actor: Actor, at: datetime, act: Any, *given: Any) -> Any:
    with clock.at(at), db.transaction(actor):
        return act(actor, *given)
