"""What the demo's people do with whole lists: a file of a fair read once and remembered, what it doubles, a segment."""

import io
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from partnercrm.accounts.actions import populations, recognising
from partnercrm.integrations.actions import applying, checking, deciding, uploading
from partnercrm.integrations.contents import ImportKind
from partnercrm.integrations.schemas import row_reader
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor

_HEADER: Final = "Aussteller-Nr;Firma;Webseite;Ort;Land;Branche\n"
_MAPPING: Final = "external_id=Aussteller-Nr,name=Firma,web_domains=Webseite,city=Ort,country=Land,industry=Branche"
_KNOWN_ALREADY: Final = 6
_SEGMENT: Final = {
    "name": "Open opportunities in Germany and Austria",
    "criteria": {"relationship": ["open_opportunity"], "country": ["AT", "DE"]},
}


def keep(manager: Actor, listed: list[dict[str, Any]], now: datetime) -> None:
    """Let a manager bring in a fair's exhibitors, all of them known already, and keep a third population."""
    with clock.at(now - timedelta(hours=8)):
        _bring_in(manager, _exhibitors(listed))
        with db.transaction(manager):
            populations.make_population(manager, _SEGMENT)
        look_through(manager.organization_id)


def look_through(organization_id: UUID) -> None:
    """Find at once what the worker would find."""
    system, after, goes_on = Actor.system(organization_id), None, True
    while goes_on:
        with db.transaction(system):
            after = recognising.keep_stale_keys(system, after)
        goes_on = after is not None
    with db.transaction(system):
        recognising.find_pairs(system)


def _exhibitors(listed: list[dict[str, Any]]) -> bytes:
    """Return a file of the fair: companies that are here already, as they write themselves there."""
    known = [one for one in listed if one["web_domains"] and one["city"]][:_KNOWN_ALREADY]
    rows = [
        f"{number};{one['name'].title()};www.{one['web_domains'][0]};{one['city']};{one['country']};{one['industry']}\n"
        for number, one in enumerate(known, 401)
    ]
    return "".join([_HEADER, *rows]).encode()


def _bring_in(manager: Actor, content: bytes) -> None:
    """Send the file and do what the worker would do with it."""
    given = {"kind": ImportKind.ACCOUNTS, "connector": "autumn-fair", "mapping": _MAPPING}
    with db.transaction(manager):
        one = uploading.send_file(manager, io.BytesIO(content), "exhibitors.csv", given)
        deciding.begin_checking(manager, one, {"dry_run": False, "leave_out": False})
        way = checking.checking(manager, one.id, row_reader)
        while way.piece():
            pass
        applying.enter(manager, one)
