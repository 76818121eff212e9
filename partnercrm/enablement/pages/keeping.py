"""A programme for who keeps it: its items, the gates, exceptions, and where colleagues stand if that was agreed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.enablement import queries, schemas
from partnercrm.enablement.actions import gating, keeping, looking
from partnercrm.enablement.items import GateMode, ItemKind, Taught
from partnercrm.enablement.pages.blueprint import pages
from partnercrm.enablement.queries import ItemSeen
from partnercrm.identity import queries as identity
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import frame
from partnercrm.web.page import Form
from partnercrm.web.shapes import Day, Id, Shape, Text

_PLAIN: Final = ("title", "text", "link", "pass_percent", "valid_days", "renew_days")
_SPARE_QUESTIONS: Final = 2
_RIGHT: Final = "*"


class GrantOnPage(Shape):
    """Whom to let pass, until the end of which day, and why."""

    user_id = Id(required=True)
    reason = Text(most=1000, example="The course is fully booked until May.", required=True)
    until_on = Day(required=True)


@pages.show("/partnerships/<uuid:partnership_id>/enablement", scope="enablement:all")
def programme(actor: Actor, partnership_id: UUID, form: Form | None = None, **_places: Any) -> str:
    """Show a programme: items, gates, exceptions."""
    partnership = partnerships.joined_partnership(actor, partnership_id)
    gates = queries.programme(actor, partnership_id)
    everything = {"limit": 200, "sort": "created_at"}
    people = {one.id: one.name for one in identity.colleagues(actor)}
    exceptions = queries.exceptions(actor, partnership_id, {"limit": 50, "sort": "-given_at"}).items
    return render_template(
        "enablement/programme.html",
        partnership_id=partnership_id,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        items=queries.items(actor, partnership_id, everything | {"archived": False}).items,
        archived=queries.items(actor, partnership_id, everything | {"archived": True}).items,
        exceptions=[(one, people.get(one.user_id), people.get(one.given_by)) for one in exceptions],
        people=[(str(one), name) for one, name in people.items() if one != actor.user_id],
        modes=frame.choices(GateMode),
        opens_people=identity.sees_figures_of(actor, None),
        form=form or _gates_form(gates),
        panels=frame.panels("programme", actor),
    )


@pages.act("/partnerships/<uuid:partnership_id>/enablement/gates", scope="enablement:all", again=programme)
def set_gates(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Set the gates."""
    given = form.without("version").load(schemas.SetGates)
    gating.set_gates(actor, partnership_id, given, form.values.get("version"))
    flash(_("The gates are set, from now on."))
    return url_for("enablement_pages.programme", partnership_id=partnership_id)


