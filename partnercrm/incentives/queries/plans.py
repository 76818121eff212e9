"""Reading compensation plans: all for those who keep them, for a seller those that are or were theirs, without draft.

Which plan pays a seller is decided by the day (UTC) of an event: what was assigned last to the seller by then, else to
the seller's team, in the version that had begun last by then.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, or_, select, union
from sqlalchemy.orm import selectinload

from partnercrm.identity.models import User
from partnercrm.incentives import keeping
from partnercrm.incentives.models.ledgers import Accrual, LeadBonus
from partnercrm.incentives.models.plans import CompensationAssignment, CompensationPlan, CompensationVersion
from partnercrm.incentives.plans import Plan, PlanStatus, lies_in
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page

SORTS: Final[Mapping[str, Any]] = {"created_at": CompensationPlan.created_at}
MANAGE: Final = "incentives:write"


class VersionSeen(NamedTuple):
    """A published version, and whether a later one has taken its place."""

    version: int
    status: PlanStatus
    published_at: datetime
    rules: Plan


class PlanSeen(NamedTuple):
    """A plan as its reader sees it: the draft, and whose it is, only those who keep plans."""

    id: UUID
    name: str
    draft: Plan | None
    versions: Sequence[VersionSeen]
    assignments: Sequence[CompensationAssignment]
    created_at: datetime
    version_tag: str

    @property
    def status(self) -> PlanStatus:
        """Whether it was ever published."""
        return PlanStatus.PUBLISHED if self.versions else PlanStatus.DRAFT


class InForce(NamedTuple):
    """What pays somebody on a day: the version of which plan, and what it says."""

    plan_id: UUID
    name: str
    version: int
    rules: Plan


def compensation_plans_seen_by(actor: Actor) -> Select[CompensationPlan]:
    """Return the own organization's plans: to those who keep them all, to others those assigned to them."""
    rows = select(CompensationPlan).where(CompensationPlan.organization_id == actor.organization_id)
    if actor.has(MANAGE):
        return rows
    theirs = compensation_assignments_seen_by(actor).with_only_columns(_PLAN_ID)
    return rows.where(or_(CompensationPlan.id.in_(theirs), CompensationPlan.id.in_(_paid_by(actor))))


def compensation_assignments_seen_by(actor: Actor) -> Select[CompensationAssignment]:
    """Return whose the own organization's plans are: to those who keep them all, to others what is theirs."""
    rows = select(CompensationAssignment).where(CompensationAssignment.organization_id == actor.organization_id)
    if actor.has(MANAGE):
        return rows
    return rows.where(_is_of(actor.organization_id, actor.user_id))


