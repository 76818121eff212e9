"""Deals as pages: a board by stage, a list, one deal, and the forms that move and change it."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from partnercrm.calendars import queries as calendars
from partnercrm.deals import stages
from partnercrm.deals.actions import selling as actions
from partnercrm.deals.attachments import MOST_FILES
from partnercrm.deals.conflicts import LOGGED
from partnercrm.deals.entries import EntryKind
from partnercrm.deals.histories import differences, may_undo
from partnercrm.deals.pages.blueprint import pages
from partnercrm.deals.pages.reading import partner_names, product_lines
from partnercrm.deals.pages.reviewing import ExtendOnPage
from partnercrm.deals.queries import attributing, books, drafts, files, timelines, working
from partnercrm.deals.queries import selling as queries
from partnercrm.deals.queries.selling import DealSeen
from partnercrm.deals.registering import Involvement, Party
from partnercrm.deals.schemas.selling import ChangeDeal, DealQuery, MoveDeal
from partnercrm.deals.stages import CLOSED, OPEN_STAGES, LossReason, Stage
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import frame
from partnercrm.web.page import Form
from partnercrm.web.shapes import Day, Moment, Shape

_ON_BOARD: Final = 20
_OF_ONE: Final = 20
_DRAFTS: Final = 5


class MoveOnPage(Shape):
    """A move and its day."""

    stage = MoveDeal().fields["stage"]
    reason = MoveDeal().fields["reason"]
    moved_on = Day()


class EarlierOnPage(Shape):
    """Before when, in a timeline."""

    before = Moment()


class AttributionOnPage(Shape):
    """As of the end of a day."""

    on = Day()


@pages.show("/deals", scope="deals:read")
def deals(actor: Actor) -> str:
    """Show the open deals by their stage, those that close next first."""
    filters = Form.asked()
    asked = filters.load(DealQuery) | {"sort": "close_on", "limit": _ON_BOARD}
    board = [(stage, queries.deals(actor, asked | {"stage": stage})) for stage in OPEN_STAGES]
    return render_template("deals/deals.html", board=board, **_listed(actor, filters))


@pages.show("/deals/list", scope="deals:read")
def list_deals(actor: Actor) -> str:
    """Show deals as a list, open or closed."""
    filters = Form.asked()
    found = queries.deals(actor, filters.load(DealQuery))
    first_url, next_url = filters.pages("deals_pages.list_deals", found.next)
    frame.stand_under("deals_pages.deals")
    return render_template(
        "deals/deals_list.html",
        found=found.items,
        stages=frame.choices(Stage),
        first_url=first_url,
        next_url=next_url,
        **_listed(actor, filters),
    )


def _listed(actor: Actor, filters: Form) -> dict[str, Any]:
    return {
        "filters": filters,
        "partners": partner_names(actor),
        "lines": product_lines(actor),
        "today": calendars.today(actor),
        "drafts": _drafts(actor),
    }


def _drafts(actor: Actor) -> Sequence[Any]:
    """Return what the viewer has begun to register, the newest."""
    if not actor.has("deals:write"):
        return ()
    return drafts.drafts(actor, {"mine": True, "sort": "-changed_at", "limit": _DRAFTS}).items


@pages.show("/deals/<uuid:deal_id>", scope="deals:read")
def deal(actor: Actor, deal_id: UUID, form: Form | None = None, **_places: UUID) -> str:
    """Show one deal: how far it is, what both read of it, what may be done, and every change."""
    seen = queries.deal(actor, deal_id)
    partnership = partnerships.joined_partnership(actor, seen.partnership_id)
    before = Form.asked().load(EarlierOnPage).get("before")
    told = timelines.timeline(actor, deal_id, before, _OF_ONE)
    worked = _worked(actor, seen)
    shown = form or Form(_as_it_stands(seen))
    ours = [str(one.id) for one in worked["people"] if one.organization_id == actor.organization_id]
    shown.chosen = {"member_ids": ours, **shown.chosen}
    frame.stand_under("deals_pages.deals")
    return render_template(
        "deals/deal.html",
        one=seen,
        partnership=partnership,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        line=product_lines(actor).get(seen.product_line_id),
        track=_track(seen.stage),
        may=_may(actor, seen),
        lines=told.lines,
        onward=next((after for after in seen.next_stages if stages.is_onward(seen.stage, after)), None),
        meanwhile=_meanwhile(actor, seen, form),
        others=[one for one in frame.choices(seen.next_stages) if Stage(one[0]) not in CLOSED],
        reasons=frame.choices(LossReason),
        involvements=frame.choices(Involvement),
        book=books.book(actor, deal_id),
        told=attributing.attribution(actor, deal_id),
        kinds=frame.choices(LOGGED),
        **worked,
        **_files(actor, seen),
        form=shown,
        first_url=_to(deal_id) if before else None,
        next_url=url_for("deals_pages.deal", deal_id=deal_id, before=told.before.isoformat(), _anchor="timeline")
        if told.before
        else None,
        panels=frame.panels("deal", actor, seen),
    )


@pages.act("/deals/<uuid:deal_id>/move", scope="deals:write", again=deal)
def move_deal(actor: Actor, deal_id: UUID, form: Form) -> str:
    """Move the deal to another stage."""
    given = form.without("version").load(MoveOnPage)
    given["happened_at"] = calendars.end_of(actor, given.pop("moved_on", None))
    try:
        moved = actions.move_deal(actor, deal_id, given, form.values.get("version", ""))
    except Invalid as refusal:
        on_page = {"happened_at": "moved_on"}
        raise Invalid([one._replace(field=on_page.get(one.field, one.field)) for one in refusal.errors]) from refusal
    flash(_("The deal is at “%(stage)s”; your partner's team is told.", stage=frame.words(moved.stage)))
    return _to(deal_id)


@pages.act("/deals/<uuid:deal_id>/log", scope="deals:write", again=deal)
def log_deal_event(actor: Actor, deal_id: UUID, form: Form) -> str:
    """Log what our side did for the deal."""
    given = form.load(ExtendOnPage)
    happened_at = calendars.end_of(actor, given["happened_on"]) or db.now()
    try:
        actions.log_event(actor, deal_id, {"kind": given["kind"], "happened_at": happened_at})
    except Invalid as refusal:
        raise Invalid([one._replace(field="happened_on") for one in refusal.errors]) from refusal
    flash(_("Logged; it counts when it is told whose deal it is."))
    return _to(deal_id)


@pages.show("/deals/<uuid:deal_id>/attribution", scope="deals:read")
def attribution(actor: Actor, deal_id: UUID) -> str:
    """Show who sourced and who influenced the deal as of a day, and every deed that says so."""
    seen = queries.deal(actor, deal_id)
    partnership = partnerships.joined_partnership(actor, seen.partnership_id)
    filters = Form.asked()
    asked, told = filters, None
    try:
        on = filters.load(AttributionOnPage).get("on")
        told = attributing.attribution(actor, deal_id, calendars.end_of(actor, on))
    except Invalid as refusal:
        asked = filters.refused(Invalid([error._replace(field="on") for error in refusal.errors]))
    frame.stand_under("deals_pages.deals")
    return render_template("deals/attribution.html", one=seen, partnership=partnership, told=told, form=asked)


@pages.act("/deals/<uuid:deal_id>/change", scope="deals:write", again=deal)
def change_deal(actor: Actor, deal_id: UUID, form: Form) -> str:
    """Change what both sides read of the deal."""
    given = whole(form.without("version")).load(ChangeDeal)
    actions.change_deal(actor, deal_id, given, form.values.get("version", ""))
    flash(_("Both sides read it like this from now on."))
    return _to(deal_id)


def whole(form: Form) -> Form:
    """Return the form without the currencies of amounts that were left empty."""
    alone = [f"{name}.currency" for name in ("value", "price") if f"{name}.amount" not in form.values]
    return form.without(*alone)


@pages.act("/deals/<uuid:deal_id>/undo", scope="deals:write", again=deal)
def undo_change(actor: Actor, deal_id: UUID, form: Form) -> str:
    """Undo our last change of the deal."""
    actions.undo_change(actor, deal_id, form.values.get("version", ""))
    flash(_("Your last change is undone."))
    return _to(deal_id)


def _worked(actor: Actor, seen: DealSeen) -> dict[str, Any]:
    """Return who works on a deal, what they wrote last and what is still to be done."""
    people = working.team(actor, seen.id).people
    steps = {"kind": EntryKind.NEXT_STEP, "open": True, "limit": _OF_ONE}
    return {
        "people": people,
        "mentionable": [(str(one.id), one.name, "") for one in people if one.user_id != actor.user_id],
        "our_members": [(str(one.id), one.name, "") for one in partnerships.own_members(actor, seen.partnership_id)],
        "steps": working.entries(actor, seen.id, steps).items,
        "today": calendars.today(actor),
    }


def _files(actor: Actor, seen: DealSeen) -> dict[str, Any]:
    """Return the files that lie with a deal, and which the viewer may take away."""
    found = files.files(actor, seen.id, {"limit": MOST_FILES}).items
    ours = [one for one in found if one.organization_id == actor.organization_id and actor.has("deals:write")]
    may = {one.id for one in ours if one.author.user_id == actor.user_id or actor.has("deals:review")}
    return {"files": found, "may_remove": may}


def _to(deal_id: UUID) -> str:
    return url_for("deals_pages.deal", deal_id=deal_id)


def _track(stage: Stage) -> list[tuple[Stage, str]]:
    """Return the stages of a deal's way, each with where that is to the present one."""
    if stage is Stage.CLOSED_LOST:
        return [*((one, "") for one in OPEN_STAGES), (stage, "ended")]
    way = [*OPEN_STAGES, Stage.CLOSED_WON]
    return [(one, "now" if one is stage else "done" if way.index(one) < way.index(stage) else "") for one in way]


def _may(actor: Actor, seen: DealSeen) -> frozenset[str]:
    """Return what the viewer may do now, by the words of the page."""
    if not actor.has("deals:write") or not seen.next_stages:
        return frozenset()
    last, before = (queries.state(actor, seen.id, seen.version - back) for back in (0, 1))
    may = {one.value for one in seen.next_stages} | {"change"}
    if seen.party is Party.REGISTRANT:
        may.add("involve")
    if last and may_undo(last, before, actor.organization_id):
        may.add("undo")
    return frozenset(may)


def _meanwhile(actor: Actor, seen: DealSeen, form: Form | None) -> list[Any]:
    """Return what was changed since the viewer read what a refused form was based on."""
    version = form.values.get("version", "") if form and request.method == "POST" else ""
    read = queries.state_read(actor, seen.deal, version)
    return differences(read.facts, seen.facts) if read else []


def _as_it_stands(seen: DealSeen) -> dict[str, str]:
    """Return what is there already, to be changed and not typed again."""
    value = {"value.amount": seen.value.amount} if seen.value else {}
    return value | {
        "value.currency": seen.currency,
        "close_on": seen.close_on.isoformat(),
        "involvement": seen.involvement.value,
    }
