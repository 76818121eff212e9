"""How deals are shared, as pages: what waits, one proposal beside what holds, and the forms to propose and answer."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from partnercrm.deals.queries import selling
from partnercrm.incentives.actions import sharing as actions
from partnercrm.incentives.models import SplitProposal
from partnercrm.incentives.pages import telling
from partnercrm.incentives.pages.blueprint import pages
from partnercrm.incentives.queries import agreements as queries
from partnercrm.incentives.queries.agreements import DealSharing
from partnercrm.incentives.schemas.sharing import ProposeSplit, SplitProposalQuery
from partnercrm.incentives.sharing import applied
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.agreements import PartnerRole
from partnercrm.partnerships.models import ChangeStatus, Partnership
from partnercrm.partnerships.percents import millionths
from partnercrm.web import frame
from partnercrm.web.page import Form

_IN_PERCENT: Final = ("revenue_split", "overlay_split", "rate")


@pages.show("/split-proposals", scope="deals:read")
def split_proposals(actor: Actor) -> str:
    """Show what either side proposed about sharing deals; first what waits for our answer."""
    filters = Form.asked()
    found = queries.proposals(actor, filters.load(SplitProposalQuery))
    first_url, next_url = filters.pages("incentives_pages.split_proposals", found.next)
    joined = partnerships.joined_partnerships(actor)
    return render_template(
        "incentives/split_proposals.html",
        found=found.items,
        filters=filters,
        statuses=frame.choices(ChangeStatus),
        names=queries.company_names(actor, [one.deal_id for one in found.items]),
        partners={one.id: one.name_of(one.other(actor.organization_id)) for one in joined},
        mine=actor.organization_id,
        first_url=first_url,
        next_url=next_url,
    )


@pages.show("/split-proposals/<uuid:proposal_id>", scope="deals:read")
def split_proposal(actor: Actor, proposal_id: UUID, form: Form | None = None) -> str:
    """Show how one side would have a deal shared, beside what holds, and the ways to answer."""
    one = queries.proposal(actor, proposal_id)
    found = queries.sharing_of(actor, one.deal_id)
    partnership = partnerships.joined_partnership(actor, one.partnership_id)
    agreed = queries.agreement(actor, one.deal_id, one.based_on)
    frame.stand_under("incentives_pages.split_proposals")
    return render_template(
        "incentives/split_proposal.html",
        one=one,
        deal=selling.deal(actor, one.deal_id),
        partnership=partnership,
        rows=telling.rows(partnership, agreed.sharing if agreed else None, one.sharing),
        template=next((each for each in partnership.terms.split_templates if each.id == one.template_id), None),
        ours=one.organization_id == actor.organization_id,
        may_answer=actor.has("incentives:agree") and one.status is ChangeStatus.OPEN,
        sharing=found,
        form=form or Form(),
    )


@pages.show("/deals/<uuid:deal_id>/split-proposals/new", scope="incentives:agree")
def propose_split(actor: Actor, deal_id: UUID, form: Form | None = None) -> str:
    """Show the templates that fit a deal, and the form to write a split oneself."""
    found = queries.sharing_of(actor, deal_id)
    return _shown(actor, found, url_for("incentives_pages.send_split", deal_id=deal_id), form, found.latest)


@pages.act("/deals/<uuid:deal_id>/split-proposals/new", scope="incentives:agree", again=propose_split)
def send_split(actor: Actor, deal_id: UUID, form: Form) -> str:
    """Send a split to the partner."""
    made = actions.propose_split(actor, deal_id, in_millionths(form).load(ProposeSplit))
    flash(_("The other side has your proposal. The deal is shared like this when it accepts."))
    return _to(made.id)


@pages.show("/split-proposals/<uuid:proposal_id>/change", scope="incentives:agree")
def change_split(actor: Actor, proposal_id: UUID, form: Form | None = None) -> str:
    """Show the form of another split instead of one that waits."""
    one = queries.proposal(actor, proposal_id)
    url = url_for("incentives_pages.send_changed_split", proposal_id=proposal_id)
    return _shown(actor, queries.sharing_of(actor, one.deal_id), url, form, one)


@pages.act("/split-proposals/<uuid:proposal_id>/change", scope="incentives:agree", again=change_split)
def send_changed_split(actor: Actor, proposal_id: UUID, form: Form) -> str:
    """Send another split instead of one that waits."""
    made = actions.change_split(actor, proposal_id, in_millionths(form).load(ProposeSplit))
    flash(_("The other side has this proposal now; the one before is answered by it."))
    return _to(made.id)


@pages.act("/split-proposals/<uuid:proposal_id>/accept", scope="incentives:agree", again=split_proposal)
def accept_split(actor: Actor, proposal_id: UUID, form: Form) -> str:
    """Agree to it."""
    agreed = actions.accept_split(actor, proposal_id)
    flash(_("Agreed. Both sides read the same split."))
    return url_for("deals_pages.deal", deal_id=agreed.deal_id)


@pages.act("/split-proposals/<uuid:proposal_id>/decline", scope="incentives:agree", again=split_proposal)
def decline_split(actor: Actor, proposal_id: UUID, form: Form) -> str:
    """Decline it."""
    actions.decline_split(actor, proposal_id)
    return _to(proposal_id)


@pages.act("/split-proposals/<uuid:proposal_id>/withdraw", scope="incentives:agree", again=split_proposal)
def withdraw_split(actor: Actor, proposal_id: UUID, form: Form) -> str:
    """Take it back."""
    actions.withdraw_split(actor, proposal_id)
    return _to(proposal_id)


def in_millionths(form: Form) -> Form:
    """Return the form with what people write in percent as the millionths it stands for; what is no number stays."""
    values = {name: _read(name, value) for name, value in form.values.items()}
    return Form(values, form.chosen, form.errors, form.problem, form.labels)


def _read(name: str, value: str) -> str:
    read = millionths(value) if name.rpartition(".")[2] in _IN_PERCENT else None
    return value if read is None else str(read)


def _shown(actor: Actor, found: DealSharing, url: str, form: Form | None, start: Any) -> str:
    partnership = partnerships.joined_partnership(actor, found.partnership_id)
    frame.stand_under("incentives_pages.split_proposals")
    partner_id = partnership.other(found.origin_id)
    return render_template(
        "incentives/propose_split.html",
        deal=selling.deal(actor, found.deal_id),
        found=found,
        partnership=partnership,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        templates=[
            (one, telling.rows(partnership, applied(one, found.origin_id, partner_id))) for one in found.templates
        ],
        sides=[(str(side.organization_id), side.name) for side in partnership.sides_by_id],
        roles=frame.choices(PartnerRole),
        url=url,
        today=clock.now().date(),
        form=form or Form(_values(partnership, found, start)),
        writes=bool(form) or not found.templates or "write" in request.args,
    )


def _values(partnership: Partnership, found: DealSharing, start: Any) -> Mapping[str, str]:
    """Return what is filled in: what was agreed or proposed last."""
    if start is None:
        return {"role": PartnerRole.CO_SELL.value}
    values = {"role": start.role.value, **telling.in_percent(start.sharing)}
    if isinstance(start, SplitProposal) and start.effective_on:
        values["effective_on"] = start.effective_on.isoformat()
    return values


def _to(proposal_id: UUID) -> str:
    return url_for("incentives_pages.split_proposal", proposal_id=proposal_id)