def plans(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of compensation plans."""
    found = page(actor, _loaded(compensation_plans_seen_by(actor)), given, sorts=SORTS, key=CompensationPlan.id)
    return Page([_seen(actor, one) for one in found.items], found.next)


def plan(actor: Actor, plan_id: UUID) -> PlanSeen:
    """Return one plan. Raises NotFound."""
    rows = _loaded(compensation_plans_seen_by(actor)).where(CompensationPlan.id == plan_id)
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return _seen(actor, found)


def plan_to_change(actor: Actor, plan_id: UUID) -> CompensationPlan:
    """Return one plan, locked. Raises NotFound."""
    rows = compensation_plans_seen_by(actor).where(CompensationPlan.id == plan_id).with_for_update()
    found = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def version_tag(of: CompensationPlan) -> str:
    """Return the version of a plan's row, as an ETag names it to those who keep plans."""
    return f"{of.id.hex}.{of.version}"


def latest_version(of: CompensationPlan) -> CompensationVersion | None:
    """Return what a plan says last, for whoever holds it."""
    rows = select(CompensationVersion).where(
        CompensationVersion.organization_id == of.organization_id, CompensationVersion.plan_id == of.id
    )
    return db.session().scalars(rows.order_by(CompensationVersion.version.desc()).limit(1)).one_or_none()


class PlansOf(NamedTuple):
    """What was assigned to some people and their teams, and what these plans say."""

    teams: Mapping[UUID, UUID | None]
    assignments: Sequence[CompensationAssignment]
    versions: Mapping[UUID, Sequence[InForce]]

    def in_force(self, user_id: UUID, on: date) -> InForce | None:
        """Return the plan that pays one of them for what happens on a day; None: no plan does."""
        mine = [
            one
            for one in self.assignments
            if one.starts_on <= on
            and (one.user_id == user_id or (one.team_id is not None and one.team_id == self.teams.get(user_id)))
        ]
        # Their own comes before their team's; of several that began last, and of these what was recorded last.
        last = max(
            mine, key=lambda one: (one.user_id is not None, one.starts_on, one.recorded_at, one.id), default=None
        )
        begun = [one for one in self.versions.get(last.plan_id, ()) if one.rules.starts_on <= on] if last else []
        found = max(begun, key=lambda one: one.version, default=None)
        return found if found and lies_in(on, found.rules.starts_on, found.rules.ends_on) else None


def plans_of(actor: Actor, user_ids: Collection[UUID], plan_ids: Collection[UUID] = ()) -> PlansOf:
    """Return by what some people of the actor's organization are paid, on any day, and what these plans say besides.

    The caller has decided that the actor may know it: their own, those they keep plans for, or a job.
    """
    mine = actor.organization_id
    people = select(User.id, User.team_id).where(User.organization_id == mine, User.id.in_(user_ids))
    teams: dict[UUID, UUID | None] = {one.id: one.team_id for one in db.session().execute(people)}
    given = select(CompensationAssignment).where(
        CompensationAssignment.organization_id == mine,
        or_(
            CompensationAssignment.user_id.in_(user_ids),
            CompensationAssignment.team_id.in_({one for one in teams.values() if one}),
        ),
    )
    assignments = db.session().scalars(given).all()
    wanted = {one.plan_id for one in assignments} | set(plan_ids)
    said = (
        select(CompensationVersion, CompensationPlan.name)
        .join(CompensationPlan, CompensationPlan.id == CompensationVersion.plan_id)
        .where(
            CompensationVersion.organization_id == mine,
            CompensationPlan.organization_id == mine,
            CompensationVersion.plan_id.in_(wanted),
        )
    )
    versions: dict[UUID, list[InForce]] = {}
    for version, name in db.session().execute(said) if wanted else ():
        found = InForce(version.plan_id, name, version.version, version.plan)
        versions.setdefault(version.plan_id, []).append(found)
    return PlansOf(teams, assignments, versions)


def plan_in_force(actor: Actor, user_id: UUID, at: datetime) -> InForce | None:
    """Return the plan that pays somebody of the actor's organization for what happens at a moment; None: no plan does.

    The caller has decided that the actor may know it: their own, those they keep plans for, or a job.
    """
    return plans_of(actor, [user_id]).in_force(user_id, at.astimezone(UTC).date())


_PLAN_ID: Final = CompensationAssignment.plan_id


def _is_of(organization_id: UUID, user_id: UUID | None) -> Any:
    team = select(User.team_id).where(
        User.organization_id == organization_id, User.id == user_id, User.team_id.is_not(None)
    )
    return or_(CompensationAssignment.user_id == user_id, CompensationAssignment.team_id.in_(team))


def _paid_by(actor: Actor) -> CompoundSelect[UUID]:
    """Return the plans by which the actor was paid, whatever team they are in by now."""
    kept = Accrual, LeadBonus
    mine = (
        select(one.plan_id).where(one.organization_id == actor.organization_id, one.user_id == actor.user_id)
        for one in kept
    )
    return union(*mine)


def _loaded(rows: Select[CompensationPlan]) -> Select[CompensationPlan]:
    return rows.options(selectinload(CompensationPlan.versions), selectinload(CompensationPlan.assignments))


def _seen(actor: Actor, found: CompensationPlan) -> PlanSeen:
    keeps = actor.has(MANAGE)
    today = clock.now().astimezone(UTC).date()
    begun = max((one.version for one in found.versions if one.starts_on <= today), default=0)
    versions = [
        VersionSeen(
            one.version,
            PlanStatus.SUPERSEDED if one.version < begun else PlanStatus.PUBLISHED,
            one.recorded_at,
            one.plan,
        )
        for one in found.versions
    ]
    draft = keeping.read(found.draft) if keeps and found.draft else None
    tag = version_tag(found) if keeps else f"{found.id.hex}.{len(versions)}.{begun}"
    assignments = found.assignments if keeps else []
    return PlanSeen(found.id, found.name, draft, versions, assignments, found.created_at, tag)
