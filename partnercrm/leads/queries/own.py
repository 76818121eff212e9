"""Reading the actor's own leads and where they stand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from partnercrm.identity import queries as identity
from partnercrm.identity.agreements import Names
from partnercrm.identity.errors import FiguresArePrivate
from partnercrm.identity.models import User
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.aliases import shared_alias
from partnercrm.kernel.errors import NotFound
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import Lead, Offer, OfferedLead
from partnercrm.leads.models.requests import OfferRequest
from partnercrm.leads.models.rounds import RoundPick
from partnercrm.partnerships.models import Partnership, PartnershipStatus
from partnercrm.web.paging import Page, page

DRAFT = "draft"
WITH_PARTNER = "with_partner"
_SOME_DAY = literal_column("date '9999-12-31'", Date)
SORTS: Mapping[str, Any] = {
    "created_at": Lead.created_at,
    "company_name": Lead.company_name,
    "expected_close_on": func.coalesce(Lead.expected_close_on, _SOME_DAY),
}
_SeenBy = Callable[[Actor], Select[Lead]]
_current = shared_alias(Offer, "current_offer")


@dataclass(frozen=True, slots=True)
class LeadState:
    """A lead with its current offer, if a living partnership holds one.

    Of one lead it is told, too, whether it lies under its side's seal in a round, and whether it was offered or to be.
    """

    lead: Lead
    current: Offer | None
    is_open: bool = True
    names_owner: bool = True
    is_under_seal: bool = False
    was_out: bool = False

    @property
    def owner_id(self) -> UUID | None:
        """Whose lead it is; a list names the reader alone, unless the works agreement says otherwise."""
        return self.lead.owner_id if self.names_owner else None

    @property
    def offer(self) -> Offer | None:
        """The current offer, for members of its partnership."""
        return self.current if self.is_open else None

    @property
    def id(self) -> UUID:
        """The lead's id."""
        return self.lead.id

    @property
    def status(self) -> str:
        """`draft`, or where the current offer stands; to who is no member only that a partner has the lead."""
        if self.current is None:
            return DRAFT
        return self.current.status.value if self.is_open else WITH_PARTNER

    @property
    def offer_id(self) -> UUID | None:
        """The current offer."""
        return self.offer.id if self.offer else None

    @property
    def version_tag(self) -> str:
        """The versions of both rows the viewer sees."""
        return f"{self.lead.id.hex}.{self.lead.version}.{self.offer.version if self.offer else 0}"


def leads_seen_by(actor: Actor) -> Select[Lead]:
    """Return the organization's leads for those who oversee them, else the actor's own."""
    rows = select(Lead).where(Lead.organization_id == actor.organization_id)
    return rows if actor.has("leads:all") else rows.where(Lead.owner_id == actor.user_id)


def _with_state(rows: Select[Lead]) -> Select[Lead, Offer]:
    lives = exists().where(Partnership.id == _current.partnership_id, Partnership.status != PartnershipStatus.ENDED)
    link = and_(
        OfferedLead.organization_id == Lead.organization_id,
        OfferedLead.lead_id == Lead.id,
        OfferedLead.is_current,
    )
    current = and_(_current.id == OfferedLead.offer_id, _current.giver_id == Lead.organization_id, lives)
    return rows.outerjoin(OfferedLead, link).outerjoin(_current, current).add_columns(_current)


def _state(actor: Actor, row: Row[*tuple[Any, ...]]) -> LeadState:
    lead, current = row[0], row[1]
    return LeadState(lead, current, current is None or current.partnership_id in actor.partnership_ids)


def _state_in_list(actor: Actor, names: Names, row: Row[*tuple[Any, ...]]) -> LeadState:
    state = _state(actor, row)
    return replace(state, names_owner=names.may_tell(state.lead.organization_id, state.lead.owner_id))


def _status(actor: Actor) -> ColumnElement[str]:
    return case(
        (_current.id.is_(None), DRAFT),
        (_current.partnership_id.not_in(actor.partnership_ids), WITH_PARTNER),
        else_=cast(_current.status, Text),
    )


