"""The rules the matrix expects, in one readable place: who sees what, and in which state an operation goes through."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from partnercrm.kernel.actor import Asked, any_of
from partnercrm.leads.lifecycle import MAY_BE_OFFERED_AGAIN
from tests.matrix.people import MEMBERS, Caller
from tests.matrix.world import Thing, World

LIVE_CASES: Final = ("open", "discussed", "proposed", "named", "invited", "accepted", "moderated")
Rule = Callable[[Caller, Thing], bool]
Body = Callable[[World, Caller, Any], dict[str, Any]]


def _who(caller: Caller) -> str:
    return caller.person.name if caller.person else ""


def _works_there(caller: Caller, thing: Thing) -> bool:
    return caller.organization == thing.organization


def _on_either_side(caller: Caller, thing: Thing) -> bool:
    return caller.organization in {thing.organization, thing.other} - {None}


def _on_either_side_while_it_lives(caller: Caller, thing: Thing) -> bool:
    return thing.lives and _on_either_side(caller, thing)


def _on_either_side_to_the_last(caller: Caller, thing: Thing) -> bool:
    stayed = thing.lives or _who(caller) in MEMBERS or "identity:write" in caller.scopes
    return stayed and _on_either_side(caller, thing)


def _owns_or_oversees(caller: Caller, thing: Thing) -> bool:
    return _works_there(caller, thing) and (_who(caller) == thing.owner or "leads:all" in caller.scopes)


def _brings_in(caller: Caller, thing: Thing) -> bool:
    kind = "accounts" if thing.state == "accounts" else "leads"
    return f"{kind}:write" in caller.scopes and _owns_or_oversees(caller, thing)


def _shares(caller: Caller, thing: Thing) -> bool:
    return thing.lives and _who(caller) in MEMBERS


def _made_or_administrates(caller: Caller, thing: Thing) -> bool:
    return _works_there(caller, thing) and (_who(caller) == thing.owner or "identity:write" in caller.scopes)


def _owns(caller: Caller, thing: Thing) -> bool:
    return _works_there(caller, thing) and _who(caller) == thing.owner


def _moderates(caller: Caller, file: Thing) -> bool:
    return _who(caller) == "mona" and file.state == "moderated"


def _is_asked(caller: Caller, moderation: Thing) -> bool:
    return _who(caller) == moderation.owner and moderation.state in {"invited", "accepted", "moderated"}


def joins(caller: Caller, partnership: Thing) -> bool:
    """Tell whether the caller is a member of this living partnership."""
    members = ("hugo", "ines") if partnership.state == "strangers'" else MEMBERS
    return partnership.lives and _who(caller) in members


def lives_for(caller: Caller, partnership: Thing) -> bool:
    """Tell whether the caller's organization is in this living partnership, member or not."""
    return partnership.lives and _on_either_side(caller, partnership)


SEES: Final[dict[str, Rule]] = {
    "account": _works_there,
    "account-contact": _works_there,
    "population": _works_there,
    "account-pair": _works_there,
    "account-merge": _works_there,
    "twin": _works_there,
    "proposition": lambda caller, thing: (
        thing.lives and _on_either_side(caller, thing) and (thing.state == "agreed" or _who(caller) in MEMBERS)
    ),
    "pulse": lambda caller, thing: thing.lives and _works_there(caller, thing),
    "enablement item": lambda caller, item: item.lives and _works_there(caller, item),
    "exception": lambda caller, thing: (
        _works_there(caller, thing)
        and (_who(caller) == thing.owner or (_who(caller) in MEMBERS and "enablement:all" in caller.scopes))
    ),
    "compensation plan": lambda caller, plan: (
        _works_there(caller, plan) and ("incentives:write" in caller.scopes or _who(caller) == plan.owner)
    ),
    "posting": lambda caller, posting: _works_there(caller, posting) and _who(caller) == posting.owner,
    "earning question": lambda caller, asked: (
        _works_there(caller, asked) and ("incentives:pay" in caller.scopes or _who(caller) == asked.owner)
    ),
    "pay-out": _works_there,
    "month": _works_there,
    "registration draft": lambda caller, draft: (
        _works_there(caller, draft)
        and joins(caller, draft)
        and (_who(caller) == draft.owner or "deals:review" in caller.scopes)
    ),
    "lead": _owns_or_oversees,
    "import": _brings_in,
    "offer": _shares,
    "proposal": _works_there,
    "received": _works_there,
    "partnership": _on_either_side_to_the_last,
    "member": _on_either_side_to_the_last,
    "term change": _on_either_side_while_it_lives,
    "phase move": _on_either_side_while_it_lives,
    "criterion": _on_either_side,
    "goal": _on_either_side,
    "user": _works_there,
    "invitation": _works_there,
    "team": _works_there,
    "calendar": lambda caller, thing: _works_there(caller, thing) and thing.owner in {None, _who(caller)},
    "deputy": lambda caller, thing: (
        _works_there(caller, thing)
        and (_who(caller) in (thing.owner, thing.other) or "identity:write" in caller.scopes)
    ),
    "token": _made_or_administrates,
    "question": _shares,
    "round": joins,
    "mapping": joins,
    "freeze": joins,
    "joint account": joins,
    "candidate": joins,
    "loss": _owns,
    "yes": _owns,
    "opening": lambda caller, opening: _who(caller) in {opening.owner, opening.other},
    "plan item": _shares,
    **dict.fromkeys(("registration", "deal", "known deal", "deal entry", "deal file", "revenue", "split"), joins),
    "notice": lambda caller, thing: thing.lives and _who(caller) == thing.owner,
    "activity": _works_there,
    "session": _owns,
    "case": _shares,
    "file": _moderates,
    "moderation": _is_asked,
    "request": lambda caller, request: (
        _works_there(caller, request)
        and _who(caller) in MEMBERS
        and (_who(caller) == request.owner or "partnerships:write" in caller.scopes)
    ),
}


