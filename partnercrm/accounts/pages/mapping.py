"""Account mapping as pages: the matrix of a partnership, and one mapping with what it tells."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from partnercrm.accounts.actions import mapping as actions
from partnercrm.accounts.mappings import MappingStatus
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.mapping import Mapping
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.probing import COMPARISONS
from partnercrm.accounts.queries import candidates, introducing, overlaps, populations
from partnercrm.accounts.queries import mapping as queries
from partnercrm.accounts.queries.mapping import CellSeen, Matrix
from partnercrm.accounts.queries.overlaps import OverlapSeen
from partnercrm.accounts.schemas.mapping import (
    AgreeMapping,
    OtherQuery,
    OverlapQuery,
    ProposeMappingOnPage,
    SharedQuery,
)
from partnercrm.accounts.tiers import AccountField, MappingTier, discloses
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership
from partnercrm.web import frame
from partnercrm.web.page import Form

_WAITING: Final = {"sort": "-proposed_at", "limit": 50, "status": MappingStatus.PROPOSED}
_IN_USE: Final = {"archived": False, "sort": "name", "limit": 200}
_NEWEST: Final = {"sort": "-number", "limit": 12}


@pages.panel("partnership", rank=2)
def mapping_of_partnership(actor: Actor, partnership: Partnership) -> str | None:
    """Show what both have, of all that is agreed, on the partnership's page."""
    if partnership.id not in actor.partnership_ids or partnership.has_ended:
        return None
    return render_template(
        "accounts/mapping_panel.html", partnership=partnership, matrix=queries.matrix(actor, partnership.id)
    )


@pages.show("/partnerships/<uuid:partnership_id>/mapping", scope="partnerships:read")
def mappings(actor: Actor, partnership_id: UUID, form: Form | None = None) -> str:
    """Show the matrix of both sides' populations, what waits for an answer, freezes, budget and epochs."""
    partnership = partnerships.joined_partnership(actor, partnership_id)
    matrix = queries.matrix(actor, partnership_id)
    frame.stand_under("partnerships_pages.partnerships")
    return render_template(
        "accounts/mappings.html",
        partnership=partnership,
        sides=partnership.sides_by_id,
        mine=actor.organization_id,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        matrix=matrix,
        grid=_grid(matrix),
        waiting=queries.mappings(actor, _WAITING | {"partnership_id": partnership_id}).items,
        epochs=queries.epochs(actor, partnership_id, _NEWEST).items,
        budget=queries.budget(actor, partnership_id),
        candidates=candidates.waiting(actor, partnership_id) if actor.has("accounts:read") else (),
        most=COMPARISONS,
        may_manage=actor.has("partnerships:write") and not partnership.is_paused,
        **_choices(actor, form or Form({"tier": MappingTier.COUNTS.value})),
    )