def leads(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of leads with where they stand."""
    rows = _with_state(leads_seen_by(actor))
    if status := given.get("status"):
        rows = rows.where(_status(actor) == status)
    if "owner_id" in given:
        if not identity.sees_figures_of(actor, given["owner_id"]):
            raise FiguresArePrivate
        rows = rows.where(Lead.owner_id == given["owner_id"])
    for name in ("need", "connector"):
        if name in given:
            rows = rows.where(getattr(Lead, name) == given[name])
    if "company" in given:
        rows = rows.where(Lead.company_name.icontains(given["company"], autoescape=True))
    shown = partial(_state_in_list, actor, identity.names_in_lists(actor))
    return page(actor, rows, given, sorts=SORTS, key=Lead.id, shown=shown)


def lead(actor: Actor, lead_id: UUID, *, lock: bool = False) -> LeadState:
    """Return one lead with where it stands. Raises NotFound."""
    values, oversees = db.reading(actor) | {"lead_id": lead_id}, actor.has("leads:all")
    # Where it stands is read once it is held: a statement that waits for one row reads the others as they were before.
    if lock and not db.rows(_held(leads_seen_by, oversees=oversees), values):
        raise NotFound
    found = db.session().execute(_one(leads_seen_by, oversees=oversees, anew=lock), values).one_or_none()
    if found is None:
        raise NotFound
    return replace(_state(actor, found), is_under_seal=found.is_under_seal, was_out=found.was_out)


@cache
def _held(seen_by: _SeenBy, *, oversees: bool) -> Select[UUID]:
    """Return the statement that takes hold of one lead."""
    return _wanted(seen_by, oversees=oversees).with_only_columns(Lead.id).with_for_update()


@cache
def _one(seen_by: _SeenBy, *, oversees: bool, anew: bool) -> Select[Lead, Offer, bool, bool]:
    """Return the statement for one lead with where it stands; `anew` where both may have been read before."""
    picked, asked = (
        exists().where(one.organization_id == Lead.organization_id, one.lead_id == Lead.id)
        for one in (RoundPick, OfferRequest)
    )
    sealed = picked.where(RoundPick.offer_id.is_not(None))
    rows = _with_state(_wanted(seen_by, oversees=oversees)).add_columns(
        sealed.label("is_under_seal"), or_(OfferedLead.offer_id.is_not(None), asked).label("was_out")
    )
    return rows.execution_options(populate_existing=anew)


def _wanted(seen_by: _SeenBy, *, oversees: bool) -> Select[Lead]:
    """Return one lead of those that `db.READER` sees."""
    reader = replace(db.READER, scopes=frozenset({"leads:all"} if oversees else ()))
    return seen_by(reader).where(Lead.id == bindparam("lead_id", type_=Uuid()))


def has_any(actor: Actor) -> bool:
    """Tell whether anybody of the organization entered a lead."""
    rows = select(Lead.id).where(Lead.organization_id == actor.organization_id)
    return db.session().execute(rows.limit(1)).first() is not None


def lead_under(actor: Actor, connector: str, external_id: str) -> LeadState:
    """Return the lead that another system knows by this key. Raises NotFound."""
    rows = leads_seen_by(actor).where(Lead.connector == connector, Lead.external_id == external_id)
    found = db.session().execute(_with_state(rows)).one_or_none()
    if found is None:
        raise NotFound
    return _state(actor, found)


def was_ever_offered(lead: Lead) -> bool:
    """Tell whether any offer was made from the lead."""
    rows = select(OfferedLead.offer_id).where(
        OfferedLead.organization_id == lead.organization_id, OfferedLead.lead_id == lead.id
    )
    return db.session().execute(rows.limit(1)).first() is not None


def owners_by_email(actor: Actor) -> Mapping[str, UUID]:
    """Return the people leads can belong to, by mail address."""
    rows = identity.users_seen_by(actor).where(User.disabled_at.is_(None))
    return {user.email: user.id for user in db.session().scalars(rows)}


STATUSES = (DRAFT, WITH_PARTNER, *(status.value for status in OfferStatus))
