"""What can be seen of a person: each slice names it together with the query or rule that grants it, asked as it stands.

A `Sight` holds no statement about who may see; it holds the scope of the operations, the rows function that every read
of the thing begins with, and the rule its names are told by. Who sees it is found by asking these for each audience.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from sqlalchemy import Column, ColumnElement, Select, literal, true
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.selectable import Exists

from partnercrm.activity import queries
from partnercrm.activity.looks import names_who
from partnercrm.kernel.actor import Actor

Rows = Callable[[Actor], Select[Any]]
Row = Callable[[Actor, Actor], dict[str, Any] | None]
Rule = Callable[[Actor, Actor], bool]


def always(viewer: Actor, person: Actor) -> bool:
    """Add nothing to what the rows allow."""
    return True


@dataclass(frozen=True, slots=True)
class Sight:
    """One kind of thing that is known of a person.

    `rows` is what every read of it begins with; `row(viewer, person)` a row of it about the person, None where the
    person has none; `rule(viewer, person)` what the code asks besides, before it tells the thing or whose it is.
    `operations` answer it, in these `fields` of their shapes; `apart` says what of it nobody is told.
    """

    kind: str
    what: LazyString
    operations: tuple[str, ...]
    rows: Rows
    row: Row
    fields: tuple[str, ...] = ()
    rule: Rule = always
    apart: LazyString | str = ""

    @property
    def granted_by(self) -> str:
        """The function that grants it, by its place in the program."""
        return f"{self.rows.__module__}.{self.rows.__name__}".removeprefix("partnercrm.")

    def allows(self, viewer: Actor, person: Actor) -> ColumnElement[bool] | None:
        """Return the condition under which a viewer's own query would find the person's row; None where none is."""
        row = self.row(viewer, person)
        return None if row is None else would_find(self.rows(viewer), row)


def would_find(rows: Select[Any], row: Mapping[str, Any]) -> ColumnElement[bool]:
    """Return whether a query's filter lets a row through, with the row's values in the place of its columns.

    What it asks of other rows (that a partnership lives, that a moderator accepted) is taken as given: it is the most
    that can be seen. TypeError where it asks that there be none, which cannot be taken as given.
    """
    if rows.whereclause is None:
        raise TypeError("A query without a filter grants everything to everybody.")
    table = rows.column_descriptions[0]["entity"].__tablename__

    def put(element: Any, **_: Any) -> Any:
        if isinstance(element, UnaryExpression) and element.operator is operators.inv:
            raise TypeError("This filter asks that something be absent.")
        if isinstance(element, Exists):
            return true()
        if isinstance(element, Column) and element.table is not None and element.table.name == table:
            return literal(row.get(element.name), element.type)
        return None

    condition: ColumnElement[bool] = visitors.replacement_traverse(rows.whereclause, {}, put)
    return condition


def own(viewer: Actor, person: Actor) -> dict[str, Any]:
    """Return a row that belongs to the person."""
    return {"organization_id": person.organization_id, "user_id": person.user_id}


def _worked(viewer: Actor, person: Actor) -> dict[str, Any]:
    return own(viewer, person) | {"verb": "lead.offered"}


def _administrated(viewer: Actor, person: Actor) -> dict[str, Any]:
    return own(viewer, person) | {"verb": "partnership.ended"}


def _stepped(viewer: Actor, person: Actor) -> dict[str, Any] | None:
    for partnership_id in person.partnership_ids:
        return {"partnership_id": partnership_id, "first_organization_id": person.organization_id} | {
            "second_organization_id": viewer.organization_id
        }
    return None


def _looked(viewer: Actor, person: Actor) -> dict[str, Any]:
    return own(viewer, person) | {"verb": "person.looked_at", "subject_id": viewer.user_id}


SIGHTS: Final = (
    Sight(
        "work",
        _("That you did something with a lead, an offer or a case, told in the audit trail with your name"),
        ("list_activities",),
        queries.activities_seen_by,
        _worked,
        ("ActivityView.user_id",),
        lambda viewer, person: names_who("lead.offered", person.user_id, viewer.user_id),
        _("The audit trail lists what was done, and not who did it."),
    ),
    Sight(
        "opened_work",
        _("One thing you did, opened with your name for a purpose that is written down"),
        ("open_activity",),
        queries.activities_seen_by,
        _worked,
        ("ActivityView.user_id",),
        apart=_("Whoever opens it is told to you below, with the purpose."),
    ),
    Sight(
        "administration",
        _("That you named a member, changed a person or ended a partnership, with your name"),
        ("list_activities",),
        queries.activities_seen_by,
        _administrated,
        ("ActivityView.user_id",),
        lambda viewer, person: names_who("partnership.ended", person.user_id, viewer.user_id),
    ),
    Sight(
        "looks",
        _("That you looked at a colleague's figures, or opened what they did: told to that colleague"),
        ("read_looks",),
        queries.looks_seen_by,
        _looked,
        ("LookView.looked_by",),
    ),
    Sight(
        "steps",
        _("Steps you take on shared leads and cases, under your company's name"),
        ("read_timeline",),
        queries.shared_activities_seen_by,
        _stepped,
        apart=_("Which side acted, never who."),
    ),
)
