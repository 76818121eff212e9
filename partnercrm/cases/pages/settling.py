"""The list of cases, one case with what may be done, and the form that opens one."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.cases import lifecycle, queries, schemas
from partnercrm.cases.actions import exhibits, moderating, settling
from partnercrm.cases.lifecycle import OPENED_BY_HAND, CaseKind, CaseStatus, Outcome
from partnercrm.cases.models import Case, NamingStatus
from partnercrm.cases.pages.blueprint import pages
from partnercrm.cases.pages.retelling import retold
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import frame
from partnercrm.web.page import Form
from partnercrm.web.shapes import Shape

_ALL: Final = {"sort": "recorded_at", "limit": 200}
_STANDING: Final = frozenset({NamingStatus.NAMED, NamingStatus.INVITED, NamingStatus.ACCEPTED})


@pages.show("/cases", scope="cases:read")
def cases(actor: Actor) -> str:
    """Show the cases of the partnerships the viewer is a member of."""
    filters = Form.asked()
    found = queries.cases(actor, filters.load(schemas.CaseQuery))
    first_url, next_url = filters.pages("cases_pages.cases", found.next)
    return render_template(
        "cases/cases.html",
        cases=found.items,
        mine=actor.organization_id,
        today=clock.now().date(),
        filters=filters,
        statuses=frame.choices(CaseStatus),
        asked=len(queries.moderations(actor, schemas.ModerationQuery().load({})).items),
        may_open=actor.has("cases:write") and bool(_partners(actor)),
        first_url=first_url,
        next_url=next_url,
    )


@pages.show("/cases/<uuid:case_id>", scope="cases:read")
def case(actor: Actor, case_id: UUID, form: Form | None = None) -> str:
    """Show one case: what it is about, what was said and shown, where it stands, what may be done."""
    found = queries.case(actor, case_id)
    partnership = partnerships.joined_partnership(actor, found.partnership_id)
    naming = found.naming if found.naming and found.naming.status in _STANDING else None
    return render_template(
        "cases/case.html",
        case=found,
        sides=partnership.sides_by_id,
        mine=actor.organization_id,
        entries=retold(queries.entries(actor, case_id, _ALL).items),
        naming=naming,
        moderator=found.naming.moderator_name if found.naming else None,
        today=clock.now().date(),
        may=_may(actor, found) if actor.has("cases:write") else frozenset(),
        outcomes=frame.choices(Outcome),
        colleagues=[
            (member.id, member.name)
            for member in partnership.members_by_name
            if member.organization_id == actor.organization_id
        ],
        panels=frame.panels("case", actor, found),
        usual_moderator=partnership.terms.moderator_email,
        form=form or Form({"address": partnership.terms.moderator_email or ""}),
    )


def _may(actor: Actor, found: Case) -> frozenset[str]:
    """Return what the viewer may do now, by the words of the page."""
    owns = queries.may_act_as_owner(actor, found)
    party = found.party_of(actor.organization_id)
    live = lifecycle.is_live(found.status)
    may = {
        "speak": live,
        "propose": live and owns,
        "agree": live and owns and found.proposed_by_id not in {None, actor.organization_id},
        "withdraw": owns and (found.status, CaseStatus.WITHDRAWN, party) in lifecycle.STEPS,
        "close": owns and found.status is CaseStatus.DECIDED,
        "hand over": live and (owns or actor.has("partnerships:write")),
        "moderate": live,
    }
    return frozenset(name for name, allowed in may.items() if allowed)


@pages.show("/cases/new", scope="cases:write")
def new_case(actor: Actor, form: Form | None = None) -> str:
    """Show the form that opens a case."""
    partners = _partners(actor)
    asked = Form.asked()
    usual = dict(asked.values)
    if len(partners) == 1:
        usual.setdefault("partnership_id", str(next(iter(partners))))
    return render_template(
        "cases/new_case.html",
        partners=list(partners.items()),
        kinds=[pair for pair in frame.choices(CaseKind) if pair[0] in OPENED_BY_HAND],
        form=form or Form(usual),
    )


@pages.act("/cases/new", scope="cases:write", again=new_case)
def open_case(actor: Actor, form: Form) -> str:
    """Open a case, with a copy of the record of what it is about where that was asked for."""
    copies = form.values.get("copies") == "true"
    values = {name: value for name, value in form.values.items() if name != "copies"}
    given = Form(values, form.chosen).load(schemas.OpenCase)
    given["kind"] = CaseKind(given["kind"])
    if copies and "subject_id" in given:
        given["evidence"] = [exhibits.exhibit(actor, given["subject"], given["subject_id"])]
    opened = settling.open_case(actor, **given)
    flash(_("The case is open. The other side reads it now."))
    return url_for("cases_pages.case", case_id=opened.id)


def _step(path: str, shape: type[Shape] | None, act: Callable[..., Case], name: str) -> None:
    """Declare one step of a case: the form is read by the API's shape and the same action is called."""

    def step(actor: Actor, case_id: UUID, form: Form) -> str:
        act(actor, case_id, *([form.load(shape)] if shape else []))
        return url_for("cases_pages.case", case_id=case_id)

    step.__name__ = name
    pages.act(f"/cases/<uuid:case_id>/{path}", scope="cases:write", again=case)(step)


_step("statements", schemas.MakeStatement, settling.make_statement, "make_statement")
_step("evidence", schemas.AddEvidence, settling.add_evidence, "add_evidence")
_step("propose", schemas.ProposeOutcome, settling.propose_outcome, "propose_outcome")
_step("agree", schemas.AgreeOutcome, settling.agree_outcome, "agree_outcome")
_step("withdraw", None, settling.withdraw_case, "withdraw_case")
_step("close", None, settling.close_case, "close_case")
_step("hand-over", schemas.HandOverCase, settling.hand_over_case, "hand_over_case")
_step("moderator", schemas.NameModerator, moderating.name_moderator, "name_moderator")
_step("moderator/confirm", None, moderating.confirm_moderator, "confirm_moderator")
_step("moderator/drop", None, moderating.drop_moderator, "drop_moderator")
_step("submit", None, moderating.submit_case, "submit_case")


def _partners(actor: Actor) -> dict[UUID, str]:
    joined: Any = partnerships.joined_partnerships(actor)
    return {one.id: one.name_of(one.other(actor.organization_id)) for one in joined}
