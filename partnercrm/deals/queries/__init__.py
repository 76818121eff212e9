"""Reading registrations across the wall: what either side registered in partnerships the actor is a member of."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from partnercrm.activity import queries as activity
from partnercrm.deals.models import Registration, RegistrationSide
from partnercrm.deals.registering import AskedField, Party, RegistrationStatus
from partnercrm.identity import queries as identity
from partnercrm.identity.agreements import Names
from partnercrm.identity.models import User
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.kernel.money import Money
from partnercrm.leads.counterparts import Named
from partnercrm.partnerships.models import Partnership
from partnercrm.partnerships.queries import held_partnership, is_open_to
from partnercrm.web.paging import Page, page

SORTS: Final = {"submitted_at": Registration.submitted_at, "respond_by": Registration.respond_by}
_BY_COLUMN: Final = ("status", "reason", "partnership_id", "joint_account_id", "product_line_id")
_WITH: Final = (joinedload(Registration.joint_account), selectinload(Registration.evidence))


class RegistrationSeen(NamedTuple):
    """A registration as one side sees it: the shared row, and of its own what it keeps and who works on it."""

    registration: Registration
    party: Party
    own: RegistrationSide | None = None
    owner: User | None = None

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the shared row."""
        return getattr(self.registration, name)

    @property
    def value(self) -> Money | None:
        """What the deal is worth: one's own exactly, the other side's where both agreed to tell values so."""
        minor = self.own.value_minor if self.own else self.registration.value_minor
        return None if minor is None else Money(minor, self.registration.currency)

    @property
    def direction(self) -> str:
        """Whether the reader's side made it or received it."""
        return "made" if self.party is Party.REGISTRANT else "received"

    @property
    def account_name(self) -> str | None:
        """What the company is called, while that is told."""
        return self.registration.joint_account.name

    @property
    def asked_fields(self) -> list[AskedField]:
        """What the review asks to be mended."""
        return [AskedField(name) for name in self.registration.asked_fields]

    @property
    def outweighed(self) -> Mapping[str, Any] | None:
        """The step of the other side that outweighed this claim, if one did."""
        if self.registration.outweighed_at is None:
            return None
        return {"kind": self.registration.outweighed_by, "counts_from": self.registration.outweighed_at}


def registrations_seen_by(actor: Actor) -> Select[Registration]:
    """Return the registrations of the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(Registration).where(
        or_(Registration.organization_id == mine, Registration.other_id == mine),
        is_open_to(actor, Registration.partnership_id),
    )


def registration_sides_seen_by(actor: Actor) -> Select[RegistrationSide]:
    """Return what the actor's organization keeps of its own registrations, in partnerships the actor is a member of."""
    return select(RegistrationSide).where(
        RegistrationSide.organization_id == actor.organization_id,
        is_open_to(actor, RegistrationSide.partnership_id),
    )


def registrations(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of registrations; a list names the reader alone, unless the works agreement says otherwise."""
    rows = registrations_seen_by(actor).options(*_WITH)
    for name in _BY_COLUMN:
        if name in given:
            rows = rows.where(getattr(Registration, name) == given[name])
    if direction := given.get("direction"):
        side = Registration.organization_id if direction == "made" else Registration.other_id
        rows = rows.where(side == actor.organization_id)
    if given.get("mine"):
        owned = registration_sides_seen_by(actor).where(RegistrationSide.owner_id == actor.user_id)
        rows = rows.where(Registration.id.in_(owned.with_only_columns(RegistrationSide.registration_id)))
    found = page(actor, rows, given, sorts=SORTS, key=Registration.id)
    return Page(_seen(actor, found.items, identity.names_in_lists(actor)), found.next)


def _seen(actor: Actor, found: Sequence[Registration], names: Names | Named) -> list[RegistrationSeen]:
    """Return registrations with what the actor's side keeps of them, and who may be named."""
    of_owner = (User.organization_id == RegistrationSide.organization_id) & (User.id == RegistrationSide.owner_id)
    rows = registration_sides_seen_by(actor).join(User, of_owner).add_columns(User)
    ours = rows.where(RegistrationSide.registration_id.in_([one.id for one in found]))
    kept = {side.registration_id: (side, owner) for side, owner in db.session().execute(ours)}
    seen = []
    for one in found:
        side, owner = kept.get(one.id, (None, None))
        told = owner if owner and names.may_tell(owner.organization_id, owner.id) else None
        seen.append(RegistrationSeen(one, one.party_of(actor.organization_id), side, told))
    return seen


def registration(actor: Actor, registration_id: UUID) -> RegistrationSeen:
    """Return one registration as the actor sees it. Raises NotFound."""
    rows = registrations_seen_by(actor).where(Registration.id == registration_id).options(*_WITH)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).all()
    if not found:
        raise NotFound
    return _seen(actor, found, Named(actor.organization_id))[0]


def registration_to_step(actor: Actor, registration_id: UUID) -> tuple[Registration, Partnership]:
    """Return one registration, locked, for its next step, and its partnership, which cannot end meanwhile.

    Raises NotFound.
    """
    rows = registrations_seen_by(actor).where(Registration.id == registration_id)
    partnership_id = db.session().scalars(rows.with_only_columns(Registration.partnership_id)).one_or_none()
    if partnership_id is None:
        raise NotFound
    partnership = held_partnership(actor, partnership_id)
    locked = rows.with_for_update(of=Registration).execution_options(populate_existing=True)
    return db.session().scalars(locked).one(), partnership


def registration_side_of(actor: Actor, registration_id: UUID) -> RegistrationSide | None:
    """Return what the actor's organization keeps of one of its own registrations."""
    rows = select(RegistrationSide).where(
        RegistrationSide.organization_id == actor.organization_id, RegistrationSide.registration_id == registration_id
    )
    return db.session().scalars(rows).one_or_none()


def counts_waiting(actor: Actor) -> int:
    """Return how many registrations wait for the actor's side, at most 100."""
    rows = registrations_seen_by(actor).where(
        Registration.other_id == actor.organization_id,
        Registration.status.in_((RegistrationStatus.SUBMITTED, RegistrationStatus.IN_REVIEW)),
    )
    return len(db.session().scalars(rows.with_only_columns(Registration.id).limit(100)).all())


def timeline(actor: Actor, registration_id: UUID) -> Page:
    """Return what happened to one registration, as both sides read it, oldest first. Raises NotFound."""
    seen = registration(actor, registration_id)
    return Page(activity.timeline(actor, Registration.__tablename__, seen.id), None)
