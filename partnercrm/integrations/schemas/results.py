"""Shapes of bringing in a learning system's results by file."""

from typing import Final

from flask_smorest.fields import Upload
from marshmallow import fields

from partnercrm.integrations.reading import DELIMITERS, ENCODINGS, DateForm
from partnercrm.web import limits
from partnercrm.web.shapes import Choice, Flag, Shape, Text, Whole

_EXAMPLE: Final = "id,email,course,passed,score,completed on\n42,sam@acme.example,Terminals,yes,90,2026-03-14\n"
_MOST: Final = 10**9


class ImportResults(Shape):
    """A CSV file with a header: columns for id, e-mail, item (its title or id), passed, when; score and valid until."""

    connector = Text(
        most=60,
        example="lms",
        required=True,
        metadata={"description": "Where it comes from; ids are unique within it."},
    )
    encoding = fields.String(validate=limits.OneOf(ENCODINGS), metadata={"example": ENCODINGS[0]})
    delimiter = fields.String(validate=limits.OneOf(DELIMITERS), metadata={"example": DELIMITERS[0]})
    date_form = Choice(DateForm, metadata={"description": "How days are written; iso: 2026-03-14."})
    dry_run = Flag(load_default=False, example=True, metadata={"description": "Check everything, enter nothing."})
    file = Upload(metadata={"example": _EXAMPLE})


class ImportedResultsView(Shape):
    """What a file of results did, or would do: rows that stood already under their ids stay as they are."""

    rows = Whole(least=0, most=_MOST, example=180, required=True)
    entered = Whole(least=0, most=_MOST, example=176, required=True)
    unchanged = Whole(least=0, most=_MOST, example=4, required=True)
    dry_run = Flag(required=True, example=False)
