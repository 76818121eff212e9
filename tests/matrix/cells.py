"""The cells of every API operation: a new operation without an entry here fails the matrix."""

import io
from typing import Any, Final

from partnercrm.leads.lifecycle import CLOSED, IN_PROGRESS, WORKED_ON
from tests.matrix import causes, companies, comparing, following, hours, importing, keeping, moving, rounding, rules
from tests.matrix.dealing import CELLS as DEAL_CELLS
from tests.matrix.joining import CELLS as JOINT_CELLS
from tests.matrix.paying import CELLS as PAYING_CELLS
from tests.matrix.people import Caller
from tests.matrix.rules import Cells, stands, takes
from tests.matrix.selling import CELLS as SELLING_CELLS
from tests.matrix.sharing import CELLS as SHARING_CELLS
from tests.matrix.teaching import CELLS as TEACHING_CELLS
from tests.matrix.term_cells import TERM_CELLS
from tests.matrix.world import Thing, World

PASSWORD: Final = "a long enough sentence"
OUTCOME: Final = {"outcome": "stands", "reasons": "In time."}
AWAY: Final = {"from_on": "2098-01-01", "to_on": "2098-01-09"}
LEAD: Final = {"company_name": "Wingtip", "need": "Anvils"}


def _new_user(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    team = {"team_id": thing.id} if thing else {}
    email = f"neil@{caller.organization or 'new'}.example"
    return _json(name="Neil", email=email, roles=["seller"], password=PASSWORD, **team)


def _successor(world: World, caller: Caller, thing: Thing) -> dict[str, Any]:
    found = {"acme": "dana", "globex": "hank"}.get(caller.organization or "", "ines")
    return _json(successor_id=world.person_id(found))


def _invited(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    given = _new_user(world, caller, thing)["json"]
    return _json(**{name: value for name, value in given.items() if name != "password"})


def _json(**body: Any) -> dict[str, Any]:
    return {"json": body}


def _sent(**body: Any) -> rules.Body:
    return lambda world, caller, thing: _json(**body)


def wishes(world: World, caller: Caller) -> str:
    """Return the version of how somebody wishes to be told, as it is now."""
    if not (caller.is_alive and caller.person):
        return "none"
    tag: str = world.players[caller.person.name].response("GET", "/notice-preferences").headers["ETag"]
    return tag.strip('"')


def _address(world: World, user: Any) -> str:
    """Return by which address a person is known; nobody's, where the person is one that never was."""
    who = {"enabled": "nora", "disabled": "dora", "partner's": "gina"}[user.state]
    return world.players[who].email if user in world.of("user") else "nobody@nowhere.example"


def _erased(world: World, caller: Caller, user: Any) -> dict[str, Any]:
    return _json(**dict.fromkeys(("email", "confirmed_email"), _address(world, user)))


def _colleague(world: World, caller: Caller) -> str:
    """Return somebody whom the caller can name as a member, if there is anybody."""
    found = {"acme": "nora", "globex": "otto"}.get(caller.organization or "", "ines")
    return world.person_id(found)


def _stand_in(world: World, caller: Caller) -> str:
    """Return somebody of the caller's organization who is no thing of this world."""
    return world.person_id({"acme": "sam", "globex": "otto"}.get(caller.organization or "", "ines"))


def _file(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    data = io.BytesIO(b"id,account,product\n1,Wingtip,Anvils\n")
    mapping = "external_id=id,company_name=account,need=product"
    return {"data": {"connector": "file", "mapping": mapping, "file": (data, "leads.csv")}}


def _step(side: str, *statuses: str, body: rules.Body | None = None) -> tuple[Cells]:
    return (Cells(on="offer", goes=takes(side, *statuses), body=body),)


def _any_member(world: World, caller: Caller, case: Thing) -> dict[str, Any]:
    """Return somebody of the caller's side to whom a case can be handed over."""
    state = "partner's" if caller.organization == "globex" else "seller"
    return _json(member_id=world.one("member", state).id)


_MEMBER: Final = Cells(
    on="partnership",
    goes=stands("living"),
    body=lambda world, caller, thing: _json(user_id=_colleague(world, caller), role="seller"),
)
_MEMBER_OF_WHOM: Final = Cells(
    on="user",
    hidden=422,
    sees=lambda caller, user: rules.SEES["user"](caller, user) and user.state != "disabled",
    goes=stands("enabled"),
    body=lambda world, caller, user: {"path": {"partnership_id": world.living}} | _json(user_id=user.id, role="seller"),
    only=lambda caller: caller.organization in {None, "acme", "globex"},
)

CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "read_me": (Cells(),),
    "read_seen": (Cells(),),
    "list_users": (Cells(lists="user"),),
    "add_user": (Cells(body=_new_user), Cells(on="team", hidden=422, body=_new_user)),
    "read_user": (Cells(on="user"),),
    "edit_user": (
        Cells(on="user", body=_sent(name="Nina")),
        Cells(
            on="team",
            hidden=422,
            body=lambda world, caller, team: {"path": {"user_id": world.person_id("nora")}} | _json(team_id=team.id),
            only=lambda caller: caller.organization in {None, "acme"},
        ),
    ),
    "hand_over": (Cells(on="user", body=_successor),),
    "close_account": (Cells(on="user", body=_successor),),
    "start_reset": (Cells(on="user", goes=stands("enabled", "partner's")),),
    "list_invitations": (Cells(lists="invitation"),),
    "invite_user": (Cells(body=_invited), Cells(on="team", hidden=422, body=_invited)),
    "read_invitation": (Cells(on="invitation"),),
    "resend_invitation": (Cells(on="invitation", goes=stands("open", "partner's")),),
    "withdraw_invitation": (Cells(on="invitation", goes=stands("open", "partner's")),),
    "make_invitation_link": (Cells(on="invitation", goes=stands("open", "partner's")),),
    "list_teams": (Cells(lists="team"),),
    "add_team": (Cells(body=_sent(name="South")),),
    "list_tokens": (Cells(lists="token"),),
    "make_token": (Cells(body=_sent(name="mine", scopes=["identity:read"])),),
    "revoke_token": (Cells(on="token"),),
    "list_sessions": (Cells(lists="session"),),
    "end_session": (Cells(on="session"),),
    "end_other_sessions": (Cells(),),
    "end_sessions_of": (Cells(on="user"),),
    "list_calendars": (Cells(lists="calendar"),),
    "read_calendar": (Cells(on="calendar"),),
    "set_organization_hours": (Cells(body=hours.organizations_hours),),
    "set_team_hours": (Cells(on="team", body=_sent(**hours.HOURS)),),
    "follow_organization": (Cells(on="team"),),
    "set_own_hours": (Cells(body=hours.own_hours),),
    "follow_team": (Cells(),),
    "read_due": (Cells(body=lambda *_: {"query_string": {"since": "2026-11-20T17:00:00Z", "hours": 8}}),),
    "list_deputies": (Cells(lists="deputy"),),
    "name_deputy": (
        Cells(
            on="user",
            hidden=422,
            sees=rules.may_stand_in,
            body=lambda world, caller, user: _json(deputy_id=user.id, **AWAY),
        ),
    ),
    "name_deputy_for": (
        Cells(on="user", body=lambda world, caller, user: _json(deputy_id=_stand_in(world, caller), **AWAY)),
    ),
    "end_deputy": (Cells(on="deputy"),),
    "propose_partnership": (Cells(body=_sent(addressee="nobody@nowhere.example")),),
    "list_proposals": (Cells(lists="proposal"),),
    "read_proposal": (Cells(on="proposal"),),
    "withdraw_proposal": (Cells(on="proposal", goes=stands("open")),),
    "list_received_proposals": (Cells(lists="received"),),
    "accept_proposal": (Cells(on="received", goes=stands("open")),),
    "decline_proposal": (Cells(on="received", goes=stands("open")),),
    "list_partnerships": (Cells(lists="partnership"),),
    "read_partnership": (Cells(on="partnership"),),
    "name_member": (_MEMBER, _MEMBER_OF_WHOM),
    "release_member": (Cells(on="member", goes=stands("seller", "partner's")),),
    "end_partnership": (Cells(on="partnership", goes=rules.lives),),
    **TERM_CELLS,
    "enter_lead": (
        Cells(body=_sent(**LEAD)),
        Cells(
            on="user",
            hidden=422,
            sees=rules.may_own_leads,
            body=lambda world, caller, user: _json(owner_id=user.id, **LEAD),
        ),
    ),
    "list_leads": (Cells(lists="lead"),),
    "read_lead": (Cells(on="lead"),),
    "edit_lead": (Cells(on="lead", body=_sent(notes="Called.")),),
    "discard_lead": (Cells(on="lead", goes=stands("draft", "colleague's", "partner's", "picked")),),
    "read_lead_by_key": (Cells(on="lead"),),
    "put_lead": (Cells(on="lead", sees=rules.keeps_or_knows_nothing, hidden=422, is_taken=True, body=_sent(**LEAD)),),
    "put_leads": (
        Cells(
            on="lead",
            sees=rules.keeps_or_knows_nothing,
            hidden=422,
            is_taken=True,
            body=lambda world, caller, lead: _json(leads=[LEAD | lead.place]),
        ),
    ),
    "import_leads": (Cells(body=_file),),
    "offer_lead": (
        Cells(
            on="lead",
            hidden=422,
            goes=rules.may_be_offered,
            body=lambda world, caller, lead: _json(lead_id=lead.id, partnership_id=world.living),
        ),
        Cells(
            on="partnership",
            hidden=422,
            sees=rules.joins,
            body=lambda world, caller, thing: _json(lead_id=world.one("lead", "draft").id, partnership_id=thing.id),
            only=lambda caller: caller.person is None or caller.person.name in {"sam", "dana", "ada", "dora"},
        ),
    ),
    "list_offers": (Cells(lists="offer"),),
    "read_offer": (Cells(on="offer"),),
    "read_offer_as_partner": (Cells(on="offer", goes=rules.gives, refused=404),),
    "read_timeline": (Cells(on="offer"),),
    "accept_offer": (Cells(on="offer", goes=takes("receiver", "offered"), reveals=True),),
    "decline_offer": _step("receiver", "offered", body=_sent(reason="other")),
    "withdraw_offer": _step("giver", "offered"),
    "qualify_lead": _step("receiver", "accepted", body=_sent()),
    "disqualify_lead": _step("receiver", "accepted", body=_sent(reason="other")),
    "convert_lead": _step("receiver", "qualified", body=_sent()),
    "win_lead": _step("receiver", "converted", body=_sent(value={"amount": "10.00", "currency": "EUR"})),
    "lose_lead": _step("receiver", "converted", body=_sent(reason="other")),
    "read_reciprocity": (Cells(on="partnership", sees=rules.joins),),
    "show_company": (Cells(on="offer", goes=takes("giver", "offered")),),
    "take_back_details": (Cells(on="offer", goes=takes("giver", *WORKED_ON, *CLOSED, "disqualified")),),
    "list_disclosures": (Cells(on="partnership", sees=rules.joins),),
    "read_flows": (Cells(on="partnership", sees=rules.joins),),
    "open_case": (
        Cells(
            on="partnership",
            sees=rules.joins,
            body=lambda world, caller, thing: _json(partnership_id=thing.id, kind="claim", claim="Late."),
        ),
    ),
    "list_cases": (Cells(lists="case"),),
    "read_case": (Cells(on="case"),),
    "list_entries": (Cells(on="case"),),
    "make_statement": (Cells(on="case", goes=stands(*rules.LIVE_CASES), body=_sent(text="We called.")),),
    "add_evidence": (Cells(on="case", goes=stands(*rules.LIVE_CASES), body=_sent(title="Steps")),),
    "propose_outcome": (Cells(on="case", goes=rules.owns(*rules.LIVE_CASES), body=_sent(**OUTCOME)),),
    "agree_outcome": (
        Cells(
            on="case",
            goes=rules.opened("proposed"),
            body=lambda world, caller, case: _json(proposal_id=case.place["proposal_id"]),
        ),
    ),
    "withdraw_case": (Cells(on="case", goes=rules.opened(*rules.LIVE_CASES)),),
    "close_case": (Cells(on="case", goes=rules.owns("decided")),),
    "hand_over_case": (Cells(on="case", goes=rules.hands_over, body=_any_member),),
    "name_moderator": (
        Cells(on="case", goes=stands("open", "discussed", "proposed"), body=_sent(address="x@nowhere.example")),
    ),
    "confirm_moderator": (Cells(on="case", goes=rules.confirms),),
    "drop_moderator": (Cells(on="case", goes=stands("named", "invited", "accepted")),),
    "submit_case": (Cells(on="case", goes=stands("accepted")),),
    "list_moderations": (Cells(lists="moderation"),),
    "read_moderation": (Cells(on="moderation"),),
    "accept_moderation": (Cells(on="moderation", goes=stands("invited"), body=_sent(declares="No ties.")),),
    "decline_moderation": (Cells(on="moderation", goes=stands("invited")),),
    "read_file": (Cells(on="file"),),
    "list_file_entries": (Cells(on="file"),),
    "ask_sides": (Cells(on="file", body=_sent(text="When was it?")),),
    "decide_case": (Cells(on="file", body=_sent(**OUTCOME)),),
    "list_questions": (Cells(on="offer"),),
    "ask_question": (Cells(on="offer", goes=takes("receiver", *IN_PROGRESS), body=_sent(question="When?")),),
    "answer_question": (Cells(on="question", goes=rules.answers, body=_sent(answer="Now.")),),
    "list_notices": (Cells(lists="notice"),),
    "read_notice": (Cells(on="notice"),),
    "read_notices": (Cells(),),
    "read_notice_preferences": (Cells(),),
    "edit_notice_preferences": (
        Cells(body=lambda world, caller, thing: {"tag": wishes(world, caller)} | _json(zone="Europe/Berlin")),
    ),
    "list_activities": (Cells(),),
    **companies.CELLS,
    **importing.CELLS,
    **following.CELLS,
    **moving.CELLS,
    **rounding.CELLS,
    **(comparing.CELLS | JOINT_CELLS | TEACHING_CELLS | DEAL_CELLS | SELLING_CELLS | SHARING_CELLS | PAYING_CELLS),
    "read_heads": (Cells(),),
    "read_looks": (Cells(),),
    "open_activity": (Cells(on="activity", body=_sent(purpose="A question of the customer's.")),),
    "read_agreement": (Cells(),),
    "list_agreement_versions": (Cells(),),
    "change_agreement": (Cells(body=_sent(person_figures="managers", reason="Agreed.")),),
    **(keeping.CELLS | causes.CELLS),
    "read_my_figures": (Cells(),),
    "erase_person": (Cells(on="user", body=_erased),),
    "export_person": (Cells(on="user", body=lambda world, caller, user: _json(email=_address(world, user))),),
    "read_person_figures": (Cells(on="user", goes=rules.is_oneself, refused=403),),
    "read_team_figures": (Cells(body=lambda world, caller, thing: {"query_string": {"month": "2020-01"}}),),
}
