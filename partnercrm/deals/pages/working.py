"""The forms by which people of both sides work on a deal: teams, comments, next steps."""

from uuid import UUID

from flask import flash, url_for
from flask_babel import gettext as _

from partnercrm.deals.actions import working as actions
from partnercrm.deals.entries import EntryKind
from partnercrm.deals.pages.blueprint import pages
from partnercrm.deals.pages.selling import deal
from partnercrm.deals.queries import working as queries
from partnercrm.deals.schemas.working import NameDealTeam, WriteEntry
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form
from partnercrm.web.shapes import Shape, Text


class CommentOnPage(Shape):
    """A comment, and whom it mentions."""

    text = WriteEntry().fields["text"]
    mentioned = WriteEntry().fields["mentioned"]


class StepOnPage(Shape):
    """A next step and its day."""

    step = Text(most=2000, example="Show it to their logistics team.", required=True)
    due_on = WriteEntry().fields["due_on"]


@pages.act("/deals/<uuid:deal_id>/team", scope="deals:write", again=deal)
def name_deal_team(actor: Actor, deal_id: UUID, form: Form) -> str:
    """Name who of our side works on it."""
    chosen = Form({"member_ids": "", **form.values}, {"member_ids": (), **form.chosen})
    actions.name_deal_team(actor, deal_id, chosen.load(NameDealTeam)["member_ids"])
    flash(_("Your team is named; your partner's people see whom to ask."))
    return _to(deal_id)


@pages.act("/deals/<uuid:deal_id>/comment", scope="deals:write", again=deal)
def write_deal_comment(actor: Actor, deal_id: UUID, form: Form) -> str:
    """Write a comment that both sides read."""
    actions.write(actor, deal_id, {"kind": EntryKind.COMMENT, **form.load(CommentOnPage)})
    return _to(deal_id)


@pages.act("/deals/<uuid:deal_id>/step", scope="deals:write", again=deal)
def plan_deal_step(actor: Actor, deal_id: UUID, form: Form) -> str:
    """Add a next step that both sides read."""
    given = form.load(StepOnPage)
    actions.write(actor, deal_id, {"kind": EntryKind.NEXT_STEP, "text": given["step"], "due_on": given["due_on"]})
    return _to(deal_id)


@pages.show("/deal-entries/<uuid:entry_id>", scope="deals:read")
def deal_entry(actor: Actor, entry_id: UUID, form: Form | None = None) -> str:
    """Show the deal that something was written about."""
    shown: str = deal(actor, queries.entry(actor, entry_id).deal_id, form)
    return shown


@pages.act("/deal-entries/<uuid:entry_id>/finish", scope="deals:write", again=deal_entry)
def finish_deal_step(actor: Actor, entry_id: UUID, form: Form) -> str:
    """Say that a next step is done."""
    return _to(actions.finish_step(actor, entry_id).deal_id)


def _to(deal_id: UUID) -> str:
    return url_for("deals_pages.deal", deal_id=deal_id)
