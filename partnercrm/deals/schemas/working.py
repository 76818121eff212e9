"""Shapes of who works on a deal, and of what they write about it."""

from marshmallow import fields

from partnercrm.deals.entries import MOST_MENTIONED, MOST_PEOPLE, EntryKind
from partnercrm.web import limits
from partnercrm.web.paging import ListQuery
from partnercrm.web.shapes import Choice, Day, Flag, Id, Moment, Shape, Text


class NameDealTeam(Shape):
    """Who of your side works on a deal: these, and no others."""

    member_ids = fields.List(Id(), required=True, validate=limits.Length(max=MOST_PEOPLE))


class DealPersonView(Shape):
    """A member of the partnership who works on a deal."""

    id = Id(required=True)
    organization_id = Id(required=True)
    name = Text(most=200, example="Gina Weiss", required=True)


class DealTeamView(Shape):
    """Who works on a deal, of both sides: the same bytes for both."""

    deal_id = Id(required=True)
    people = fields.List(fields.Nested(DealPersonView), required=True)


class WriteEntry(Shape):
    """A comment or a next step; who writes works on the deal from then on."""

    kind = Choice(EntryKind, required=True)
    text = Text(most=2000, example="They want to see it run first.", required=True)
    mentioned = fields.List(
        Id(),
        load_default=list,
        validate=limits.Length(max=MOST_MENTIONED),
        metadata={"description": "Members who work on this deal; each is told."},
    )
    due_on = Day(allow_none=True, load_default=None, metadata={"description": "Of a next step."})


class DealEntryView(Shape):
    """A comment or a next step, as both sides read it."""

    id = Id(required=True)
    deal_id = Id(required=True)
    organization_id = Id(required=True)
    author = fields.Nested(DealPersonView, required=True)
    kind = Choice(EntryKind, required=True)
    text = Text(most=2000, example="They want to see it run first.", required=True)
    mentioned = fields.List(Id(), required=True)
    due_on = Day(required=True, allow_none=True)
    done_at = Moment(required=True, allow_none=True)
    added_at = Moment(required=True)


class DealEntryQuery(ListQuery):
    """Which entries of a deal, newest first."""

    kind = Choice(EntryKind)
    open = Flag(example=True, metadata={"description": "Not done yet."})
