"""When the demo's companies work, and who stands in for whom next week; said now, so that the past stays as it was."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from partnercrm.calendars import actions
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor

_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday")
_HOURS: Final = {
    "acme": {"zone": "Europe/Berlin", "holidays": "DE-BY", "week": dict.fromkeys(_WEEKDAYS, "09:00-17:30")},
    "globex": {"zone": "America/New_York", "holidays": "US", "week": dict.fromkeys(_WEEKDAYS, "08:30-17:00")},
}


def keep(companies: Mapping[str, UUID], users: Mapping[str, UUID]) -> None:
    """Let both partners say when they work, and a seller of Acme be away."""
    for company, hours in _HOURS.items():
        system = Actor.system(companies[company])
        with db.transaction(system):
            actions.set_organization_hours(system, hours)
    acme, today = Actor.system(companies["acme"]), clock.now().date()
    away = {"from_on": today + timedelta(days=5), "to_on": today + timedelta(days=9)}
    with db.transaction(acme):
        actions.name_deputy_for(acme, users["theo@acme.example"], away | {"deputy_id": users["sam@acme.example"]})
