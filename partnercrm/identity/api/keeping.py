"""The API of what is kept of people and things: for how long, written out for a person, erased."""

from typing import Any

from partnercrm.identity import actions
from partnercrm.identity.api.door import api
from partnercrm.identity.errors import LastAdmin, NobodyKnown
from partnercrm.identity.queries import retention
from partnercrm.identity.schemas import privacy
from partnercrm.kernel.actor import Actor


@api.get("/retention", scope="identity:write", answers=privacy.RetentionView)
def read_retention(actor: Actor) -> retention.Kept:
    """Read for how long your organization keeps what, what the last run removed and the next one will."""
    return retention.retention(actor)


@api.patch("/retention", scope="identity:write", body=privacy.ChangeRetention, answers=privacy.RetentionView)
def change_retention(actor: Actor, given: dict[str, Any], expected: str) -> retention.Kept:
    """Say for how many days kinds of data are kept."""
    return actions.change_retention(actor, given, expected)


@api.post(
    "/people/erase",
    scope="identity:write",
    body=privacy.ErasePerson,
    answers=privacy.ErasedView,
    refuses=(LastAdmin, NobodyKnown),
)
def erase_person(actor: Actor, given: dict[str, Any]) -> actions.Erased:
    """Erase a person, colleague or contact, from everything you keep and from the copies at your partners."""
    return actions.erase_person(actor, given["email"])


@api.post(
    "/people/export",
    scope="identity:write",
    body=privacy.PersonAddress,
    answers=privacy.PersonExport,
    refuses=(NobodyKnown,),
    secret=True,
)
def export_person(actor: Actor, given: dict[str, Any]) -> actions.Exported:
    """Write out everything your organization keeps of a person, for handing it out to that person."""
    return actions.export_person(actor, given["email"])
