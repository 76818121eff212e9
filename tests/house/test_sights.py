"""Whatever an answer tells of a person stands on the page that tells people what is seen of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from marshmallow import Schema, fields

from partnercrm.activity.sights import Sight
from partnercrm.app import APIS
from partnercrm.identity.queries import seen
from partnercrm.kernel.actor import Asked
from partnercrm.reactions import SIGHTS
from partnercrm.web.endpoint import operations
from partnercrm.web.operation import Operation
from partnercrm.web.shapes import Shape, Text

PERSONAL: Final = re.compile(
    r"(?!respond_by|follow_up_by)((.*_)?(user|owner|deputy|member|author|person|looked|moderator|assignee|address|email)(_id|_by|_email|_name)?"
    r"|(.*_)?(name|by|by_id|by_name|owners|members|kept)|last_used_at)"
)
NOT_OF_USERS: Final = {
    "DetailsView": "a company, and its contact person, who is no user",
    "AccountFacts": "a company",
    "CardView.address": "a page of ours",
    "HitView": "a company",
    "AlikeView.name": "a company",
    "PairedView.name": "a company",
    "ParentView.name": "a company",
    "PopulationView.name": "a segment of accounts",
    "DisclosureView": "a company",
    "FreezeView.lifted_by": "organizations",
    "MappingView.stopped_by": "an organization",
    "JointAccountView": "a company, and an organization",
    "NameCompany.name": "a company",
    "OwnAccount": "a company",
    "ContactFields": "a contact person, who is no user",
    "LeadFields": "a company, and its contact person, who is no user",
    "FileView": "organizations",
    "ModerationView": "organizations",
    "NamingView.moderator_name": "an organization",
    "NamingView.named_by_id": "an organization",
    "EntryView.author_id": "an organization",
    "CaseView.proposed_by_id": "an organization",
    "FileView.decided_by": "one of the sides or the moderator",
    "SideView.name": "an organization",
    "SideReportView.name": "an organization",
    "SeenView.user_id": "the reader",
    "SightView.seen_by": "kinds of readers",
    "ReceivedProposalView.proposer_name": "an organization",
    "StandingView.paused_by": "an organization",
    "ProgressView.entered_by": "an organization",
    "TermsVersionView.proposed_by": "an organization",
    "TermChangeView.proposed_by": "an organization",
    "CompensationPlanView.name": "a plan",
    "CriterionShape.shown_by": "what shows that a criterion is met",
    "ProductLineShape.name": "a product line",
    "SplitTemplateShape.name": "a template",
    "SplitProposalView.proposed_by": "an organization",
    "ReckonedRowView.name": "a product line",
    "ReckoningView.by": "what the rows are of",
    "SegmentView.name": "a product line",
    "SegmentsView.by": "what the rows are of",
    "TeamView.name": "a team",
    "ConflictView": "a side",
    "AttributionView.influenced_by": "an organization",
    "AttributionView.sourced_by": "an organization",
    "DealFileView.name": "a file",
    "DealView.account_name": "a company",
    "RegistrationView.account_name": "a company",
    "OfferView.company_name": "a company",
    "PickView.company_name": "a company",
    "FileImportView.file_name": "a file",
    "FactShape.name": "what a fact is called",
    "SightView.granted_by": "a function",
}


def told(found: Sequence[Operation]) -> Iterator[tuple[str, type[Schema]]]:
    """Yield every field of the answers that may tell of a person, as (shape it is declared in, name)."""
    seen_shapes: set[type[Schema]] = set()
    todo = [operation.answers for operation in found if operation.answers]
    while todo:
        shape = todo.pop()
        if shape in seen_shapes:
            continue
        seen_shapes.add(shape)
        for name, field in shape().fields.items():
            inner = field.inner if isinstance(field, fields.List) else field
            if isinstance(inner, fields.Nested):
                todo.append(type(inner.schema))
            if PERSONAL.fullmatch(name):
                yield f"{_declaring(shape, name)}.{name}", shape


def _declaring(shape: type[Schema], name: str) -> str:
    """Return the shape that says the field as it stands here, of those this one is made from."""
    said = shape._declared_fields[name]
    return next(
        one.__name__ for one in reversed(shape.__mro__) if getattr(one, "_declared_fields", {}).get(name) is said
    )


def unseen(found: Sequence[Operation], sights: Sequence[Sight]) -> list[str]:
    covered = {field for sight in sights for field in sight.fields}
    return sorted(
        {
            field
            for field, _shape in told(found)
            if field not in covered and field not in NOT_OF_USERS and field.partition(".")[0] not in NOT_OF_USERS
        }
    )


ALL: Final = [operation for _path, operation in operations(APIS)]


def test_every_field_that_tells_of_a_person_is_covered_by_a_sight() -> None:
    assert unseen(ALL, SIGHTS) == []


def test_a_field_nobody_thought_of_is_found() -> None:
    class GossipView(Shape):
        """What nobody declared."""

        told_by = Text(most=10, example="Dana")

    planted = Operation("GET", "/gossip", "read_gossip", None, GossipView, 200)

    assert unseen([*ALL, planted], SIGHTS) == ["GossipView.told_by"]
    assert unseen(ALL, SIGHTS[1:]) != []


def test_sights_name_fields_and_operations_that_exist() -> None:
    shown = {field for field, _shape in told(ALL)}
    known: Mapping[str, Asked] = {operation.endpoint: operation.scope for operation in ALL}

    assert [one.kind for one in SIGHTS if not set(one.operations) <= set(known)] == []
    assert sorted({field for sight in SIGHTS for field in sight.fields} - shown) == []
    assert sorted(set(NOT_OF_USERS) - shown - {field.partition(".")[0] for field in shown}) == []
    assert {one.kind for one in seen.declared()} <= {one.kind for one in SIGHTS}
