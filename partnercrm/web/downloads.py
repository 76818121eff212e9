"""Answers that are files: sent while they are read, a short transaction for each part, none after a right has ended."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from flask import Response, current_app

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.web import authentication
from partnercrm.web.paging import Page

Step = Callable[[Actor], str | None]


class Table(Protocol):
    """Things as the rows of a file, in one of several forms, named as file names end."""

    name: str
    kinds: Mapping[str, str]

    def head(self, form: str) -> str:
        """Return what stands before the first row."""

    def rows(self, actor: Actor, items: Sequence[Any], form: str) -> str:
        """Return things as lines of the file."""


def file(actor: Actor, name: str, kind: str, step: Step, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with a file of the media type `kind`; each call of `step` reads its next part, None at the end.

    Whoever lost the right to it meanwhile gets no further part: the answer breaks off.
    """
    first = step(actor)
    response = Response(_parts(first, step, authentication.renewal()), content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers.update(headers or {})
    return response


def _parts(first: str | None, step: Step, again: Callable[[], Actor]) -> Iterator[str]:
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's way to keep it

    def parts() -> Iterator[str]:
        part = first
        while part is not None:
            yield part
            with app.app_context():
                actor = again()
                with db.transaction(actor, read_only=True):
                    part = step(actor)

    return parts()


def whole_list(
    actor: Actor, table: Table, form: str, *, read: Callable[[Actor, str | None], Page], headers: Mapping[str, str]
) -> Response:
    """Answer with everything of a list as a file in this form: `read` returns the page at a cursor."""
    cursor: str | None = None
    begun = False

    def step(now: Actor) -> str | None:
        nonlocal cursor, begun
        if begun and cursor is None:
            return None
        page = read(now, cursor)
        text = ("" if begun else table.head(form)) + table.rows(now, page.items, form)
        cursor, begun = page.next, True
        return text

    return file(actor, f"{table.name}.{form}", table.kinds[form], step, headers)
