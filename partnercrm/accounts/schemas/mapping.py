"""Shapes of mappings: proposing and agreeing, the matrix both sides read, overlaps, epochs, budgets, freezes."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.accounts.mappings import MappingStatus
from partnercrm.accounts.models.mapping import OverlapDisclosure
from partnercrm.accounts.probing import COMPARISONS, Tripwire
from partnercrm.accounts.queries.mapping import CellSeen, FreezeSeen
from partnercrm.accounts.queries.overlaps import OverlapSeen
from partnercrm.accounts.tiers import AccountField, MappingTier
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Flag, Id, Moment, Shape, Text, Whole

_MOST = 10**9
_FIELDS = {"description": "What of an account travels at the tiers that tell of fields; what both give."}
_AT_LEAST = {"description": "Roughly: at least so many."}


def _label(**options: Any) -> Text:
    return Text(most=80, example="Customers in Austria", **options)


class ProposeMapping(Shape):
    """Which of your populations to compare, and how much both sides learn at most."""

    partnership_id = Id(required=True)
    population_id = Id(required=True)
    label = _label(
        allow_none=True,
        load_default=None,
        metadata={"description": "What both read of the population; its name if you say nothing else."},
    )
    tier = Choice(MappingTier, required=True)
    shown = fields.List(Choice(AccountField), load_default=list, metadata=_FIELDS | {"example": ["name", "city"]})


class ProposeMappingOnPage(ProposeMapping):
    """What the page asks of who proposes a mapping; its address says in which partnership."""

    class Meta(Shape.Meta):
        """All but the partnership."""

        exclude = ("partnership_id",)


class AgreeMapping(Shape):
    """Which of your populations it is compared with; a lower tier or fewer fields, if you wish."""

    population_id = Id(required=True)
    label = _label(allow_none=True, load_default=None)
    tier = Choice(MappingTier)
    shown = fields.List(Choice(AccountField), metadata=_FIELDS | {"example": ["name", "city"]})


class MappingView(Shape):
    """A mapping as both sides read it."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    organization_id = Id(required=True, metadata={"description": "The side that proposed it."})
    other_id = Id(required=True)
    label = _label(required=True)
    other_label = _label(required=True, allow_none=True)
    tier = Choice(MappingTier, required=True)
    shown = fields.List(Choice(AccountField), required=True, metadata=_FIELDS | {"example": ["name", "city"]})
    status = Choice(MappingStatus, required=True)
    proposed_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)
    stopped_at = Moment(required=True, allow_none=True)
    stopped_by = Id(required=True, allow_none=True)

    @pre_dump
    def lay_out(self, mapping: Any, **_: Any) -> dict[str, Any]:
        """Read the fields as what they are."""
        values = {name: getattr(mapping, name) for name in self.fields}
        return values | {"shown": [AccountField(name) for name in mapping.shown]}


class MappingQuery(ListQuery):
    """Filters and orders of mappings."""

    sort = sort_field("-proposed_at", "proposed_at")
    partnership_id = Id()
    status = Choice(MappingStatus)


class EpochView(Shape):
    """One comparison of all that is agreed, as the record ran it for both sides; sides are ordered by organization."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    first_organization_id = Id(required=True)
    second_organization_id = Id(required=True)
    number = Whole(least=1, most=_MOST, example=7, required=True)
    ran_at = Moment(required=True)
    is_frozen = Flag(
        example=False, required=True, metadata={"description": "A tripwire was touched; nothing was told."}
    )
    first_listed = Whole(least=0, most=_MOST, example=250, required=True, metadata=_AT_LEAST)
    second_listed = Whole(least=0, most=_MOST, example=1000, required=True, metadata=_AT_LEAST)
    first_changed = Whole(least=0, most=_MOST, example=1, required=True, metadata=_AT_LEAST)
    second_changed = Whole(least=0, most=_MOST, example=10, required=True, metadata=_AT_LEAST)


class EpochQuery(ListQuery):
    """The order of epochs."""

    sort = sort_field("-number", "number")


class MappingCellView(Shape):
    """How many companies both have of one mapping; null until an epoch has compared it, `most` where there is no edge.

    Where only counts are agreed it lies between the two; elsewhere both are the same number.
    """

    mapping_id = Id(required=True)
    first_label = _label(required=True)
    second_label = _label(required=True)
    tier = Choice(MappingTier, required=True)
    least = Whole(least=0, most=_MOST, example=25, required=True, allow_none=True)
    most = Whole(least=0, most=_MOST, example=58, required=True, allow_none=True)
    added = Whole(least=0, most=_MOST, example=3, required=True, allow_none=True)
    gone = Whole(least=0, most=_MOST, example=1, required=True, allow_none=True)

    @pre_dump
    def lay_out(self, seen: CellSeen, **_: Any) -> dict[str, Any]:
        """Put the labels in the order of the sides."""
        first, second = sorted(seen.mapping.sides())
        told = {name: getattr(seen.cell, name) if seen.cell else None for name in ("least", "most", "added", "gone")}
        return told | {
            "mapping_id": seen.mapping.id,
            "first_label": seen.mapping.label_of(first),
            "second_label": seen.mapping.label_of(second),
            "tier": seen.mapping.tier,
        }


class FreezeView(Shape):
    """What stopped the mapping, by whose lists, and which sides have lifted it."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    about_id = Id(required=True)
    wire = Choice(Tripwire, required=True)
    frozen_at = Moment(required=True)
    lifted_by = fields.List(Id(), required=True)

    @pre_dump
    def lay_out(self, seen: FreezeSeen, **_: Any) -> dict[str, Any]:
        """Put who lifted it beside the freeze."""
        names = ("id", "partnership_id", "about_id", "wire", "frozen_at")
        return {name: getattr(seen.freeze, name) for name in names} | {"lifted_by": seen.lifted_by}


