"""Shapes of joint accounts: what is proposed, and what both sides read alike."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.accounts.joint import MOST_IDENTIFIERS, JointStatus
from partnercrm.accounts.models.joint import JointAccount
from partnercrm.accounts.schemas.keeping import NumberShape, RegistrableDomain
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Choice, Country, Id, Moment, Shape, Text

_OWN = "One of your accounts that this is; your side alone reads which."


class ProposeJointAccount(Shape):
    """A company to work on together; what you leave out is taken from your account. The partner reads all of it."""

    partnership_id = Id(required=True)
    account_id = Id(metadata={"description": _OWN})
    overlap_id = Id(
        metadata={"description": "A company both have; nothing beyond the fields agreed for overlaps is told then."}
    )
    name = Text(most=200, example="Northwind Traders GmbH")
    country = Country()
    city = Text(most=100, example="Hamburg")
    domains = fields.List(
        RegistrableDomain(),
        validate=limits.Length(max=MOST_IDENTIFIERS),
        metadata={"description": "Where the company is found; addresses that many share are left out."},
    )
    numbers = fields.List(fields.Nested(NumberShape), validate=limits.Length(max=MOST_IDENTIFIERS))


class AgreeJointAccount(Shape):
    """What you agree as."""

    account_id = Id(metadata={"description": _OWN})


class OtherJointAccount(Shape):
    """Another joint account of the same partnership."""

    other_id = Id(required=True)


class JointAccountView(Shape):
    """A company that both work on together: the same bytes for both sides."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    opened_by = Id(required=True, metadata={"description": "The organization that proposed it last."})
    name = Text(most=200, example="Northwind Traders GmbH", required=True, allow_none=True)
    country = Country(required=True, allow_none=True)
    city = Text(most=100, example="Hamburg", required=True, allow_none=True)
    domains = fields.List(RegistrableDomain(), required=True)
    numbers = fields.List(fields.Nested(NumberShape), required=True)
    status = Choice(JointStatus, required=True)
    proposed_at = Moment(required=True)
    opened_at = Moment(required=True, allow_none=True)
    closed_at = Moment(required=True, allow_none=True)
    goal = Text(most=2000, example="Replace the old warehouse system.", required=True, allow_none=True)
    proposition = Text(most=2000, example="One contract, one team.", required=True, allow_none=True)

    @pre_dump
    def lay_out(self, found: JointAccount, **_: Any) -> dict[str, Any]:
        """Write its domains by their names."""
        told = {name: getattr(found, name) for name in self.fields}
        return told | {"domains": [one.domain for one in found.domains]}


class JointAccountQuery(ListQuery):
    """Filters and orders of joint accounts."""

    sort = sort_field("name", "-name", "-proposed_at", "proposed_at")
    partnership_id = Id()
    status = Choice(JointStatus)
    account_id = Id(metadata={"description": "One of your accounts."})
    q = Text(most=100, example="northw", metadata={"description": "A part of the name."})


class JointAccountAsked(Shape):
    """With what a form that names a company begins."""

    partnership_id = Id()
    account_id = Id()
    overlap_id = Id()
    name = Text(most=200, example="Northwind Traders GmbH")
    country = Country()
    city = Text(most=100, example="Hamburg")
    domain = RegistrableDomain()


class JointAccountOnPage(JointAccountAsked):
    """A company to work on together, as the form says it: one domain, and the numbers of the account."""

    partnership_id = Id(required=True)
