"""Partnerships' pages: what stands, who is in it, proposals both ways, the end."""

from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import escape

from partnercrm.calendars import queries as calendars
from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.partnerships import actions, queries
from partnercrm.partnerships.models import MemberRole, ReceivedStatus, ValueDisclosure
from partnercrm.partnerships.pages import phases, terms
from partnercrm.partnerships.pages.blueprint import pages
from partnercrm.partnerships.schemas import (
    NameMember,
    PartnershipQuery,
    ProposalQuery,
    ProposePartnership,
    ReceivedProposalQuery,
)
from partnercrm.web import frame
from partnercrm.web.page import FirstStep, Form

__all__ = ["pages", "phases", "terms"]

_USUAL: Final = {
    "terms.share_given_percent": "50",
    "terms.tolerance_points": "10",
    "terms.response_hours": "48",
    "terms.offer_days": "30",
    "terms.value_disclosure": ValueDisclosure.BAND.value,
}


@pages.show("/partnerships", scope="partnerships:read")
def partnerships(actor: Actor) -> str:
    """Show the organization's partnerships."""
    asked = Form.asked()
    found = queries.partnerships(actor, asked.load(PartnershipQuery))
    first_url, next_url = asked.pages("partnerships_pages.partnerships", found.next)
    waiting = [proposal for proposal in _received(actor) if proposal.status is ReceivedStatus.OPEN]
    return render_template(
        "partnerships/partnerships.html",
        partnerships=found.items,
        mine=actor.organization_id,
        first_url=first_url,
        next_url=next_url,
        waiting=len(waiting),
        may_propose=actor.has("partnerships:write"),
    )


@pages.show("/partnerships/<uuid:partnership_id>", scope="partnerships:read")
def partnership(actor: Actor, partnership_id: UUID, form: Form | None = None, **_places: Any) -> str:
    """Show one partnership."""
    found = queries.partnership(actor, partnership_id)
    members = {member.user_id for member in found.members_by_name}
    colleagues = [(person.id, person.name) for person in identity.colleagues(actor) if person.id not in members]
    return render_template(
        "partnerships/partnership.html",
        partnership=found,
        mine=actor.organization_id,
        colleagues=colleagues,
        clocks=[]
        if found.has_ended
        else [calendars.opening_times_of_side(actor, one.organization_id) for one in found.sides_by_id],
        roles=frame.choices(MemberRole),
        may_change=actor.has("partnerships:write") and not found.has_ended,
        panels=frame.panels("partnership", actor, found),
        form=form or Form(),
    )


@pages.act("/partnerships/<uuid:partnership_id>/members", scope="partnerships:write", again=partnership)
def name_member(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Name one of our own people as a member."""
    actions.name_member(actor, partnership_id, form.load(NameMember))
    return url_for("partnerships_pages.partnership", partnership_id=partnership_id)


@pages.act(
    "/partnerships/<uuid:partnership_id>/members/<uuid:member_id>/release",
    scope="partnerships:write",
    again=partnership,
)
def release_member(actor: Actor, partnership_id: UUID, member_id: UUID, form: Form) -> str:
    """End the membership of one of our own people."""
    actions.release_member(actor, partnership_id, member_id)
    return url_for("partnerships_pages.partnership", partnership_id=partnership_id)


@pages.act("/partnerships/<uuid:partnership_id>/end", scope="partnerships:write", again=partnership)
def end_partnership(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """End the partnership, once it was confirmed that this is meant."""
    if "confirmed" not in form.values:
        raise Invalid.field("confirmed", gettext("Tick the box if the partnership is to end now."))
    actions.end_partnership(actor, partnership_id, form.values.get("version", ""))
    return url_for("partnerships_pages.partnership", partnership_id=partnership_id)


@pages.show("/partnerships/propose", scope="partnerships:write")
def propose(actor: Actor, form: Form | None = None) -> str:
    """Show the form of a proposal."""
    return render_template(
        "partnerships/propose.html", form=form or Form(_USUAL), values=frame.choices(ValueDisclosure)
    )


@pages.act("/partnerships/propose", scope="partnerships:write", again=propose)
def propose_partnership(actor: Actor, form: Form) -> str:
    """Send a proposal; the answer is the same whether its addressee is known."""
    actions.propose_partnership(actor, form.load(ProposePartnership))
    flash(gettext("Your proposal is on its way. You see here when it is answered."))
    return url_for("partnerships_pages.proposals")


@pages.show("/proposals", scope="partnerships:read")
def proposals(actor: Actor, form: Form | None = None, **_places: Any) -> str:
    """Show the proposals received and sent."""
    return render_template(
        "partnerships/proposals.html",
        received=_received(actor),
        sent=queries.proposals(actor, ProposalQuery().load({})).items,
        may_change=actor.has("partnerships:write"),
    )


@pages.act("/received-proposals/<uuid:received_id>/accept", scope="partnerships:write", again=proposals)
def accept_proposal(actor: Actor, received_id: UUID, form: Form) -> str:
    """Accept a proposal and go on to the partnership that begins."""
    begun = actions.accept_proposal(actor, received_id)
    return url_for("partnerships_pages.partnership", partnership_id=begun.id)


@pages.act("/received-proposals/<uuid:received_id>/decline", scope="partnerships:write", again=proposals)
def decline_proposal(actor: Actor, received_id: UUID, form: Form) -> str:
    """Decline a proposal."""
    actions.decline_proposal(actor, received_id)
    return url_for("partnerships_pages.proposals")


@pages.act("/proposals/<uuid:proposal_id>/withdraw", scope="partnerships:write", again=proposals)
def withdraw_proposal(actor: Actor, proposal_id: UUID, form: Form) -> str:
    """Take a proposal back."""
    actions.withdraw_proposal(actor, proposal_id)
    return url_for("partnerships_pages.proposals")


@pages.panel("home", rank=0)
def waiting_proposals(actor: Actor) -> str | None:
    """Show who may answer them the proposals that wait."""
    if not actor.has("partnerships:write"):
        return None
    waiting = [proposal for proposal in _received(actor) if proposal.status is ReceivedStatus.OPEN]
    return render_template("partnerships/home_proposals.html", proposals=waiting) if waiting else None


@pages.first_step(rank=3)
def propose_first(actor: Actor) -> FirstStep:
    """Look whether a partnership was proposed, by us or to us."""
    return FirstStep(
        queries.has_begun(actor),
        gettext("Propose a partnership"),
        gettext(
            "To the address of somebody who runs partnerships at your partner. Their organization has to be in this"
            " installation, too: whoever runs it enters organizations. Until then the proposal waits."
        ),
        url_for("partnerships_pages.propose"),
        "partnerships:write",
    )


def _received(actor: Actor) -> Any:
    return queries.received_proposals(actor, ReceivedProposalQuery().load({})).items


pages.way(
    "partnerships",
    "partnerships",
    _("Partnerships"),
    *("partnership", "name_member", "end_partnership"),
    *("terms", "propose_change", "propose_terms", "keep_term_draft", "term_change", "decline_terms"),
    *("progress", "phase_move", "propose_phase", "pause_partnership"),
)
pages.way("partnerships", "proposals", _("Proposals"), "propose", "propose_partnership")


@pages.panel("chain")
def whose_chain(actor: Actor, partnership_id: UUID) -> str:
    """Say whose partnership a chain of the record is over."""
    return escape(queries.partner_name(actor, partnership_id))
