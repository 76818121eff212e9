"""Shapes of what is seen of a person."""

from typing import Any

from marshmallow import fields, pre_dump

from partnercrm.identity.agreements import PersonFigures
from partnercrm.identity.queries.seen import Audience, SightSeen
from partnercrm.web.shapes import Choice, Id, Shape, Text, Whole


class SightView(Shape):
    """One kind of thing that is known of you, who can see it, and what in the program grants it."""

    kind = Text(most=40, example="tokens", required=True)
    what = Text(most=300, example="That you made an API token", required=True)
    apart = Text(most=300, least=0, example="", required=True, metadata={"description": "What of it nobody is told."})
    seen_by = fields.List(Choice(Audience), required=True)
    operations = fields.List(Text(most=60, example="list_tokens"), required=True)
    scopes = fields.List(
        Text(most=40, example="tokens:write"), required=True, metadata={"description": "Each operation asks for one."}
    )
    granted_by = Text(most=100, example="identity.queries.access.tokens_seen_by", required=True)

    @pre_dump
    def write_out(self, seen: SightSeen, **_: Any) -> dict[str, Any]:
        """Write the sight's own words beside who sees it."""
        names = ("kind", "what", "apart", "operations", "scopes", "granted_by")
        told = {name: getattr(seen, name) for name in names}
        return told | {"what": str(seen.what), "apart": str(seen.apart), "seen_by": seen.audiences}


class SeenView(Shape):
    """What is seen of you, by whom, under the works agreement in force."""

    user_id = Id(required=True)
    agreement_version = Whole(least=0, most=10**6, example=2, required=True, attribute="agreed.version")
    person_figures = Choice(PersonFigures, required=True, attribute="agreed.person_figures")
    sights = fields.List(fields.Nested(SightView), required=True)
