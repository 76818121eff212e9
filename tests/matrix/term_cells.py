"""The cells of what changes terms and phases."""

from dataclasses import replace
from typing import Any, Final

from tests.matrix import rules
from tests.matrix.people import Caller
from tests.matrix.rules import Cells, stands
from tests.matrix.things import Thing, World


def has_draft(caller: Caller, partnership: Thing) -> bool:
    """Tell whether the caller's side keeps a draft of the terms there."""
    return caller.organization == "acme" and partnership.state == "living"


def answers(caller: Caller, change: Thing) -> bool:
    """Tell whether the caller's side answers what waits for an answer."""
    return change.state == "open" and caller.organization != change.organization


def proposed(caller: Caller, change: Thing) -> bool:
    """Tell whether the caller's side proposed what waits for an answer."""
    return change.state == "open" and caller.organization == change.organization


def terms(world: World, caller: Caller, partnership: Thing) -> dict[str, Any]:
    """Propose something on the ground of the version agreed last there."""
    based_on = 2 if partnership.state == "living" else 1
    return {"json": {"based_on": based_on, "terms": {"offer_days": 9}}}


def draft_tag(world: World, caller: Caller, partnership: Thing) -> str:
    """Return the version of the draft that the caller's side keeps there; none without one."""
    if not (caller.is_alive and caller.person):
        return ""
    kept = world.players[caller.person.name].response("GET", f"/partnerships/{partnership.id}/term-draft")
    tag: str = kept.headers.get("ETag", "")
    return tag


def _draft(world: World, caller: Caller, partnership: Thing) -> dict[str, Any]:
    return terms(world, caller, partnership) | {"tag": draft_tag(world, caller, partnership)}


def _nothing(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    return {"json": {}}


def _waived(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    return {"json": {"waiver": "Later."}}


def _met(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    return {"json": {"met_on": "2026-01-31", "evidence": "Seen."}}


def _reading(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    return {"json": {"value": 1, "read_on": "2026-01-31"}}


def marked(caller: Caller, criterion: Thing) -> bool:
    """Tell whether the caller's side says that a criterion is met."""
    return caller.organization == "acme"


def unmarked(caller: Caller, criterion: Thing) -> bool:
    """Tell whether the caller's side has yet to say that a criterion is met."""
    return caller.organization == "globex"


TERM_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "list_terms": (Cells(on="partnership"),),
    "list_term_changes": (Cells(on="partnership"),),
    "propose_terms": (Cells(on="partnership", goes=stands("strangers'"), body=terms),),
    "read_term_change": (Cells(on="term change"),),
    "accept_terms": (Cells(on="term change", goes=answers),),
    "decline_terms": (Cells(on="term change", goes=answers, body=_nothing),),
    "withdraw_terms": (Cells(on="term change", goes=proposed),),
    "read_term_draft": (Cells(on="partnership", sees=has_draft),),
    "keep_term_draft": (Cells(on="partnership", goes=rules.lives, body=_draft),),
    "discard_term_draft": (Cells(on="partnership", sees=has_draft),),
    "read_phase": (Cells(on="partnership"),),
    "mark_criterion": (Cells(on="criterion", goes=unmarked, body=_met),),
    "unmark_criterion": (Cells(on="criterion", goes=marked),),
    "propose_phase": (Cells(on="partnership", goes=stands("strangers'"), body=_waived),),
    "read_phase_move": (Cells(on="phase move"),),
    "accept_phase": (Cells(on="phase move", goes=answers, body=_waived),),
    "decline_phase": (Cells(on="phase move", goes=answers, body=_nothing),),
    "withdraw_phase": (Cells(on="phase move", goes=proposed),),
    "pause_partnership": (Cells(on="partnership", goes=rules.lives, body=_nothing),),
    "resume_partnership": (Cells(on="partnership", goes=lambda caller, thing: False),),
    "read_goals": (Cells(on="partnership"),),
    "enter_goal_value": (Cells(on="goal", body=_reading),),
}


def _form(world: World, caller: Caller, partnership: Thing) -> dict[str, Any]:
    given = terms(world, caller, partnership)["json"]
    return {"data": {"based_on": str(given["based_on"]), "terms.offer_days": "9"}}


def _draft_form(world: World, caller: Caller, partnership: Thing) -> dict[str, Any]:
    form: dict[str, str] = _form(world, caller, partnership)["data"]
    return {"data": form | {"version": draft_tag(world, caller, partnership)}}


def _as_form(name: str) -> rules.Body:
    body = TERM_CELLS[name][0].body

    def form(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
        return {"data": body(world, caller, thing)["json"] if body else {}}

    return form


_OF_PHASES: Final = (
    *("mark_criterion", "unmark_criterion", "propose_phase", "accept_phase", "decline_phase", "withdraw_phase"),
    *("pause_partnership", "resume_partnership", "enter_goal_value"),
)

TERM_PAGES: Final[dict[str, tuple[Cells, ...]]] = {
    "partnerships_pages.terms": (Cells(on="partnership"),),
    "partnerships_pages.propose_change": (Cells(on="partnership"),),
    "partnerships_pages.propose_terms": (Cells(on="partnership", goes=stands("strangers'"), body=_form),),
    "partnerships_pages.keep_term_draft": (Cells(on="partnership", goes=rules.lives, body=_draft_form),),
    "partnerships_pages.discard_term_draft": TERM_CELLS["discard_term_draft"],
    "partnerships_pages.term_change": (Cells(on="term change"),),
    "partnerships_pages.accept_terms": TERM_CELLS["accept_terms"],
    "partnerships_pages.decline_terms": (Cells(on="term change", goes=answers, body=lambda *_: {"data": {}}),),
    "partnerships_pages.withdraw_terms": TERM_CELLS["withdraw_terms"],
    "partnerships_pages.progress": (Cells(on="partnership"),),
    "partnerships_pages.phase_move": (Cells(on="phase move"),),
    **{f"partnerships_pages.{name}": (replace(TERM_CELLS[name][0], body=_as_form(name)),) for name in _OF_PHASES},
}
