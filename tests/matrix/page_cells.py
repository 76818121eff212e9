"""The cells of every page and form: a new route without an entry here fails the matrix."""

from dataclasses import replace
from typing import Any, Final

from partnercrm.leads.lifecycle import IN_PROGRESS
from tests import cast
from tests.matrix import (
    causes,
    companies,
    comparing,
    dealing,
    hours,
    importing,
    moving,
    paying,
    rounding,
    rules,
    selling,
    sharing,
    valuing,
)
from tests.matrix.cells import CELLS, PASSWORD, wishes
from tests.matrix.following import NOT_TAKEN, more_time
from tests.matrix.keeping import embedded, retained
from tests.matrix.people import Caller
from tests.matrix.rules import Cells, stands, takes
from tests.matrix.term_cells import TERM_PAGES
from tests.matrix.world import Thing, World

HOURS: Final = {"zone": "Europe/Berlin", "week.monday": "09:00-17:00", "week.tuesday": "09:00-17:00"}
LEAD: Final = {"company_name": "Wingtip", "need": "Anvils"}


def _sent(**values: str) -> rules.Body:
    return lambda world, caller, thing: {"data": values}


def _step(side: str, *statuses: str, body: rules.Body | None = None, reveals: bool = False) -> tuple[Cells]:
    return (Cells(on="offer", goes=takes(side, *statuses), body=body, reveals=reveals),)


def _offered(world: World, caller: Caller, partnership: Thing) -> dict[str, Any]:
    return {"data": LEAD | {"partnership_id": partnership.id}}


def _end(world: World, caller: Caller, partnership: Thing) -> dict[str, Any]:
    return {"data": {"confirmed": "true", "version": world.tags.get(partnership.id, "none")}}


