"""Shapes of what seems to be here twice: pairs, likenesses, merges."""

from marshmallow import fields

from partnercrm.accounts.duplicates import Reason
from partnercrm.accounts.models.duplicates import PairStatus
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Country, Domain, Id, Moment, Shape, Text


class AlikeView(Shape):
    """An account that seems to be the company asked about, and why."""

    id = Id(required=True)
    name = Text(most=200, example="Northwind Traders GmbH", required=True)
    city = Text(most=100, example="Hamburg", required=True, allow_none=True)
    country = Country(required=True, allow_none=True)
    reasons = fields.List(Choice(Reason), required=True)


class AlikesView(Shape):
    """Accounts that seem to be the company asked about; none where it seems to be new."""

    accounts = fields.List(fields.Nested(AlikeView), required=True)


class ParentView(Shape):
    """An account that seems to stand above another."""

    id = Id(required=True)
    name = Text(most=200, example="Northwind Holding AG", required=True)
    city = Text(most=100, example="Hamburg", required=True, allow_none=True)
    country = Country(required=True, allow_none=True)


class ParentsView(Shape):
    """Accounts that seem to stand above one; none where one stands above it already."""

    accounts = fields.List(fields.Nested(ParentView), required=True)


class SetParent(Shape):
    """Which account stands above."""

    parent_id = Id(required=True)


class AlikeQuery(Shape):
    """What is known of a company that may be here already."""

    name = Text(most=200, example="Northwind Traders", required=True)
    domain = Domain(metadata={"description": "A domain it is found at or writes from."})
    country = Country()
    city = Text(most=100, example="Hamburg")
    postal_code = Text(most=20, example="20457")


class PairQuery(ListQuery):
    """Which pairs."""

    sort = sort_field("-found_at", "found_at")
    status = Choice(PairStatus, load_default=PairStatus.OPEN)


class PairedView(Shape):
    """One account of a pair."""

    id = Id(required=True)
    name = Text(most=200, example="Northwind Traders GmbH", required=True)
    city = Text(most=100, example="Hamburg", required=True, allow_none=True)
    country = Country(required=True, allow_none=True)
    connector = Text(most=60, example="crm", required=True, allow_none=True)
    external_id = Text(most=200, example="0014x00001", required=True, allow_none=True)


class PairView(Shape):
    """Two accounts that seem to be one company, and why."""

    id = Id(required=True)
    status = Choice(PairStatus, required=True)
    reasons = fields.List(Choice(Reason), required=True, attribute="why")
    first = fields.Nested(PairedView, required=True)
    second = fields.Nested(PairedView, required=True)
    found_at = Moment(required=True)
    rejected_at = Moment(required=True, allow_none=True)


class MergeAccounts(Shape):
    """Which account is merged into the one addressed."""

    other_id = Id(required=True, metadata={"description": "The account that is given up."})


class MergeView(Shape):
    """That an account was merged into another."""

    id = Id(required=True)
    survivor_id = Id(required=True)
    merged_id = Id(required=True)
    merged_at = Moment(required=True)
    undone_at = Moment(required=True, allow_none=True)


class MergeQuery(ListQuery):
    """Which merges."""

    sort = sort_field("-merged_at", "merged_at")
    account_id = Id(metadata={"description": "The account that others were merged into."})
