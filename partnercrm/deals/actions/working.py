"""Naming who works on a deal, and writing to each other about it."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from partnercrm.activity.actions import record
from partnercrm.deals.entries import EntryKind, wrong_entry
from partnercrm.deals.errors import NotANextStep
from partnercrm.deals.models.deals import Deal
from partnercrm.deals.models.work import DealEntry, DealPerson
from partnercrm.deals.queries import selling, working
from partnercrm.deals.queries.working import Team
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions.steps import acting_member
from partnercrm.partnerships import queries as partnerships


def name_deal_team(actor: Actor, deal_id: UUID, member_ids: Collection[UUID]) -> Team:
    """Let these members of the actor's own side, and no others of it, work on a deal. Raises Invalid."""
    found, _ = selling.deal_to_change(actor, deal_id)
    if not {one.id for one in partnerships.own_members(actor, found.partnership_id)}.issuperset(member_ids):
        raise Invalid.field("member_ids", "Name present members of your own side of this partnership.")
    left_out = delete(DealPerson).where(
        DealPerson.deal_id == found.id,
        DealPerson.organization_id == actor.organization_id,
        DealPerson.member_id.not_in(member_ids),
    )
    db.session().execute(left_out.execution_options(synchronize_session=False))
    join(actor, found, member_ids)
    record(actor, "deal.team_named", found)
    return working.team(actor, deal_id)


def write(actor: Actor, deal_id: UUID, given: Mapping[str, Any]) -> DealEntry:
    """Write a comment or a next step; who writes works on the deal, who is mentioned is told. Raises Invalid."""
    found, _ = selling.deal_to_change(actor, deal_id)
    author = acting_member(actor, found.partnership_id)
    join(actor, found, [author.id])
    kind: EntryKind = given["kind"]
    mentioned = list(dict.fromkeys(given.get("mentioned") or ()))
    people = {one.id for one in working.team(actor, deal_id).people}
    if wrong := wrong_entry(kind, has_day=bool(given.get("due_on")), mentioned=mentioned, people=people):
        raise Invalid(wrong)
    made = DealEntry(
        id=new_id(),
        **of_deal(found),
        organization_id=actor.organization_id,
        author_id=author.id,
        kind=kind,
        text=given["text"],
        mentioned=mentioned,
        due_on=given.get("due_on"),
        added_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    verb = "commented" if kind is EntryKind.COMMENT else "planned"
    record(actor, f"deal.{verb}", found, mentioned=[str(one) for one in mentioned])
    return working.entry(actor, made.id)


def finish_step(actor: Actor, entry_id: UUID) -> DealEntry:
    """Say that a next step is done, whichever side wrote it; once is enough. Raises NotFound, NotANextStep."""
    found, _ = selling.deal_to_change(actor, working.entry(actor, entry_id).deal_id)
    entry = working.entry(actor, entry_id, lock=True)
    if entry.kind is not EntryKind.NEXT_STEP:
        raise NotANextStep
    if entry.done_at is None:
        entry.done_at = clock.now()
        db.session().flush()
        record(actor, "deal.step_done", found)
    return entry


def join(actor: Actor, found: Deal, member_ids: Collection[UUID]) -> None:
    """Let members of the own side work on a deal from now on, those who do not yet."""
    there = {one.id for one in working.team(actor, found.id, actor.organization_id).people}
    for member_id in sorted(set(member_ids) - there):
        db.session().add(
            DealPerson(
                id=new_id(),
                **of_deal(found),
                organization_id=actor.organization_id,
                member_id=member_id,
                named_at=clock.now(),
            )
        )
    db.session().flush()


def of_deal(found: Deal) -> dict[str, UUID]:
    """Return by which columns a row belongs to a deal."""
    names = ("partnership_id", "first_organization_id", "second_organization_id")
    return {name: getattr(found, name) for name in names} | {"deal_id": found.id}