def always(caller: Caller, thing: Thing) -> bool:
    """Every state will do."""
    return True


def never(caller: Caller, thing: Thing) -> bool:
    """No state will do."""
    return False


def lives(caller: Caller, thing: Thing) -> bool:
    """It has not ended."""
    return thing.lives


def stands(*states: str) -> Rule:
    """Return the rule that the thing is in one of these states."""
    return lambda caller, thing: thing.state in states


def takes(side: str, *statuses: str) -> Rule:
    """Return the rule that this side of an offer takes the step, from one of these statuses."""
    return lambda caller, thing: _works_there(caller, thing) == (side == "giver") and status(thing) in statuses


def gives(caller: Caller, thing: Thing) -> bool:
    """The caller's side gave it."""
    return _works_there(caller, thing)


def status(thing: Thing) -> str:
    """Return where a lead or its offer stands, whoever gave it."""
    return thing.state.split()[-1]


def owns(*states: str) -> Rule:
    """Return the rule that a case stands in one of these states and the caller owns it on their side."""

    def rule(caller: Caller, case: Thing) -> bool:
        nobody_yet = caller.organization == case.other and case.state not in {"discussed", "proposed", "decided"}
        return case.state in states and (nobody_yet or _who(caller) in {case.owner, "gina"})

    return rule


def hands_over(caller: Caller, case: Thing) -> bool:
    """Tell whether the caller may make somebody else the owner of a case."""
    return owns(*LIVE_CASES)(caller, case) or (case.state in LIVE_CASES and "partnerships:write" in caller.scopes)


def opened(*states: str) -> Rule:
    """Return the rule that a case stands in one of these states and the caller owns it on the side that opened it."""
    return lambda caller, case: case.state in states and _who(caller) == case.owner


def confirms(caller: Caller, case: Thing) -> bool:
    """Tell whether the caller's side may confirm the moderator that the other named."""
    return case.state == "named" and not _works_there(caller, case)


def answers(caller: Caller, question: Thing) -> bool:
    """Tell whether the caller's side gave the lead, and nobody has answered yet."""
    return _works_there(caller, question) and question.state == "asked"


def may_be_offered(caller: Caller, lead: Thing) -> bool:
    """Tell whether no living partnership holds the lead."""
    drafts = {"draft", "colleague's", "partner's", "picked"}
    return lead.state in drafts or lead.state.startswith("ended") or status(lead) in MAY_BE_OFFERED_AGAIN


def keeps_or_knows_nothing(caller: Caller, lead: Thing) -> bool:
    """Tell whether the key is the caller's to write under: their own lead's, or free in their organization."""
    return _owns_or_oversees(caller, lead) or not _works_there(caller, lead)


def is_oneself(caller: Caller, user: Thing) -> bool:
    """Tell whether the caller is this person."""
    return {"enabled": "nora", "disabled": "dora", "partner's": "gina"}[user.state] == _who(caller)


def may_own_leads(caller: Caller, user: Thing) -> bool:
    """Tell whether the caller may enter leads for this person."""
    is_self = {"enabled": "nora", "partner's": "gina"}.get(user.state) == _who(caller)
    return is_self or (_works_there(caller, user) and "leads:all" in caller.scopes and user.state != "disabled")


def may_own_accounts(caller: Caller, user: Thing) -> bool:
    """Tell whether the caller may enter accounts for this person: a colleague who can sign in."""
    return _works_there(caller, user) and user.state != "disabled"


def may_stand_in(caller: Caller, user: Thing) -> bool:
    """Tell whether this person can stand in for the caller: a colleague who can sign in."""
    is_self = {"enabled": "nora", "partner's": "gina"}.get(user.state) == _who(caller)
    return _works_there(caller, user) and user.state != "disabled" and not is_self


@dataclass(frozen=True)
class Cells:
    """How an operation is tried: on which kind of thing, named where, with what body, and when it goes through.

    Without `on` it names nothing. `sees` overrides for whom it works; `hidden` is the answer to the others, the same as
    for what never was unless the key itself `is_taken`; `refused` is the answer to who sees it but may not do it now.
    `lists` says which things the answer is to hold, all that the caller sees and no other; `reveals` that it opens the
    details of the offer.
    """

    on: str = ""
    body: Body | None = None
    goes: Rule = always
    sees: Rule | None = None
    hidden: int = 404
    refused: int = 409
    is_taken: bool = False
    lists: str = ""
    reveals: bool = False
    only: Callable[[Caller], bool] = lambda caller: True

    def may_know(self, caller: Caller, thing: Thing) -> bool:
        """Tell whether the caller may know that there is such a thing."""
        return (self.sees or SEES[thing.kind])(caller, thing)

    def looks_missing(self, caller: Caller, thing: Thing) -> bool:
        """Tell whether the answer must be that for something which never was."""
        return not self.is_taken and not SEES[thing.kind](caller, thing) and not self.may_know(caller, thing)


def expected(scope: Asked, succeeds: int, cells: Cells, caller: Caller, thing: Thing | None) -> int:
    """Return the status the rules demand: alive, then allowed, then seen, then in the right state."""
    if not caller.is_alive:
        return 401
    if scope is not None and caller.scopes.isdisjoint(any_of(scope)):
        return 403
    if thing is None:
        return succeeds
    if not cells.may_know(caller, thing):
        return cells.hidden
    return succeeds if cells.goes(caller, thing) else cells.refused
