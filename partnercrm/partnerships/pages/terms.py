"""The terms' pages: what is agreed and was, what is proposed, and the forms to propose and answer."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext

from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import percents, queries
from partnercrm.partnerships.actions import terms as actions
from partnercrm.partnerships.agreements import (
    EntryStage,
    GoalMeasure,
    PartnerRole,
    PartnershipKind,
    Payer,
    Phase,
    SplitTemplate,
)
from partnercrm.partnerships.differences import SEVERAL, SINGLE
from partnercrm.partnerships.measures import Measure
from partnercrm.partnerships.models import ChangeStatus, ReviewDefault, ValueDisclosure
from partnercrm.partnerships.models.terms import WholeTermColumns
from partnercrm.partnerships.pages import telling
from partnercrm.partnerships.pages.blueprint import pages
from partnercrm.partnerships.queries import terms as reading
from partnercrm.partnerships.schemas.terms import AnswerTerms, ProposeTerms, TermsQuery
from partnercrm.partnerships.tiers import Detail, Tier
from partnercrm.partnerships.words import FIELDS
from partnercrm.web import frame, rows
from partnercrm.web.page import Form

_NULLABLE: Final = ("kind", "window_months", "trust_advance", "moderator_email")
_ROWS: Final = {
    "goals": ("id", "text", "measure", "target", "unit", "organization_id", "from_on", "due_on"),
    "criteria": ("id", "phase", "text", "shown_by", "due_on"),
    "product_lines": ("id", "name"),
    "split_templates": tuple(one.name for one in fields(SplitTemplate)),
}
_IN_PERCENT: Final = ("source_split", "source_overlay", "partner_overlay", "referral_fee", "revenue_share")
_BLANK_ROWS: Final = 2


@pages.show("/partnerships/<uuid:partnership_id>/terms", scope="partnerships:read")
def terms(actor: Actor, partnership_id: UUID, form: Form | None = None) -> str:
    """Show what is agreed, what waits for an answer, and every version with what it changed."""
    partnership = queries.partnership(actor, partnership_id)
    asked = Form.asked()
    found = reading.versions(actor, partnership_id, asked.load(TermsQuery))
    first_url, next_url = asked.pages("partnerships_pages.terms", found.next, partnership_id=partnership_id)
    agreed = partnership.terms
    return render_template(
        "partnerships/terms.html",
        partnership=partnership,
        agreed=[(name, FIELDS[name], telling.told(partnership, name, getattr(agreed, name))) for name in SINGLE],
        tiers=agreed.tiers.items(),
        goals=[telling.goal(partnership, one) for one in agreed.goals],
        lines=[one.name for one in agreed.product_lines],
        templates=[telling.template(partnership, one) for one in agreed.split_templates],
        waiting=reading.open_change(actor, partnership_id),
        mine=actor.organization_id,
        now=clock.now(),
        versions=[(one, telling.differences(partnership, one.changes)) for one in found.items],
        first_url=first_url,
        next_url=next_url,
        may_change=actor.has("partnerships:write") and not partnership.has_ended,
    )


@pages.show("/partnerships/<uuid:partnership_id>/terms/propose", scope="partnerships:write")
def propose_change(actor: Actor, partnership_id: UUID, form: Form | None = None) -> str:
    """Show the form of a change; it starts from our draft, else from the terms agreed last."""
    partnership = queries.partnership(actor, partnership_id)
    draft = reading.own_draft(actor, partnership_id)
    start = draft or reading.latest_terms(partnership_id)
    values = (
        rows.compacted(_without_emptied(form.values))
        if form
        else _values(start, reading.latest_terms(partnership_id).version)
    )
    return render_template(
        "partnerships/propose_change.html",
        partnership=partnership,
        form=Form(values, {}, form.errors if form else {}, form.problem if form else None),
        draft=draft,
        version=form.values.get("version", "") if form else draft.version_tag if draft else "",
        rows={name: _count(values, name) + _BLANK_ROWS for name in SEVERAL},
        today=clock.now().date(),
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        **_choices(partnership),
    )


@pages.act("/partnerships/<uuid:partnership_id>/terms/propose", scope="partnerships:write", again=propose_change)
def propose_terms(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Send the change to the partner."""
    change = actions.propose_terms(actor, partnership_id, _filled(form))
    flash(gettext("The other side has your proposal. The terms change when it accepts."))
    return url_for("partnerships_pages.term_change", change_id=change.id)


