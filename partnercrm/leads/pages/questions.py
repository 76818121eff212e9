"""What a person asks or answers about an offered lead, on the offer's page."""

from uuid import UUID

from flask import url_for

from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import asking
from partnercrm.leads.pages.blueprint import pages
from partnercrm.leads.pages.offers import offer
from partnercrm.leads.schemas import AnswerQuestion, AskQuestion
from partnercrm.web.page import Form


@pages.act("/offers/<uuid:offer_id>/questions", scope="leads:write", again=offer)
def ask_question(actor: Actor, offer_id: UUID, form: Form) -> str:
    """Ask the giver something."""
    asking.ask_question(actor, offer_id, form.load(AskQuestion))
    return url_for("leads_pages.offer", offer_id=offer_id, _anchor="questions")


@pages.act("/offers/<uuid:offer_id>/questions/<uuid:question_id>/answer", scope="leads:write", again=offer)
def answer_question(actor: Actor, offer_id: UUID, question_id: UUID, form: Form) -> str:
    """Answer what was asked."""
    asking.answer_question(actor, offer_id, question_id, form.load(AnswerQuestion))
    return url_for("leads_pages.offer", offer_id=offer_id, _anchor="questions")
