"""Shapes of cases, their files and their moderators on the wire."""

from marshmallow import fields

from partnercrm.cases.lifecycle import OPENED_BY_HAND, CaseKind, CaseStatus, DecidedBy, Outcome
from partnercrm.cases.models import EntryKind, ModerationStatus, NamingStatus
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Day, Email, Id, Moment, Shape, Text, Written


class FactShape(Shape):
    """One fact of a piece of evidence, as its side shows it."""

    name = Text(most=100, example="Accepted", required=True)
    value = Text(most=500, least=0, example="14 March 2026", required=True)


class AddEvidence(Shape):
    """What your side chooses to show; it is copied as it stands."""

    title = Text(most=200, example="Steps of the lead", required=True)
    text = Text(most=4000, least=0, example="The contact answered our mail.", load_default="")
    facts = fields.List(fields.Nested(FactShape), validate=limits.Length(max=50), load_default=list)


class OpenCase(Shape):
    """A case to open with the other side."""

    partnership_id = Id(required=True)
    kind = fields.String(
        required=True,
        validate=limits.OneOf(sorted(OPENED_BY_HAND)),
        metadata={"example": CaseKind.CLAIM.value, "description": "A disqualified lead is contested on its offer."},
    )
    claim = Text(most=2000, example="The answer came after the agreed time.", required=True)
    due_on = Day(metadata={"description": "Until when it is to be settled; two weeks from now when left out."})
    subject = Written("offers", "Only an offer can be named here.", most=6, least=6, example="offers")
    subject_id = Id()
    evidence = fields.List(fields.Nested(AddEvidence), validate=limits.Length(max=10), load_default=list)

    together = ("subject", "subject_id")


class MakeStatement(Shape):
    """Something to say to a case."""

    text = Text(most=4000, example="We called twice and wrote once.", required=True)


class ProposeOutcome(Shape):
    """What a case could come to."""

    outcome = Choice(Outcome, required=True)
    reasons = Text(most=4000, example="The contact was on leave; the need is real.", required=True)
    next_step = Text(most=2000, least=0, example="Gina calls again in April.")


class AgreeOutcome(Shape):
    """The proposal you agree to, as you read it."""

    proposal_id = Id(required=True)


class HandOverCase(Shape):
    """Who is to own the case on your side."""

    member_id = Id(required=True)


class NameModerator(Shape):
    """Whom to ask; the answer is the same whether the address is known here."""

    address = Email(required=True, metadata={"description": "Somebody of a third organization."})


class AcceptModeration(Shape):
    """What both sides read about your independence."""

    declares = Text(most=1000, example="We work with neither of you.", required=True)


class EntryView(Shape):
    """One thing said or shown in a case."""

    id = Id(required=True)
    author_id = Id(required=True)
    kind = Choice(EntryKind, required=True)
    title = Text(most=200, example="Steps of the lead", required=True, allow_none=True)
    text = Text(most=4000, least=0, example="We called twice.", required=True)
    facts = fields.List(fields.Nested(FactShape), required=True)
    outcome = Choice(Outcome, required=True, allow_none=True)
    next_step = Text(most=2000, least=0, example="Gina calls again.", required=True, allow_none=True)
    happened_at = Moment(required=True)
    recorded_at = Moment(required=True)


class DecisionView(Shape):
    """What was decided, and why."""

    reasons = Text(most=4000, example="The need is real.", required=True, attribute="text")
    next_step = Text(most=2000, least=0, example="Gina calls again.", required=True, allow_none=True)


class OwnerView(Shape):
    """Who owns a case on one side."""

    organization_id = Id(required=True)
    member_id = Id(required=True)
    name = Text(most=200, example="Dana Whitfield", required=True)


class NamingView(Shape):
    """Whom both sides ask to moderate, and how far that is."""

    address = Email(required=True)
    named_by_id = Id(required=True)
    status = Choice(NamingStatus, required=True)
    moderator_name = Text(most=200, example="Initech", required=True, allow_none=True)
    declares = Text(most=1000, example="We work with neither of you.", required=True, allow_none=True)
    named_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)


class FileView(Shape):
    """A case as its moderator reads it."""

    id = Id(required=True)
    first_organization_id = Id(required=True)
    first_name = Text(most=200, example="Acme", required=True)
    second_organization_id = Id(required=True)
    second_name = Text(most=200, example="Globex", required=True)
    opener_id = Id(required=True)
    kind = Choice(CaseKind, required=True)
    status = Choice(CaseStatus, required=True)
    claim = Text(most=2000, example="The answer came after the agreed time.", required=True)
    due_on = Day(required=True)
    outcome = Choice(Outcome, required=True, allow_none=True)
    decided_by = Choice(DecidedBy, required=True, allow_none=True)
    decision = fields.Nested(DecisionView, required=True, allow_none=True)
    opened_at = Moment(required=True)
    submitted_at = Moment(required=True, allow_none=True)
    decided_at = Moment(required=True, allow_none=True)


class CaseView(FileView):
    """A case as both sides read it."""

    partnership_id = Id(required=True)
    subject = Text(most=60, example="offers", required=True, allow_none=True)
    subject_id = Id(required=True, allow_none=True)
    proposal_id = Id(required=True, allow_none=True)
    proposed_by_id = Id(required=True, allow_none=True)
    owners = fields.List(
        fields.Nested(OwnerView),
        required=True,
        metadata={
            "description": "Who owns the case on each side; once it is over, on yours. In lists yourself alone, "
            "unless your works agreement opens them."
        },
    )
    naming = fields.Nested(NamingView, required=True, allow_none=True)
    closed_at = Moment(required=True, allow_none=True)


class ModerationView(Shape):
    """An invitation to moderate."""

    id = Id(required=True)
    case_id = Id(required=True)
    first_name = Text(most=200, example="Acme", required=True)
    second_name = Text(most=200, example="Globex", required=True)
    kind = Choice(CaseKind, required=True)
    status = Choice(ModerationStatus, required=True)
    declares = Text(most=1000, example="We work with neither of you.", required=True, allow_none=True)
    received_at = Moment(required=True)


class CaseQuery(ListQuery):
    """Filters and orders of cases."""

    sort = sort_field("-opened_at", "opened_at", "due_on", "-due_on")
    status = Choice(CaseStatus)
    kind = Choice(CaseKind)
    partnership_id = Id()
    subject_id = Id()


class EntryQuery(ListQuery):
    """Orders of a case's file."""

    sort = sort_field("recorded_at", "-recorded_at")


class ModerationQuery(ListQuery):
    """Orders of the invitations to moderate."""

    sort = sort_field("-received_at", "received_at")
