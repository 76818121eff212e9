"""Reading drafts of registrations: whoever works on one, and those of their own side who review deals."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from partnercrm.deals.models.drafts import RegistrationDraft
from partnercrm.identity import queries as identity
from partnercrm.identity.agreements import Names
from partnercrm.identity.models import User
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.leads.counterparts import Named
from partnercrm.partnerships.queries import is_open_to
from partnercrm.web.paging import Page, page

SORTS: Final = {"changed_at": RegistrationDraft.changed_at}
_WITH: Final = joinedload(RegistrationDraft.joint_account)
OVERSEES: Final = "deals:review"


class DraftSeen(NamedTuple):
    """A draft, and who works on it where the reader is told."""

    draft: RegistrationDraft
    owner: User | None

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the row."""
        return getattr(self.draft, name)


def registration_drafts_seen_by(actor: Actor) -> Select[RegistrationDraft]:
    """Return one's own drafts, and for managers their side's, in living partnerships that the actor is a member of."""
    rows = select(RegistrationDraft).where(
        RegistrationDraft.organization_id == actor.organization_id, is_open_to(actor, RegistrationDraft.partnership_id)
    )
    return rows if actor.has(OVERSEES) else rows.where(RegistrationDraft.owner_id == actor.user_id)


def drafts(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of drafts, last changed first; a list names the reader alone, unless the agreement says more."""
    rows = registration_drafts_seen_by(actor).options(_WITH)
    if "partnership_id" in given:
        rows = rows.where(RegistrationDraft.partnership_id == given["partnership_id"])
    if given.get("mine"):
        rows = rows.where(RegistrationDraft.owner_id == actor.user_id)
    found = page(actor, rows, given, sorts=SORTS, key=RegistrationDraft.id)
    return Page(_seen(actor, found.items, identity.names_in_lists(actor)), found.next)


def draft(actor: Actor, draft_id: UUID, *, lock: bool = False) -> DraftSeen:
    """Return one draft. Raises NotFound."""
    rows = registration_drafts_seen_by(actor).where(RegistrationDraft.id == draft_id).options(_WITH)
    if lock:
        rows = rows.with_for_update(of=RegistrationDraft)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).all()
    if not found:
        raise NotFound
    return _seen(actor, found, Named(actor.organization_id))[0]


def _seen(actor: Actor, found: Sequence[RegistrationDraft], names: Names | Named) -> list[DraftSeen]:
    own = User.organization_id == actor.organization_id
    rows = select(User).where(own, User.id.in_({one.owner_id for one in found}))
    owners = {one.id: one for one in db.session().scalars(rows) if names.may_tell(one.organization_id, one.id)}
    return [DraftSeen(one, owners.get(one.owner_id)) for one in found]