class MatrixView(Shape):
    """What the last epoch tells of all that is agreed: the same bytes for both sides."""

    partnership_id = Id(required=True)
    first_organization_id = Id(required=True)
    second_organization_id = Id(required=True)
    epoch = fields.Nested(EpochView, required=True, allow_none=True)
    cells = fields.List(fields.Nested(MappingCellView), required=True)
    freezes = fields.List(fields.Nested(FreezeView), required=True)


class BudgetView(Shape):
    """What your own side has left in the period of 30 days that ends now."""

    partnership_id = Id(required=True)
    comparisons_left = Whole(least=0, most=COMPARISONS, example=3, required=True)
    came = Whole(least=0, most=_MOST, example=12, required=True)
    went = Whole(least=0, most=_MOST, example=4, required=True)


class OwnAccount(Shape):
    """One of your own accounts."""

    id = Id(required=True)
    name = Text(most=200, example="Northwind Traders", required=True)


def _copied(most: int, example: str) -> Text:
    return Text(most=most, example=example, required=True, allow_none=True)


class DisclosureView(Shape):
    """What the other side disclosed of one of its accounts: exactly the agreed fields, null for the others."""

    id = Id(required=True)
    name = _copied(200, "Northwind Traders Ltd")
    domain = _copied(253, "northwind.example")
    city = _copied(200, "Vienna")
    country = _copied(2, "AT")
    industry = _copied(200, "Retail")
    size_band = _copied(40, "50-249")
    relationship = _copied(40, "customer")
    disclosed_at = Moment(required=True)

    @pre_dump
    def lay_out(self, copy: OverlapDisclosure, **_: Any) -> dict[str, Any]:
        """Show the copied columns as they are."""
        return {name: getattr(copy, name) for name in self.fields}


class OverlapView(Shape):
    """A company that both have, since which epoch it is told of."""

    id = Id(required=True)
    mapping_id = Id(required=True)
    since = Whole(least=1, most=_MOST, example=7, required=True)
    told_at = Moment(required=True)
    accounts = fields.List(fields.Nested(OwnAccount), required=True)
    theirs = fields.List(fields.Nested(DisclosureView), required=True)

    @pre_dump
    def lay_out(self, seen: OverlapSeen, **_: Any) -> dict[str, Any]:
        """Put one's own accounts and the other side's copies beside the cluster."""
        values = {name: getattr(seen.cluster, name) for name in ("id", "mapping_id", "since", "told_at")}
        return values | {"accounts": seen.accounts, "theirs": seen.theirs}


class IntroductionView(Shape):
    """A partner that has the account too, and which member of the partnership there to ask."""

    partnership_id = Id(required=True)
    label = _label(required=True)
    told_at = Moment(required=True)
    introducer_id = Id(required=True, metadata={"description": "A member of the partnership, by the id it lists."})


class IntroductionsView(Shape):
    """The partners that have one of your accounts too, as of the last epoch and as far as both agreed to tell."""

    account_id = Id(required=True)
    partners = fields.List(fields.Nested(IntroductionView), required=True)


class OverlapQuery(ListQuery):
    """The order of overlaps: newest first unless asked otherwise."""

    sort = sort_field("-told_at", "told_at")


class SharedQuery(ListQuery):
    """The order of one's own accounts that a partner has too, a screenful at a time."""

    sort = sort_field("name")
    limit = Whole(least=1, most=25, example=25, load_default=25)


class OtherQuery(ListQuery):
    """The order of what the other side alone has."""

    sort = sort_field("-disclosed_at", "disclosed_at")
