"""Reading compensation plans: all for those who keep them, for a seller those that are or were theirs, without draft.

Which plan pays a seller is decided by the day (UTC) of an event: what was assigned last to the seller by then, else to
the seller's team, in the version that had begun last by then.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from partnercrm.identity.models import User
from partnercrm.incentives import keeping
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
    return rows.where(CompensationPlan.id.in_(compensation_assignments_seen_by(actor).with_only_columns(_PLAN_ID)))


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


def plan_in_force(actor: Actor, user_id: UUID, at: datetime) -> InForce | None:
    """Return the plan that pays somebody of the actor's organization for what happens at a moment; None: no plan does.

    The caller has decided that the actor may know it: their own, those they keep plans for, or a job.
    """
    on = at.astimezone(UTC).date()
    mine = select(CompensationAssignment).where(
        CompensationAssignment.organization_id == actor.organization_id,
        CompensationAssignment.starts_on <= on,
        _is_of(actor.organization_id, user_id),
    )
    # Their own comes before their team's; of several that began last, and of these what was recorded last.
    first = (
        CompensationAssignment.user_id.is_(None),
        CompensationAssignment.starts_on.desc(),
        CompensationAssignment.recorded_at.desc(),
        CompensationAssignment.id.desc(),
    )
    assigned = db.session().scalars(mine.order_by(*first).limit(1)).one_or_none()
    return _version_on(actor, assigned.plan_id, on) if assigned else None


def _version_on(actor: Actor, plan_id: UUID, on: date) -> InForce | None:
    rows = (
        select(CompensationVersion, CompensationPlan.name)
        .join(CompensationPlan, CompensationPlan.id == CompensationVersion.plan_id)
        .where(
            CompensationVersion.organization_id == actor.organization_id,
            CompensationPlan.organization_id == actor.organization_id,
            CompensationVersion.plan_id == plan_id,
            CompensationVersion.starts_on <= on,
        )
        .order_by(CompensationVersion.version.desc())
    )
    found = db.session().execute(rows.limit(1)).one_or_none()
    if found is None:
        return None
    version, name = found
    rules = version.plan
    return InForce(plan_id, name, version.version, rules) if lies_in(on, rules.starts_on, rules.ends_on) else None


_PLAN_ID: Final = CompensationAssignment.plan_id


def _is_of(organization_id: UUID, user_id: UUID | None) -> Any:
    team = select(User.team_id).where(
        User.organization_id == organization_id, User.id == user_id, User.team_id.is_not(None)
    )
    return or_(CompensationAssignment.user_id == user_id, CompensationAssignment.team_id.in_(team))


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
