"""Shapes of mutual yes: what one would talk about, and what two people opened."""

from typing import Any

from marshmallow import pre_dump

from partnercrm.accounts.queries.yeses import OpeningSeen, YesSeen
from partnercrm.web.paging import ListQuery, sort_field
from partnercrm.web.shapes import Id, Moment, Shape, Text


def _reach(**options: Any) -> Text:
    told = {"description": "How the other person may reach you; told once both said yes, and not before."}
    return Text(most=200, least=0, example="sam@acme.example, mornings", metadata=told, **options)


class SayYes(Shape):
    """With which partner you would talk about an account; whether it has the account too changes no answer."""

    partnership_id = Id(required=True)
    reach = _reach(load_default="")


class YesView(Shape):
    """What you said, which you alone read; without an answer it ends unseen."""

    id = Id(required=True)
    account_id = Id(required=True)
    partnership_id = Id(required=True)
    reach = _reach(required=True)
    said_at = Moment(required=True)
    expires_at = Moment(required=True)
    opening_id = Id(required=True, allow_none=True)

    @pre_dump
    def lay_out(self, seen: YesSeen, **_: Any) -> dict[str, Any]:
        """Put what it opened beside the yes."""
        names = ("id", "account_id", "partnership_id", "reach", "said_at", "expires_at")
        return {name: getattr(seen.yes, name) for name in names} | {"opening_id": seen.opening_id}


class YesQuery(ListQuery):
    """Of which account, and in which order: newest first unless asked otherwise."""

    sort = sort_field("-said_at", "said_at")
    account_id = Id()


class MutualYesView(Shape):
    """Somebody at a partner would talk about the same company: who, what they call it, how they are reached."""

    id = Id(required=True)
    partnership_id = Id(required=True)
    yes_id = Id(required=True, metadata={"description": "Your own yes; taking it back closes the opening for both."})
    account_id = Id(required=True, allow_none=True, metadata={"description": "Your own account."})
    member_id = Id(required=True, metadata={"description": "A member of the partnership, by the id it lists."})
    their_account = Text(most=200, example="Northwind Traders Ltd", required=True)
    their_reach = _reach(required=True)
    made_at = Moment(required=True)

    @pre_dump
    def lay_out(self, seen: OpeningSeen, **_: Any) -> dict[str, Any]:
        """Tell of the other side what it opened, and of one's own side one's own."""
        told = {name: getattr(seen, name) for name in ("id", "yes_id", "account_id", "member_id")}
        told |= {"their_account": seen.their_account, "their_reach": seen.their_reach}
        return told | {name: getattr(seen.opening, name) for name in ("partnership_id", "made_at")}


class OpeningQuery(ListQuery):
    """The order of openings: newest first unless asked otherwise."""

    sort = sort_field("-made_at", "made_at")
