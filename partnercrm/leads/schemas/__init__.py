"""Shapes of leads, offers and the reciprocity report on the wire."""

from partnercrm.leads.schemas.asking import AnswerQuestion, AskQuestion, QuestionQuery, QuestionView
from partnercrm.leads.schemas.exchanging import (
    ClaimCredit,
    ContestLead,
    DeclineOffer,
    DisqualifyLead,
    Happened,
    LoseLead,
    OfferLead,
    OfferNewLead,
    OfferQuery,
    OfferView,
    ReturnLead,
    SnoozeLead,
    TimelineView,
    WinLead,
)
from partnercrm.leads.schemas.factsheets import FactSheetQuery, FactSheetView
from partnercrm.leads.schemas.figures import (
    PersonFiguresView,
    SellersQuery,
    SellersView,
    TeamFiguresQuery,
    TeamFiguresView,
)
from partnercrm.leads.schemas.keeping import EditLead, EnterLead, LeadQuery, LeadsView, LeadView, PutLead, PutLeads
from partnercrm.leads.schemas.reckoning import ReckonQuery
from partnercrm.leads.schemas.reporting import ReportQuery, ReportView
from partnercrm.leads.schemas.requesting import (
    AskToOffer,
    DeclineRequest,
    OfferOrAsk,
    OfferOrAskNewLead,
    RequestQuery,
    RequestView,
    TurnView,
)

__all__ = [
    "AnswerQuestion",
    "AskQuestion",
    "AskToOffer",
    "ClaimCredit",
    "ContestLead",
    "DeclineOffer",
    "DeclineRequest",
    "DisqualifyLead",
    "EditLead",
    "EnterLead",
    "FactSheetQuery",
    "FactSheetView",
    "Happened",
    "LeadQuery",
    "LeadView",
    "LeadsView",
    "LoseLead",
    "OfferLead",
    "OfferNewLead",
    "OfferOrAsk",
    "OfferOrAskNewLead",
    "OfferQuery",
    "OfferView",
    "PersonFiguresView",
    "PutLead",
    "PutLeads",
    "QuestionQuery",
    "QuestionView",
    "ReckonQuery",
    "ReportQuery",
    "ReportView",
    "RequestQuery",
    "RequestView",
    "ReturnLead",
    "SellersQuery",
    "SellersView",
    "SnoozeLead",
    "TeamFiguresQuery",
    "TeamFiguresView",
    "TimelineView",
    "TurnView",
    "WinLead",
]