@pages.act("/partnerships/<uuid:partnership_id>/enablement/exceptions", scope="enablement:all", again=programme)
def grant_exception(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Let a colleague pass for a time."""
    given = form.load(GrantOnPage)
    until = datetime.combine(given["until_on"] + timedelta(days=1), time(), UTC)
    gating.grant_exception(
        actor, partnership_id, {"user_id": given["user_id"], "reason": given["reason"], "ends_at": until}
    )
    flash(_("Your colleague passes the gates until then."))
    return url_for("enablement_pages.programme", partnership_id=partnership_id)


@pages.act(
    "/partnerships/<uuid:partnership_id>/enablement/exceptions/<uuid:exception_id>/end",
    scope="enablement:all",
    again=programme,
)
def end_exception(actor: Actor, partnership_id: UUID, exception_id: UUID, form: Form) -> str:
    """End an exception before its time."""
    gating.end_exception(actor, exception_id)
    flash(_("The exception has ended."))
    return url_for("enablement_pages.programme", partnership_id=partnership_id)


@pages.act("/partnerships/<uuid:partnership_id>/enablement/tell", scope="enablement:all", again=programme)
def tell_programme(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Have everybody told who never was."""
    keeping.tell_programme(actor, partnership_id)
    flash(_("Whoever was never told of it is told within a few minutes."))
    return url_for("enablement_pages.programme", partnership_id=partnership_id)


@pages.show("/partnerships/<uuid:partnership_id>/enablement/people", scope="enablement:all")
def people(actor: Actor, partnership_id: UUID) -> str:
    """Show where colleagues stand, where the works agreement opens it; each reads that somebody looked."""
    partnership = partnerships.joined_partnership(actor, partnership_id)
    return render_template(
        "enablement/people.html",
        partnership_id=partnership_id,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        people=looking.look_at_people(actor, partnership_id),
    )


@pages.show("/partnerships/<uuid:partnership_id>/enablement/new", scope="enablement:all")
def new_item(actor: Actor, partnership_id: UUID, form: Form | None = None) -> str:
    """Show the form for a new item."""
    partnerships.joined_partnership(actor, partnership_id)
    usual = Form({"is_must_know": "true", "pass_percent": "80", "renew_days": "30"}, {"roles": [Taught.SELLER.value]})
    return _form_page(form or usual, partnership_id=partnership_id, item=None)


@pages.act("/partnerships/<uuid:partnership_id>/enablement/new", scope="enablement:all", again=new_item)
def make_item(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Make an item."""
    made = keeping.make_item(actor, partnership_id, _read(form, schemas.MakeItem))
    flash(_("The item is in the programme."))
    return url_for("enablement_pages.item", item_id=made.id)


@pages.show("/enablement/items/<uuid:item_id>/edit", scope="enablement:all")
def edit_item(actor: Actor, item_id: UUID, form: Form | None = None) -> str:
    """Show the form that changes an item."""
    found = queries.item(actor, item_id)
    partnerships.joined_partnership(actor, found.partnership_id)
    filled = form if form and "version" in form.values else _filled(found)
    return _form_page(filled, partnership_id=found.partnership_id, item=found)


@pages.act("/enablement/items/<uuid:item_id>/edit", scope="enablement:all", again=edit_item)
def change_item(actor: Actor, item_id: UUID, form: Form) -> str:
    """Change an item."""
    given = _read(form.without("version", "kind"), schemas.ChangeItem)
    emptied = {name: None for name in ("link", "valid_days") if name not in given} | {"text": given.get("text", "")}
    keeping.change_item(actor, item_id, emptied | given, form.values.get("version", ""))
    flash(_("The changes are kept."))
    return url_for("enablement_pages.item", item_id=item_id)


@pages.act("/enablement/items/<uuid:item_id>/archive", scope="enablement:all", again=edit_item)
def archive_item(actor: Actor, item_id: UUID, form: Form) -> str:
    """Put an item away."""
    found = keeping.archive_item(actor, item_id)
    flash(_("The item is put away: nobody needs it any more."))
    return url_for("enablement_pages.programme", partnership_id=found.partnership_id)


def _form_page(form: Form, *, partnership_id: UUID, item: ItemSeen | None) -> str:
    asked = [name for name in form.values if name.startswith("quiz.") and name.endswith(".question")]
    return render_template(
        "enablement/item_form.html",
        form=form,
        item=item,
        partnership_id=partnership_id,
        kinds=frame.choices(ItemKind),
        roles=[(one.value, frame.words(one), "") for one in Taught],
        questions=min(20, len(asked) + _SPARE_QUESTIONS),
    )


def _gates_form(gates: Any) -> Form:
    if gates is None:
        return Form({"registering": GateMode.OFF.value, "receiving": GateMode.OFF.value})
    return Form(
        {"registering": gates.registering.value, "receiving": gates.receiving.value, "version": gates.version_tag}
    )


def _filled(of: ItemSeen) -> Form:
    content = of.content
    values = {name: str(getattr(content, name)) for name in _PLAIN if getattr(content, name) not in (None, "")}
    values |= {"version": of.version_tag, "kind": of.kind.value}
    values |= {"is_must_know": "true"} if content.is_must_know else {}
    for place, one in enumerate(content.questions):
        marked = [f"{_RIGHT} {answer}" if here == one.right else answer for here, answer in enumerate(one.answers)]
        values |= {f"quiz.{place}.question": one.question, f"quiz.{place}.answers": "\n".join(marked)}
    return Form(values, {"roles": list(content.roles)})


def _read(form: Form, shape: type[Shape]) -> dict[str, Any]:
    """Read an item's form, in which every question has its answers in lines, the right one marked with a star."""
    values, chosen = dict(form.values), dict(form.chosen)
    values.setdefault("is_must_know", "false")
    questions = {name.split(".")[1] for name in values if name.startswith("quiz.")}
    for place in questions:
        written = values.pop(f"quiz.{place}.answers", "")
        values |= _answers(f"quiz.{place}", [line.strip() for line in written.splitlines() if line.strip()])
    return Form(values, chosen).load(shape)


def _answers(at: str, lines: Sequence[str]) -> Mapping[str, str]:
    marked = [place for place, line in enumerate(lines) if line.startswith(_RIGHT)]
    answers = {f"{at}.answers.{place}": line.removeprefix(_RIGHT).strip() for place, line in enumerate(lines)}
    return answers | ({f"{at}.right": str(marked[0])} if marked else {})
