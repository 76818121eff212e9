"""Answers that are files: sent while they are read, a short transaction for each part, none after a right has ended."""

from collections.abc import Callable, Iterator

from flask import Response, stream_with_context

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.web import authentication

Step = Callable[[Actor], str | None]


def file(actor: Actor, name: str, kind: str, step: Step) -> Response:
    """Answer with a file of the media type `kind`; each call of `step` reads its next part, None at the end.

    Whoever lost the right to it meanwhile gets no further part: the answer breaks off.
    """
    first = step(actor)
    response = Response(stream_with_context(_parts(first, step)), content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _parts(first: str | None, step: Step) -> Iterator[str]:
    part = first
    while part is not None:
        yield part
        actor = authentication.again()
        with db.transaction(actor, read_only=True):
            part = step(actor)
