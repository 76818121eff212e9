"""What every problem code means, at the address that problems name as their type."""

from collections.abc import Iterator
from typing import NamedTuple

from flask import Blueprint, current_app, render_template
from werkzeug.exceptions import MethodNotAllowed, UnsupportedMediaType

from partnercrm.web.endpoint import Door
from partnercrm.web.errors import STATUS, status_of

doors = Blueprint("problems", __name__, url_prefix="/api/docs")


class Code(NamedTuple):
    """A problem's code, the status it comes with and its sentence."""

    code: str
    status: int
    sentence: str


@doors.get("/problems")
def problems() -> str:
    """Show every code there is, each under an anchor of its name."""
    return render_template("problems.html", codes=sorted(set(_codes())))


def _codes() -> Iterator[Code]:
    """Return the codes of all kinds of refusal, of the operations' own, and of plain HTTP."""
    declared = [
        refusal
        for door in current_app.blueprints.values()
        if isinstance(door, Door)
        for operation in door.operations
        for refusal in operation.refusals()
    ]
    for refusal in (*STATUS, *declared):
        yield Code(refusal.code(), status_of(refusal), refusal.title)
    yield Code("internal_error", 500, "Something went wrong on our side; nothing was changed.")
    for error in (MethodNotAllowed, UnsupportedMediaType):
        yield Code(error().name.lower().replace(" ", "_"), error.code, str(error.description))
