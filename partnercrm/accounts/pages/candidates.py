"""Candidates as pages: what one's own side is asked about, on the page of the partnership's mapping."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, url_for
from flask_babel import gettext as _

from partnercrm.accounts.actions import candidates as actions
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.pages.mapping import mappings
from partnercrm.accounts.queries import candidates as queries
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form


@pages.show("/candidates/<uuid:candidate_id>", scope="accounts:read")
def candidate(actor: Actor, candidate_id: UUID, form: Form | None = None) -> str:
    """Show the page a candidate belongs to."""
    shown: str = mappings(actor, queries.candidate(actor, candidate_id).partnership_id, form)
    return shown


def _step(path: str, act: Callable[[Actor, UUID], Any], name: str, told: Callable[[], str]) -> None:
    def step(actor: Actor, candidate_id: UUID, form: Form) -> str:
        answered = act(actor, candidate_id)
        flash(told())
        return url_for("accounts_pages.mappings", partnership_id=answered.partnership_id)

    step.__name__ = name
    pages.act(f"/candidates/<uuid:candidate_id>/{path}", scope="accounts:write", again=candidate)(step)


_step(
    *("confirm", actions.confirm_candidate, "confirm_candidate"),
    lambda: _("Only your side reads this; the next epoch tells both of it if the other side says the same."),
)
_step(
    *("reject", actions.reject_candidate, "reject_candidate"),
    lambda: _("Nobody is asked about these two again."),
)
