"""Shapes of figures: of one person, for that person; of groups of teams, as they were published."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.leads.figures import Figure
from partnercrm.leads.queries.figures import PersonMonth, Seller
from partnercrm.leads.schemas.reckoning import Months
from partnercrm.leads.spans import Span
from partnercrm.web.shapes import Choice, Flag, Id, Shape, Text, Whole, Written

_FIGURES: dict[str, fields.Field[Any]] = {
    figure.value: Whole(least=0, most=10**12, example=4, required=True) for figure in Figure
}
FiguresView = Shape.from_dict(_FIGURES, name="FiguresView")


class PersonMonthView(Shape):
    """One month (UTC) of one person: of leads given, what became of them; of leads taken on, how fast."""

    month = Text(most=7, example="2026-03", required=True)
    figures = fields.Nested(FiguresView, required=True)

    @pre_dump
    def lay_out(self, month: PersonMonth, **_: Any) -> dict[str, Any]:
        """Name each figure."""
        return {"month": month.month, "figures": {figure.value: amount for figure, amount in month.figures.items()}}


class PersonFiguresView(Shape):
    """One person's figures, newest month first."""

    user_id = Id(required=True)
    months = fields.List(fields.Nested(PersonMonthView), required=True)


class SellersQuery(Shape):
    """Which months of what happened."""

    window = Months(load_default=Span(), metadata={"description": "Which months (UTC); all when left out."})


class SellerView(Shape):
    """One person's figures of one exchange."""

    user_id = Id(required=True)
    name = Text(most=200, example="Sam Okafor", required=True)
    figures = fields.Nested(FiguresView, required=True)

    @pre_dump
    def lay_out(self, seller: Seller, **_: Any) -> dict[str, Any]:
        """Name each figure."""
        named = {figure.value: amount for figure, amount in seller.figures.items()}
        return {"user_id": seller.user_id, "name": seller.name, "figures": named}


class SellersView(Shape):
    """One's own side of an exchange by seller: oneself, and colleagues where the works agreement opens them."""

    partnership_id = Id(required=True)
    window = Text(most=16, example="2026-01..2026-03", required=True)
    sellers = fields.List(fields.Nested(SellerView), required=True)


class TeamFiguresQuery(Shape):
    """Which month, and whose group."""

    month = Written(
        "[0-9]{4}-(0[1-9]|1[0-2])", "Write a month such as 2026-03.", least=7, most=7, example="2026-03", required=True
    )
    team_id = Id(metadata={"description": "The group this team is in; it may hold other teams as well."})


class TeamFigureView(Shape):
    """One figure of one group of teams."""

    measure = Choice(Figure, required=True)
    team_ids = fields.List(Id(), required=True)
    with_teamless = Flag(required=True, example=False)
    amount = Whole(least=0, most=10**12, example=31, required=True)


class TeamFiguresView(Shape):
    """A month's figures by group of teams: every team is in one group of each figure, or the figure is not told."""

    month = Text(most=7, example="2026-03", required=True)
    groups = fields.List(fields.Nested(TeamFigureView), required=True)
