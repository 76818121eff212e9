"""Reading cases: as a member of one of the two sides, or as the moderator of one case until it is closed."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from partnercrm.cases.lifecycle import LIVE, OVER
from partnercrm.cases.models import (
    Case,
    CaseEntry,
    CaseOwner,
    Moderation,
    ModerationStatus,
    ModeratorNaming,
    NamingStatus,
)
from partnercrm.identity import queries as identity
from partnercrm.identity.agreements import Names
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Member
from partnercrm.partnerships.queries import is_open_to
from partnercrm.web.paging import Page, page

SORTS = {"opened_at": Case.opened_at, "due_on": Case.due_on}
ENTRY_SORTS = {"recorded_at": CaseEntry.recorded_at}
MODERATION_SORTS = {"received_at": Moderation.received_at}
_TOLD = selectinload(Case.told)
_WHOLE = (_TOLD, selectinload(Case.owners).joinedload(CaseOwner.member), selectinload(Case.namings))


def cases_seen_by(actor: Actor) -> Select[Case]:
    """Return the cases of the living partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(Case).where(
        or_(Case.first_organization_id == mine, Case.second_organization_id == mine),
        is_open_to(actor, Case.partnership_id),
    )


def entries_seen_by(actor: Actor) -> Select[CaseEntry]:
    """Return what was said and shown in the cases of the partnerships that the actor is a member of."""
    mine = actor.organization_id
    return select(CaseEntry).where(
        or_(CaseEntry.first_organization_id == mine, CaseEntry.second_organization_id == mine),
        is_open_to(actor, CaseEntry.partnership_id),
    )


def moderations_seen_by(actor: Actor) -> Select[Moderation]:
    """Return the invitations to moderate that were made to the actor in person."""
    return select(Moderation).where(
        Moderation.organization_id == actor.organization_id, Moderation.user_id == actor.user_id
    )


def files_seen_by(actor: Actor) -> Select[Case]:
    """Return the cases submitted to the actor as their moderator, until they are closed."""
    accepted = exists().where(
        Moderation.case_id == Case.id,
        Moderation.organization_id == actor.organization_id,
        Moderation.user_id == actor.user_id,
        Moderation.status == ModerationStatus.ACCEPTED,
    )
    return select(Case).where(Case.submitted_to_id == actor.organization_id, accepted)


class CaseListed:
    """A case as a list shows it, with the owners that may be named there; one case names both sides' owners."""

    def __init__(self, about: Case, names: Names) -> None:
        self._case = about
        told = (owner for owner in about.owners if names.may_tell(owner.organization_id, owner.member.user_id))
        self.owners = list(told)

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the case."""
        return getattr(self._case, name)


def file_entries_seen_by(actor: Actor) -> Select[CaseEntry]:
    """Return the file of the cases submitted to the actor's organization."""
    return select(CaseEntry).where(CaseEntry.submitted_to_id == actor.organization_id)