def _as_form(cells: Cells) -> rules.Body:
    """Send as a form what the API's cells send as JSON."""

    def body(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
        asked = cells.body(world, caller, thing) if cells.body else {}
        return {"path": asked.get("path", {}), "data": asked.get("json", {})}

    return body


OF_CASES: Final = (
    *("make_statement", "add_evidence", "propose_outcome", "agree_outcome", "withdraw_case", "close_case"),
    *("hand_over_case", "name_moderator", "confirm_moderator", "drop_moderator", "submit_case"),
    *("accept_moderation", "decline_moderation", "ask_sides", "decide_case"),
)


def _formed(cells: Cells) -> Cells:
    return replace(cells, body=_as_form(cells))


def _in_form(cells: Cells) -> Cells:
    """Say beside the field what the API says of the whole request: that there is nobody."""
    return replace(_formed(cells), hidden=422)


def _hours(*, own: bool) -> rules.Body:
    """Send hours with the version of those they replace."""
    return lambda world, caller, thing: {"data": HOURS | {"version": hours.replaced(world, caller, own=own)}}


def _versioned(**values: str) -> rules.Body:
    """Send with the form the version it was made from."""
    return lambda world, caller, thing: {"data": values | {"version": world.tags.get(thing.id, "none")}}


def _periods(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    return {"data": {"periods.notices": "300", "version": retained(world, caller)}}


def _origins(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    return {"data": {"origins": "https://crm.wingtip.example", "version": embedded(world, caller)}}


_MEMBER, _MEMBER_OF_WHOM = CELLS["name_member"]

PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "identity_pages.home": (Cells(),),
    "identity_pages.sign_out": (Cells(),),
    "identity_pages.tokens": (Cells(),),
    "identity_pages.make_token": (Cells(body=_sent(name="mine", scopes="identity:read")),),
    "identity_pages.revoke_token": CELLS["revoke_token"],
    "identity_pages.account": (Cells(),),
    "identity_pages.seen": (Cells(),),
    "identity_pages.agreement": (Cells(),),
    "identity_pages.change_agreement": (Cells(body=_sent(person_figures="managers", reason="Agreed.")),),
    "identity_pages.person_data": (Cells(),),
    **{f"identity_pages.{name}": (_in_form(CELLS[name][0]),) for name in ("export_person", "erase_person")},
    "identity_pages.confirm_erasure": (_in_form(CELLS["export_person"][0]),),
    "identity_pages.audit": (Cells(),),
    "identity_pages.audit_heads": (Cells(),),
    "identity_pages.audit_chains": (Cells(),),
    "identity_pages.own_chain": (Cells(),),
    "identity_pages.partnership_chain": (Cells(on="partnership"),),
    "identity_pages.audit_entry": (Cells(on="activity"),),
    "identity_pages.open_entry": (Cells(on="activity", body=_sent(purpose="A question of the customer's.")),),
    "leads_pages.figures": (Cells(),),
    "leads_pages.look": (Cells(body=_sent(user_id="0192f0c1-2b3c-4d4e-8f5a-6b7c8d9e0f1a")),),
    "leads_pages.person_figures": (Cells(on="user", goes=rules.is_oneself, refused=403),),
    "identity_pages.people": (Cells(),),
    "identity_pages.invite_user": tuple(_formed(cells) for cells in CELLS["invite_user"]),
    "identity_pages.resend_invitation": CELLS["resend_invitation"],
    "identity_pages.withdraw_invitation": CELLS["withdraw_invitation"],
    "identity_pages.make_invitation_link": CELLS["make_invitation_link"],
    "identity_pages.person": (Cells(on="user"),),
    "identity_pages.edit_person": (Cells(on="user", body=_versioned(name="Nina")),),
    "identity_pages.disable_person": (Cells(on="user", body=_versioned()),),
    "identity_pages.enable_person": (Cells(on="user", body=_versioned()),),
    "identity_pages.end_sessions_of": CELLS["end_sessions_of"],
    "identity_pages.start_reset": CELLS["start_reset"],
    "identity_pages.hand_over": tuple(_formed(cells) for cells in CELLS["hand_over"]),
    "identity_pages.close_account": tuple(_formed(cells) for cells in CELLS["close_account"]),
    "identity_pages.organization": (Cells(),),
    "identity_pages.embedding": (Cells(),),
    "identity_pages.change_embedding": (Cells(body=_origins),),
    "identity_pages.retention": (Cells(),),
    "identity_pages.change_retention": (Cells(body=_periods),),
    "identity_pages.add_team": (Cells(body=_sent(name="South")),),
    "identity_pages.change_password": (Cells(body=_sent(present_password=cast.PASSWORD, password=PASSWORD)),),
    "identity_pages.end_session": CELLS["end_session"],
    "identity_pages.end_other_sessions": (Cells(),),
    "calendars_pages.own_hours": (Cells(),),
    "calendars_pages.set_own_hours": (Cells(body=_hours(own=True)),),
    "calendars_pages.follow_team": (Cells(),),
    "calendars_pages.organization_hours": (Cells(),),
    "calendars_pages.set_organization_hours": (Cells(body=_hours(own=False)),),
    "calendars_pages.team_hours": (Cells(on="team"),),
    "calendars_pages.set_team_hours": (Cells(on="team", body=_sent(**HOURS)),),
    "calendars_pages.follow_organization": (Cells(on="team"),),
    "calendars_pages.deputies": (Cells(),),
    "calendars_pages.name_deputy": (
        Cells(on="user", hidden=422, sees=rules.may_stand_in, body=_as_form(CELLS["name_deputy"][0])),
    ),
    "calendars_pages.end_deputy": CELLS["end_deputy"],
    "partnerships_pages.partnerships": (Cells(),),
    "partnerships_pages.partnership": (Cells(on="partnership"),),
    "partnerships_pages.name_member": (
        Cells(on="partnership", goes=stands("living"), body=_as_form(_MEMBER)),
        Cells(
            on="user",
            hidden=422,
            sees=_MEMBER_OF_WHOM.sees,
            goes=_MEMBER_OF_WHOM.goes,
            body=_as_form(_MEMBER_OF_WHOM),
            only=_MEMBER_OF_WHOM.only,
        ),
    ),
    "partnerships_pages.release_member": CELLS["release_member"],
    "partnerships_pages.end_partnership": (Cells(on="partnership", goes=rules.lives, body=_end),),
    "partnerships_pages.propose": (Cells(),),
    "partnerships_pages.propose_partnership": (Cells(body=_sent(addressee="nobody@nowhere.example")),),
    "partnerships_pages.proposals": (Cells(),),
    "partnerships_pages.accept_proposal": CELLS["accept_proposal"],
    "partnerships_pages.decline_proposal": CELLS["decline_proposal"],
    "partnerships_pages.withdraw_proposal": CELLS["withdraw_proposal"],
    "disclosures_pages.disclosures": (Cells(on="partnership", sees=rules.joins),),
    "leads_pages.show_company": CELLS["show_company"],
    "leads_pages.take_back_details": CELLS["take_back_details"],
    "cases_pages.cases": (Cells(),),
    "cases_pages.case": (Cells(on="case"),),
    "cases_pages.new_case": (Cells(),),
    "cases_pages.open_case": (
        Cells(
            on="partnership",
            sees=rules.joins,
            body=lambda world, caller, thing: {
                "data": {"partnership_id": thing.id, "kind": "claim", "claim": "The answer came late."}
            },
        ),
    ),
    **{f"cases_pages.{name}": (replace(CELLS[name][0], body=_as_form(CELLS[name][0])),) for name in OF_CASES},
    "cases_pages.moderations": (Cells(),),
    "cases_pages.file": (Cells(on="file"),),
    **TERM_PAGES,
    "leads_pages.offers_received": (Cells(),),
    "leads_pages.offers_given": (Cells(),),
    "leads_pages.offer": (Cells(on="offer"),),
    "leads_pages.offer_as_partner": (Cells(on="offer", goes=rules.gives, refused=404),),
    "leads_pages.accept_offer": _step("receiver", "offered", reveals=True),
    "leads_pages.decline_offer": _step("receiver", "offered", body=_sent(reason="other")),
    "leads_pages.withdraw_offer": _step("giver", "offered"),
    "leads_pages.return_lead": _step("receiver", "accepted", body=_sent(reason="no_capacity")),
    "leads_pages.snooze_lead": _step("receiver", "accepted", body=lambda *_: {"data": {"until": more_time()}}),
    "leads_pages.claim_credit": _step("giver", *NOT_TAKEN, body=_sent(claim="They bought from you.")),
    "leads_pages.contest_lead": _step("giver", "disqualified", body=_sent(claim="They asked us for an offer.")),
    "leads_pages.qualify_lead": _step("receiver", "accepted"),
    "leads_pages.disqualify_lead": _step("receiver", "accepted", body=_sent(reason="other")),
    "leads_pages.convert_lead": _step("receiver", "qualified"),
    "leads_pages.win_lead": _step(
        "receiver", "converted", body=_sent(**{"value.amount": "10.00", "value.currency": "EUR"})
    ),
    "leads_pages.lose_lead": _step("receiver", "converted", body=_sent(reason="other")),
    "leads_pages.new_offer": (Cells(),),
    "leads_pages.offer_new_lead": (Cells(on="partnership", hidden=422, sees=rules.joins, body=_offered),),
    "leads_pages.offer_of_lead": (Cells(on="lead"),),
    "leads_pages.offer_lead": (
        Cells(
            on="lead",
            goes=rules.may_be_offered,
            body=lambda world, caller, lead: {"data": {"partnership_id": world.living}},
        ),
    ),
    "leads_pages.exchange": (Cells(),),
    "leads_pages.reciprocity": (Cells(on="partnership", sees=rules.joins),),
    "leads_pages.leads": (Cells(),),
    "leads_pages.lead": (Cells(on="lead"),),
    "leads_pages.edit_lead": (Cells(on="lead", body=_versioned(**LEAD)),),
    "leads_pages.discard_lead": (replace(CELLS["discard_lead"][0], body=_versioned()),),
    "leads_pages.ask_question": (
        Cells(on="offer", goes=takes("receiver", *IN_PROGRESS), body=_sent(question="When?")),
    ),
    "leads_pages.answer_question": (Cells(on="question", goes=rules.answers, body=_sent(answer="Now.")),),
    "notices_pages.notices": (Cells(),),
    "notices_pages.open_notice": (Cells(on="notice"),),
    "notices_pages.read_notices": (Cells(),),
    "notices_pages.preferences": (Cells(),),
    "notices_pages.prefer": (
        Cells(body=lambda world, caller, thing: {"data": {"zone": "UTC", "version": wishes(world, caller)}}),
    ),
    **(companies.PAGE_CELLS | importing.PAGE_CELLS | causes.PAGE_CELLS | moving.PAGE_CELLS | rounding.PAGE_CELLS),
    **comparing.PAGE_CELLS,
    **valuing.PAGE_CELLS,
    **dealing.PAGE_CELLS,
    **selling.PAGE_CELLS,
    **(sharing.PAGE_CELLS | paying.PAGE_CELLS),
}
PUBLIC: Final = frozenset(
    f"identity_pages.{name}"
    for name in (
        *("sign_in", "enter", "sign_in_again", "invitation", "accept_invitation"),
        *("set_up", "begin", "forgotten", "ask_reset", "reset", "use_reset"),
    )
)