@pages.act("/partnerships/<uuid:partnership_id>/terms/draft", scope="partnerships:write", again=propose_change)
def keep_term_draft(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Keep the change for later; only our side sees it."""
    actions.keep_term_draft(actor, partnership_id, _filled(form), form.values.get("version"))
    flash(gettext("Kept as a draft. Only your side sees it."))
    return url_for("partnerships_pages.propose_change", partnership_id=partnership_id)


@pages.act("/partnerships/<uuid:partnership_id>/terms/draft/discard", scope="partnerships:write", again=propose_change)
def discard_term_draft(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Throw our draft away."""
    actions.discard_term_draft(actor, partnership_id)
    return url_for("partnerships_pages.propose_change", partnership_id=partnership_id)


@pages.show("/term-changes/<uuid:change_id>", scope="partnerships:read")
def term_change(actor: Actor, change_id: UUID, form: Form | None = None) -> str:
    """Show a change proposed, field by field, and the ways to answer it."""
    seen = reading.term_change(actor, change_id)
    partnership = queries.partnership(actor, seen.partnership_id)
    return render_template(
        "partnerships/term_change.html",
        partnership=partnership,
        change=seen.change,
        proposer=partnership.name_of(seen.proposed_by),
        ours=seen.proposed_by == actor.organization_id,
        differences=telling.differences(partnership, seen.changes),
        may_answer=actor.has("partnerships:write")
        and seen.change.status is ChangeStatus.OPEN
        and not partnership.has_ended,
        form=form or Form(),
    )


@pages.act("/term-changes/<uuid:change_id>/accept", scope="partnerships:write", again=term_change)
def accept_terms(actor: Actor, change_id: UUID, form: Form) -> str:
    """Agree to the change."""
    seen = actions.accept_terms(actor, change_id)
    flash(gettext("Agreed. Both sides read the new version."))
    return url_for("partnerships_pages.terms", partnership_id=seen.partnership_id)


@pages.act("/term-changes/<uuid:change_id>/decline", scope="partnerships:write", again=term_change)
def decline_terms(actor: Actor, change_id: UUID, form: Form) -> str:
    """Decline the change with a word."""
    actions.decline_terms(actor, change_id, form.load(AnswerTerms))
    return url_for("partnerships_pages.term_change", change_id=change_id)


@pages.act("/term-changes/<uuid:change_id>/withdraw", scope="partnerships:write", again=term_change)
def withdraw_terms(actor: Actor, change_id: UUID, form: Form) -> str:
    """Take our change back."""
    seen = actions.withdraw_terms(actor, change_id)
    return url_for("partnerships_pages.terms", partnership_id=seen.partnership_id)


@pages.panel("home", rank=1)
def waiting_changes(actor: Actor) -> str | None:
    """Show who may answer them the changes of terms that wait."""
    waiting = reading.waiting_changes(actor) if actor.has("partnerships:write") else []
    return render_template("partnerships/home_changes.html", changes=waiting) if waiting else None


def _choices(partnership: Any) -> dict[str, Any]:
    return {
        "kinds": frame.choices(PartnershipKind),
        "measures": frame.choices(Measure),
        "values": frame.choices(ValueDisclosure),
        "defaults": frame.choices(ReviewDefault),
        "details": [(detail.value, frame.words(detail)) for detail in Detail],
        "tiers": frame.choices(Tier),
        "goal_measures": frame.choices(GoalMeasure),
        "phases": frame.choices(Phase),
        "roles": frame.choices(PartnerRole),
        "stages": frame.choices(EntryStage),
        "payers": frame.choices(Payer),
        "sides": [(side.organization_id, side.name) for side in partnership.sides_by_id],
    }


def _filled(form: Form) -> dict[str, Any]:
    """Read the form: all of the terms, so what was emptied is no longer agreed."""
    values = {name: value for name, value in _without_emptied(form.values).items() if name != "version"}
    regions = [region.strip() for region in values.pop("terms.regions", "").split(",") if region.strip()]
    values |= {f"terms.regions.{place}": region for place, region in enumerate(regions)}
    given = Form({name: _in_millionths(name, value) for name, value in values.items()}, form.chosen).load(ProposeTerms)
    emptied = dict.fromkeys(_NULLABLE) | {name: [] for name in (*SEVERAL, "regions")}
    given["terms"] = emptied | given["terms"]
    return given


def _without_emptied(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values without what was there before and has been emptied: a row with an id and no name or text."""
    emptied = tuple(
        f"{row}."
        for row in (name.removesuffix(".id") for name in values if name.endswith(".id"))
        if not {f"{row}.text", f"{row}.name"} & values.keys()
    )
    return {name: value for name, value in values.items() if not name.startswith(emptied)}


def _values(start: WholeTermColumns, based_on: int) -> dict[str, str]:
    values = {"based_on": str(based_on), "note": getattr(start, "note", "")}
    if begins := getattr(start, "effective_on", None):
        values["effective_on"] = begins.isoformat()
    for name in SINGLE:
        value = getattr(start, name)
        values[f"terms.{name}"] = ", ".join(value) if isinstance(value, list) else _text(value)
    values |= {f"terms.tiers.{detail}": tier.value for detail, tier in start.tiers.items()}
    for name, columns in _ROWS.items():
        for place, item in enumerate(getattr(start, name)):
            values |= {f"terms.{name}.{place}.{column}": _written(column, getattr(item, column)) for column in columns}
    return {name: value for name, value in values.items() if value}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _written(column: str, value: Any) -> str:
    return percents.percent(value) if column in _IN_PERCENT and value is not None else _text(value)


def _in_millionths(name: str, value: str) -> str:
    """Return what a field of a template written in percent stands for; anything else as it is."""
    if name.rpartition(".")[2] not in _IN_PERCENT:
        return value
    read = percents.millionths(value)
    return value if read is None else str(read)


def _count(values: dict[str, str], name: str) -> int:
    return len({one.split(".")[2] for one in values if one.startswith(f"terms.{name}.")})