def cases(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of cases with claim, decision, moderator, and the owners that lists may name to the actor."""
    rows = cases_seen_by(actor).options(*_WHOLE)
    for name in ("status", "kind", "partnership_id", "subject_id"):
        if name in given:
            rows = rows.where(getattr(Case, name) == given[name])
    names = identity.names_in_lists(actor)
    return page(actor, rows, given, sorts=SORTS, key=Case.id, shown=lambda row: CaseListed(row[0], names))


def case(actor: Actor, case_id: UUID) -> Case:
    """Return one case of the actor's side, once it is over without the other side's owner. Raises NotFound."""
    rows = cases_seen_by(actor).where(Case.id == case_id).options(*_WHOLE)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    if found.status in OVER:
        ours = [owner for owner in found.owners if owner.organization_id == actor.organization_id]
        set_committed_value(found, "owners", ours)
    return found


def case_to_step(actor: Actor, case_id: UUID) -> Case:
    """Return one case of the actor's side, locked; its partnership cannot end meanwhile. Raises NotFound."""
    partnerships.held_partnership(actor, case(actor, case_id).partnership_id)
    rows = cases_seen_by(actor).where(Case.id == case_id).with_for_update(of=Case).options(*_WHOLE)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def entries(actor: Actor, case_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of what was said and shown in one case. Raises NotFound."""
    rows = entries_seen_by(actor).where(CaseEntry.case_id == case(actor, case_id).id)
    return page(actor, rows, given, sorts=ENTRY_SORTS, key=CaseEntry.id)


def entry(actor: Actor, about: Case, entry_id: UUID) -> CaseEntry:
    """Return one entry of a case's file that is known to be there."""
    rows = entries_seen_by(actor).where(CaseEntry.case_id == about.id, CaseEntry.id == entry_id)
    return db.session().scalars(rows).one()


def present_owner(about: Case, organization_id: UUID) -> CaseOwner | None:
    """Return who owns the case on one side now."""
    rows = select(CaseOwner).where(
        CaseOwner.case_id == about.id, CaseOwner.organization_id == organization_id, CaseOwner.until.is_(None)
    )
    return db.session().scalars(rows).one_or_none()


def may_act_as_owner(actor: Actor, about: Case) -> bool:
    """Tell whether the actor may do what is the owner's: the owner, who stands in for them, anybody while none is."""
    owner = present_owner(about, actor.organization_id)
    return owner is None or partnerships.acts_under(actor, about.partnership_id, owner.member_id)


def cases_owned_by(actor: Actor, user_id: UUID, *, lock: bool = False) -> Sequence[Case]:
    """Return the cases not yet closed that one of the organization's people owns; `lock` them to hand them over."""
    rows = (
        select(Case)
        .join(CaseOwner, CaseOwner.case_id == Case.id)
        .join(Member, Member.id == CaseOwner.member_id)
        .where(
            CaseOwner.organization_id == actor.organization_id,
            CaseOwner.until.is_(None),
            Member.user_id == user_id,
            Case.status.not_in(OVER),
        )
        .order_by(Case.id)
    )
    return db.session().scalars(rows.with_for_update(of=Case) if lock else rows).all()


def naming_to_step(about: Case) -> ModeratorNaming | None:
    """Return the naming that stands for a case, read afresh."""
    standing = (NamingStatus.NAMED, NamingStatus.INVITED, NamingStatus.ACCEPTED)
    rows = select(ModeratorNaming).where(
        ModeratorNaming.case_id == about.id,
        ModeratorNaming.partnership_id == about.partnership_id,
        ModeratorNaming.status.in_(standing),
    )
    return db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()


def cases_about(actor: Actor, subject: str, subject_id: UUID) -> Sequence[Case]:
    """Return the cases about one thing, the newest first, at most 50."""
    rows = cases_seen_by(actor).where(Case.subject == subject, Case.subject_id == subject_id).options(_TOLD)
    return db.session().scalars(rows.order_by(Case.opened_at.desc(), Case.id).limit(50)).all()


def live_cases(actor: Actor, partnership_id: UUID) -> Sequence[Case]:
    """Return the cases of one partnership that are not closed or withdrawn, those due first, at most 50."""
    rows = cases_seen_by(actor).where(Case.partnership_id == partnership_id, Case.status.not_in(OVER)).options(_TOLD)
    return db.session().scalars(rows.order_by(Case.due_on, Case.id).limit(50)).all()


def all_live(actor: Actor) -> Sequence[Case]:
    """Return the cases of all the actor's partnerships that wait to be settled, those due first, at most 200."""
    rows = cases_seen_by(actor).where(Case.status.in_(LIVE)).order_by(Case.due_on, Case.id)
    return db.session().scalars(rows.limit(200)).all()


def moderations(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of the invitations to moderate."""
    return page(actor, moderations_seen_by(actor), given, sorts=MODERATION_SORTS, key=Moderation.id)


def moderation(actor: Actor, moderation_id: UUID) -> Moderation:
    """Return one invitation to moderate. Raises NotFound."""
    rows = moderations_seen_by(actor).where(Moderation.id == moderation_id)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def submitted(actor: Actor) -> Sequence[Case]:
    """Return the cases that lie with the actor as their moderator, those due first, at most 50."""
    rows = files_seen_by(actor).options(_TOLD).order_by(Case.due_on, Case.id)
    return db.session().scalars(rows.limit(50)).all()


def moderation_of(actor: Actor, about: Case) -> Moderation:
    """Return the actor's own invitation to a case submitted to them."""
    return db.session().scalars(moderations_seen_by(actor).where(Moderation.case_id == about.id)).one()


def file(actor: Actor, case_id: UUID, *, lock: bool = False) -> Case:
    """Return the case submitted to the actor as its moderator; `lock` it to add to it. Raises NotFound."""
    rows = files_seen_by(actor).where(Case.id == case_id).options(_TOLD)
    if lock:
        rows = rows.with_for_update(of=Case)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def file_entries(actor: Actor, case_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of the file of a case submitted to the actor as its moderator. Raises NotFound."""
    found = file(actor, case_id)
    rows = file_entries_seen_by(actor).where(CaseEntry.case_id == found.id)
    return page(actor, rows, given, sorts=ENTRY_SORTS, key=CaseEntry.id)


def case_here(actor: Actor, case_id: UUID, *, lock: bool = False) -> Case | None:
    """Return a case of the actor's organization, for what its own hand does; its partnership cannot end meanwhile."""
    mine = actor.organization_id
    rows = select(Case).where(
        or_(Case.first_organization_id == mine, Case.second_organization_id == mine), Case.id == case_id
    )
    partnership_id = db.session().scalars(rows.with_only_columns(Case.partnership_id)).one_or_none()
    if partnership_id is None or not partnerships.is_held(actor, partnership_id):
        return None
    rows = rows.with_for_update() if lock else rows
    return db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()


def those_who_settle(actor: Actor, about: Case) -> set[UUID]:
    """Return who settles a case on the actor's side: its partner managers, its owner, and who stands in for them."""
    owner = present_owner(about, actor.organization_id)
    members = partnerships.own_members(actor, about.partnership_id)
    managers = {member.user_id for member in partnerships.own_managers(actor, about.partnership_id)}
    owners = {member.user_id for member in members if owner is not None and member.id == owner.member_id}
    return partnerships.and_deputies(actor, managers | owners)


def first_manager(actor: Actor, partnership_id: UUID) -> Member | None:
    """Return the partner manager of the actor's side who is a member longest."""
    managers = partnerships.own_managers(actor, partnership_id)
    return min(managers, key=lambda member: (member.joined_at, member.id), default=None)


def moderation_here(actor: Actor, moderation_id: UUID) -> Moderation | None:
    """Return an invitation to one of the organization's people, for what its own hand does."""
    rows = select(Moderation).where(Moderation.organization_id == actor.organization_id, Moderation.id == moderation_id)
    return db.session().scalars(rows).one_or_none()


def moderation_of_case(actor: Actor, case_id: UUID) -> Moderation | None:
    """Return by which invitation one of the organization's people moderates a case."""
    rows = select(Moderation).where(
        Moderation.organization_id == actor.organization_id,
        Moderation.case_id == case_id,
        Moderation.status == ModerationStatus.ACCEPTED,
    )
    return db.session().scalars(rows).one_or_none()


def count_moderations_of(actor: Actor, user_id: UUID) -> int:
    """Return how many cases one of the organization's people moderates or is asked to."""
    rows = select(func.count()).where(
        Moderation.organization_id == actor.organization_id, Moderation.user_id == user_id
    )
    return db.session().execute(rows).scalar_one()
