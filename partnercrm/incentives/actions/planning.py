"""Writing, publishing and assigning compensation plans."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.identity import queries as identity
from partnercrm.incentives import keeping
from partnercrm.incentives.errors import NothingToPublish, PlanNotPublished
from partnercrm.incentives.models.plans import CompensationAssignment, CompensationPlan, CompensationVersion
from partnercrm.incentives.queries import plans as queries
from partnercrm.incentives.queries.plans import PlanSeen
from partnercrm.kernel import clock, db, versions
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound, Told
from partnercrm.kernel.ids import new_id


def draft_plan(actor: Actor, given: Mapping[str, Any]) -> PlanSeen:
    """Write a plan that nobody is paid by yet."""
    made = CompensationPlan(
        id=new_id(),
        organization_id=actor.organization_id,
        name=given["name"],
        draft=keeping.kept(given["rules"]),
        created_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    record(actor, "compensation_plan.drafted", made)
    return queries.plan(actor, made.id)


def change_plan(actor: Actor, plan_id: UUID, given: Mapping[str, Any], expected: str) -> PlanSeen:
    """Change a plan's name, or what it is to say next; what is published stays. Raises NotFound, Stale."""
    found = queries.plan_to_change(actor, plan_id)
    versions.require(expected, queries.version_tag(found))
    if "name" in given:
        found.name = given["name"]
    if "rules" in given:
        found.draft = keeping.kept(given["rules"])
    db.session().flush()
    record(actor, "compensation_plan.changed", found)
    return queries.plan(actor, plan_id)


def publish_plan(actor: Actor, plan_id: UUID, expected: str) -> PlanSeen:
    """Let the draft be what the plan says from its first day on, for ever.

    A plan's first version may begin on any day, later ones today or later, and after the one before.
    Raises NotFound, Stale, NothingToPublish, Invalid.
    """
    found = queries.plan_to_change(actor, plan_id)
    versions.require(expected, queries.version_tag(found))
    if found.draft is None:
        raise NothingToPublish
    rules, latest = keeping.read(found.draft), queries.latest_version(found)
    if latest is not None:
        today = clock.now().astimezone(UTC).date()
        if rules.starts_on < today:
            raise Invalid.field("rules.starts_on", "A later version begins today or later: what was earned stays.")
        if rules.starts_on <= latest.starts_on:
            message = Told("A version that begins on %(day)s is published already.", day=latest.starts_on)
            raise Invalid.field("rules.starts_on", message)
    db.session().add(
        CompensationVersion(
            organization_id=actor.organization_id,
            plan_id=found.id,
            version=latest.version + 1 if latest else 1,
            rules=found.draft,
            starts_on=rules.starts_on,
        )
    )
    found.draft = None
    db.session().flush()
    record(actor, "compensation_plan.published", found)
    return queries.plan(actor, plan_id)


def assign_plan(actor: Actor, plan_id: UUID, given: Mapping[str, Any]) -> PlanSeen:
    """Let a published plan be a seller's or a team's from a day on, in place of what was theirs.

    Raises NotFound, PlanNotPublished, Invalid.
    """
    found = queries.plan_to_change(actor, plan_id)
    if queries.latest_version(found) is None:
        raise PlanNotPublished
    if wrong := _wrong(actor, given):
        raise Invalid(wrong)
    db.session().add(
        CompensationAssignment(
            id=new_id(),
            organization_id=actor.organization_id,
            plan_id=found.id,
            user_id=given["user_id"],
            team_id=given["team_id"],
            starts_on=given["starts_on"],
        )
    )
    db.session().flush()
    record(actor, "compensation_plan.assigned", found)
    return queries.plan(actor, plan_id)


def _wrong(actor: Actor, given: Mapping[str, Any]) -> list[FieldError]:
    user_id, team_id = given["user_id"], given["team_id"]
    if (user_id is None) is (team_id is None):
        return [FieldError(name, "Name either a person or a team.") for name in ("user_id", "team_id")]
    try:
        if user_id is not None:
            identity.user(actor, user_id)
        else:
            identity.team(actor, team_id)
    except NotFound:
        field = "team_id" if user_id is None else "user_id"
        return [FieldError(field, "There is nobody like this in your organization.")]
    return []
