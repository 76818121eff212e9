"""A list costs the same number of statements whatever its length."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from partnercrm.activity.actions import record
from partnercrm.app import APIS
from partnercrm.identity import queries
from partnercrm.identity.actions.sessions import open_session
from partnercrm.identity.models import User
from partnercrm.kernel import clock, db
from partnercrm.kernel.ids import new_id
from partnercrm.leads.queries import exchange
from partnercrm.web.endpoint import operations
from tests.cast import Cast, Player, partnership
from tests.factories import accounts, cases, enablement, imports, leads, notices, requests
from tests.house import comparing, dealing, exchanging, joining, sharing

Fill = Callable[[Cast, int], tuple[Player, str]]


def _activities(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        leads.lead(cast.sam)
    return cast.ada, "/activities"


def _users(cast: Cast, count: int) -> tuple[Player, str]:
    organization_id = cast.ada.actor.organization_id
    with db.transaction(cast.ada.actor) as session:
        for number in range(count):
            address = f"{number}.{new_id()}@acme.example"
            person = {"email": address, "name": "Somebody", "roles": ["seller"], "created_at": clock.now()}
            session.add(User(id=new_id(), organization_id=organization_id, **person))
    return cast.ada, "/users"


def _teams(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        cast.ada.call("POST", "/teams", json={"name": str(new_id())}, expect=201)
    return cast.ada, "/teams"


def _calendars(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        team = cast.ada.call("POST", "/teams", json={"name": str(new_id())}, expect=201)
        hours = {"zone": "UTC", "week": {"monday": "09:00-17:00"}, "days": ["2030-01-01"]}
        cast.ada.call("PUT", f"/calendars/teams/{team['id']}", json=hours, expect=200)
    return cast.ada, "/calendars"


def _deputies(cast: Cast, count: int) -> tuple[Player, str]:
    begun = len(cast.sam.call("GET", "/deputies", expect=200)["items"])
    for number in range(begun, begun + count):
        on = str(date(2030, 1, 1) + timedelta(days=number))
        away = {"deputy_id": str(cast.nora.actor.user_id), "from_on": on, "to_on": on}
        cast.sam.call("POST", "/deputies", json=away, expect=201)
    return cast.sam, "/deputies"


def _agreement_versions(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        cast.ada.call("POST", "/works-agreement", json={"person_figures": "off", "reason": "Agreed."}, expect=201)
    return cast.nora, "/works-agreement/versions"


def _tokens(cast: Cast, count: int) -> tuple[Player, str]:
    for number in range(count):
        cast.ada.call("POST", "/tokens", json={"name": f"No. {number}", "scopes": ["identity:read"]}, expect=201)
    return cast.ada, "/tokens"


def _invitations(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        given = {"email": f"{new_id()}@acme.example", "name": "Somebody", "roles": ["seller"]}
        cast.ada.call("POST", "/invitations", json=given, expect=201)
    return cast.ada, "/invitations"


def _sessions(cast: Cast, count: int) -> tuple[Player, str]:
    sam = cast.sam.actor
    with db.transaction(sam):
        for _ in range(count):
            open_session(sam, queries.oneself(sam), "")
    return cast.sam, "/sessions"


def _proposals(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        cast.ines.call("POST", "/proposals", json={"addressee": f"{new_id()}@acme.example"}, expect=201)
    return cast.ines, "/proposals"


def _received_proposals(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        sent = cast.ines.call("POST", "/proposals", json={"addressee": cast.dana.email}, expect=201)
        cast.ines.call("POST", f"/proposals/{sent['id']}/withdraw", expect=200)
    return cast.dana, "/received-proposals"


def _partnerships(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        begun = partnership(cast.ines, cast.dana)
        tag = cast.ines.response("GET", f"/partnerships/{begun}").headers["ETag"]
        cast.ines.call("POST", f"/partnerships/{begun}/end", if_match=tag, expect=200)
    return cast.ines, "/partnerships"


def _leads(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        leads.offer(cast.sam, cast.partnership_id)
    return cast.sam, "/leads"


def _offers(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        leads.step(cast.gina, leads.offer(cast.sam, cast.partnership_id)["id"], "accept")
    return cast.gina, "/offers"


def _offer_requests(cast: Cast, count: int) -> tuple[Player, str]:
    if not cast.sam.call("GET", f"/partnerships/{cast.partnership_id}/turn")["trust_advance"]:
        requests.spent(cast)
    for _ in range(count):
        requests.asked(cast.sam, cast)
    return cast.dana, "/offer-requests"


def _timeline(cast: Cast, count: int) -> tuple[Player, str]:
    offered = cast.gina.call("GET", "/offers", expect=200)["items"]
    offer_id = (offered or [leads.offer(cast.sam, cast.partnership_id)])[0]["id"]
    sam = cast.sam.actor
    with db.transaction(sam):
        for _ in range(count):
            record(sam, "lead.noted", exchange.offer_to_step(sam, offer_id)[0])
    return cast.gina, f"/offers/{offer_id}/timeline"


def _cases(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        cases.decided(cast)
    return cast.gina, "/cases"


def _entries(cast: Cast, count: int) -> tuple[Player, str]:
    opened = cast.gina.call("GET", "/cases", expect=200)["items"] or [cases.case(cast.sam, cast)]
    for _ in range(count):
        cases.say(cast.sam, opened[0]["id"])
    return cast.gina, f"/cases/{opened[0]['id']}/entries"


def _disclosures(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        leads.offer(cast.sam, cast.partnership_id)
    return cast.gina, f"/partnerships/{cast.partnership_id}/disclosures"


def _moderations(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        cases.invited(cast)
    return cast.ines, "/moderations"


def _file_entries(cast: Cast, count: int) -> tuple[Player, str]:
    (file,) = cast.gina.call("GET", "/cases", expect=200)["items"] or [cases.submitted(cast)]
    for _ in range(count):
        cases.say(cast.sam, file["id"])
    return cast.ines, f"/case-files/{file['id']}/entries"


def _imports(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        imports.sent(cast.sam)
    return cast.sam, "/imports"


def _wrong_rows(cast: Cast, count: int) -> tuple[Player, str]:
    one = imports.run(cast.sam, imports.sent(cast.sam, ",Contoso,Kite\n" * (count + 1)))
    return cast.sam, f"/imports/{one['id']}/wrong-rows?limit=200"


def _questions(cast: Cast, count: int) -> tuple[Player, str]:
    offered = cast.gina.call("GET", "/offers", expect=200)["items"]
    offer_id = (offered or [leads.offer(cast.sam, cast.partnership_id)])[0]["id"]
    for _ in range(count):
        cast.gina.call("POST", f"/offers/{offer_id}/questions", json={"question": "When?"}, expect=201)
    return cast.gina, f"/offers/{offer_id}/questions"


def _notices(cast: Cast, count: int) -> tuple[Player, str]:
    for _ in range(count):
        notices.notice(cast.gina, new_id(), cast.partnership_id)
    return cast.gina, "/notices"


def _terms(cast: Cast, count: int) -> tuple[Player, str]:
    path = f"/partnerships/{cast.partnership_id}"
    for _ in range(count):
        terms = cast.dana.call("GET", path, expect=200)["terms"]
        given = {"based_on": terms["version"], "terms": {"offer_days": terms["offer_days"] % 90 + 1}}
        change = cast.dana.call("POST", f"{path}/term-changes", json=given, expect=201)
        cast.hank.call("POST", f"/term-changes/{change['id']}/accept", expect=200)
    return cast.dana, f"{path}/terms"


def _term_changes(cast: Cast, count: int) -> tuple[Player, str]:
    _, path = _terms(cast, count)
    return cast.dana, path.replace("/terms", "/term-changes")


FILLS: dict[str, Fill] = {
    **(accounts.LISTS | comparing.LISTS | joining.LISTS | enablement.LISTS | dealing.LISTS | sharing.LISTS),
    "list_activities": _activities,
    "list_agreement_versions": _agreement_versions,
    "list_cases": _cases,
    "list_entries": _entries,
    "list_disclosures": _disclosures,
    "list_file_entries": _file_entries,
    "list_calendars": _calendars,
    "list_deputies": _deputies,
    "list_imports": _imports,
    "list_invitations": _invitations,
    "list_leads": _leads,
    "list_moderations": _moderations,
    "list_notices": _notices,
    "list_picks": exchanging.many_picks,
    "list_questions": _questions,
    "list_offer_requests": _offer_requests,
    "list_offers": _offers,
    "list_partnerships": _partnerships,
    "list_proposals": _proposals,
    "list_received_proposals": _received_proposals,
    "list_rounds": exchanging.many_rounds,
    "list_sessions": _sessions,
    "list_teams": _teams,
    "list_term_changes": _term_changes,
    "list_terms": _terms,
    "list_tokens": _tokens,
    "list_users": _users,
    "list_wrong_rows": _wrong_rows,
    "read_timeline": _timeline,
}


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements the application sends meanwhile."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        sent.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.db.engine, "before_cursor_execute", note)


def cost(player: Player, path: str) -> tuple[int, int]:
    """Return how many items a list shows and how many statements it takes."""
    player.call("GET", path, expect=200)
    with statements() as sent:
        shown = len(player.call("GET", path, expect=200)["items"])
    return shown, len(sent)


def test_every_list_is_measured() -> None:
    paged = {operation.endpoint for _, operation in operations(APIS) if operation.pages}
    assert paged == set(FILLS)


@pytest.mark.parametrize("endpoint", sorted(FILLS))
def test_a_long_list_takes_no_more_statements_than_a_short_one(endpoint: str, app: Flask, cast: Cast) -> None:
    few, few_statements = cost(*FILLS[endpoint](cast, 1))
    many, many_statements = cost(*FILLS[endpoint](cast, 12))

    assert many > few + 10
    assert many_statements == few_statements


def test_a_statement_per_row_is_found(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one_by_one = exchange.offers

    def careless(actor: object, given: object) -> object:
        found = one_by_one(actor, given)
        for seen in found.items:
            exchange.offer(actor, seen.id)
        return found

    monkeypatch.setattr(exchange, "offers", careless)
    _, few = cost(*_offers(cast, 1))
    _, many = cost(*_offers(cast, 4))

    assert many == few + 4