@pages.act("/partnerships/<uuid:partnership_id>/mapping", scope="partnerships:write", again=mappings)
def propose_mapping(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Propose to compare a population."""
    partnerships.joined_partnership(actor, partnership_id)
    proposed = actions.propose_mapping(actor, form.load(ProposeMappingOnPage) | {"partnership_id": partnership_id})
    flash(_("The other side has your proposal."))
    return _to(proposed)


@pages.show("/mappings/<uuid:mapping_id>", scope="partnerships:read")
def mapping(actor: Actor, mapping_id: UUID, form: Form | None = None) -> str:
    """Show one mapping: what both learn, what may be done, and what both have as far as its tier tells."""
    found = queries.mapping(actor, mapping_id)
    partnership = partnerships.joined_partnership(actor, found.partnership_id)
    frame.stand_under("partnerships_pages.partnerships")
    asked = Form.asked()
    filters = asked.without("beyond")
    reads = actor.has("accounts:read") and found.status is MappingStatus.AGREED
    told = discloses(found.tier)
    common = overlaps.overlaps(actor, mapping_id, filters.load(OverlapQuery)) if reads and told.which else None
    beyond = Form({"cursor": asked.values["beyond"]} if "beyond" in asked.values else {})
    others = overlaps.others(actor, mapping_id, beyond.load(OtherQuery)) if reads and told.others else None
    first_url, next_url = filters.pages(
        "accounts_pages.mapping", common.next if common else None, mapping_id=mapping_id
    )
    return render_template(
        "accounts/mapping.html",
        mapping=found,
        told=told,
        partnership=partnership,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        mine=actor.organization_id,
        common=[(seen, _ways_on(actor, seen)) for seen in common.items] if common else None,
        others=others,
        others_url=_further(asked, others.next, mapping_id) if others else None,
        files=frame.panels("overlaps", actor, mapping_id) if common else (),
        first_url=first_url,
        next_url=next_url,
        may=_may(actor, found),
        **_choices(actor, form or Form({"tier": found.tier.value}, {"shown": found.shown})),
    )


@pages.panel("account", rank=1)
def partners_of_account(actor: Actor, account: Account, form: Form) -> str | None:
    """Show on an account's page which partner has it too, and whom there to ask."""
    found = introducing.introductions(actor, account.id).partners
    return render_template("accounts/introductions.html", partners=found) if found else None


@pages.show("/accounts/shared", scope="accounts:read")
def shared_accounts(actor: Actor, form: Form | None = None) -> str:
    """Show the viewer's own accounts that a partner has too."""
    filters = Form.asked()
    found = introducing.shared_accounts(actor, filters.load(SharedQuery))
    first_url, next_url = filters.pages("accounts_pages.shared_accounts", found.next)
    return render_template(
        "accounts/shared.html",
        accounts=found.items,
        panels=frame.panels("with partners", actor),
        first_url=first_url,
        next_url=next_url,
    )


def _further(asked: Form, cursor: str | None, mapping_id: UUID) -> str | None:
    """Return the address of the next page of what the partner alone has, beside the same page of what both have."""
    kept: dict[str, Any] = dict(asked.values) | {"beyond": cursor, "mapping_id": mapping_id, "_anchor": "others"}
    return url_for("accounts_pages.mapping", **kept) if cursor else None


def _grid(matrix: Matrix) -> tuple[list[str], list[tuple[str, list[list[CellSeen]]]]]:
    """Return the second side's populations, and for each of the first side's what is told of it with each of them."""
    first, second = matrix.first_organization_id, matrix.second_organization_id
    cells = defaultdict[tuple[str, str], list[CellSeen]](list)
    for one in matrix.cells:
        cells[one.mapping.label_of(first) or "", one.mapping.label_of(second) or ""].append(one)
    columns = list(dict.fromkeys(column for _, column in cells))
    rows = list(dict.fromkeys(row for row, _ in cells))
    return columns, [(row, [cells.get((row, column), []) for column in columns]) for row in rows]


def _ways_on(actor: Actor, seen: OverlapSeen) -> list[Markup]:
    """Return what other slices lead on to from a company that both have."""
    return [shown for account in seen.accounts for shown in frame.panels("overlap", actor, account, seen)]


def _may(actor: Actor, found: Mapping) -> frozenset[str]:
    """Return what the viewer may do now, by the words of the page."""
    ours, manages = found.organization_id == actor.organization_id, actor.has("partnerships:write")
    proposed, agreed = found.status is MappingStatus.PROPOSED, found.status is MappingStatus.AGREED
    may = {
        "answer": proposed and manages and not ours,
        "withdraw": proposed and manages and ours,
        "stop": agreed and manages,
    }
    return frozenset(name for name, allowed in may.items() if allowed)


def _choices(actor: Actor, form: Form) -> dict[str, Any]:
    return {
        "form": form,
        "populations": [(str(one.id), one.name) for one in populations.populations(actor, _IN_USE).items],
        "tiers": frame.choices(MappingTier),
        "fields": [(value, called, "") for value, called in frame.choices(AccountField)],
    }


def _to(found: Mapping) -> str:
    return url_for("accounts_pages.mapping", mapping_id=found.id)


@pages.act("/mappings/<uuid:mapping_id>/agree", scope="partnerships:write", again=mapping)
def agree_mapping(actor: Actor, mapping_id: UUID, form: Form) -> str:
    """Agree to a mapping, or to less."""
    return _to(actions.agree_mapping(actor, mapping_id, form.load(AgreeMapping)))


def _step(path: str, act: Callable[[Actor, UUID], Mapping], name: str) -> None:
    def step(actor: Actor, mapping_id: UUID, form: Form) -> str:
        return _to(act(actor, mapping_id))

    step.__name__ = name
    pages.act(f"/mappings/<uuid:mapping_id>/{path}", scope="partnerships:write", again=mapping)(step)


_step("decline", actions.decline_mapping, "decline_mapping")
_step("withdraw", actions.withdraw_mapping, "withdraw_mapping")
_step("stop", actions.stop_mapping, "stop_mapping")


@pages.show("/mapping-freezes/<uuid:freeze_id>", scope="partnerships:read")
def freeze(actor: Actor, freeze_id: UUID, form: Form | None = None) -> str:
    """Show the page a freeze belongs to."""
    shown: str = mappings(actor, queries.freeze(actor, freeze_id).partnership_id, form)
    return shown


@pages.act("/mapping-freezes/<uuid:freeze_id>/lift", scope="partnerships:write", again=freeze)
def lift_freeze(actor: Actor, freeze_id: UUID, form: Form) -> str:
    """Lift a freeze for our side."""
    return url_for("accounts_pages.mappings", partnership_id=actions.lift_freeze(actor, freeze_id).partnership_id)
