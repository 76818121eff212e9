"""Everything in which a person can come to stand: a colleague, a customer's contact, somebody invited; over HTTP."""

import csv
import io
import re
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from uuid import UUID

import requests

from partnercrm.identity import actions as identity
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from tests.cast import PASSWORD, Cast, Player
from tests.factories import cases, imports, leads, terms
from tests.remote import Remote, at

MAPPING: Final = "external_id=id,company_name=account,need=product,contact_name=who,contact_email=mail,notes=says"


@dataclass(frozen=True)
class Somebody:
    """A person with a name nobody else has, and the words by which they would be found."""

    name: str
    address: str

    @property
    def marks(self) -> tuple[str, ...]:
        """The whole name, each part of it, the address and what is before its sign."""
        words = [word for word in re.split(r"[\s,()]+", self.name) if len(word) > 4]
        return tuple({self.name.lower(), self.address.lower(), self.address.partition("@")[0].lower(), *words})


@dataclass(frozen=True)
class Trio:
    """A colleague of Acme's, the contact of their leads, and somebody they invited."""

    colleague: Somebody
    contact: Somebody
    invited: Somebody

    @property
    def everybody(self) -> tuple[Somebody, ...]:
        return (self.colleague, self.contact, self.invited)

    @property
    def addresses(self) -> str:
        """A sentence of the other side's: what it says beyond addresses are its own words, to be erased by itself."""
        return f"We wrote to {', '.join(one.address.upper() for one in self.everybody)}."

    @property
    def answer(self) -> str:
        """A sentence of the other side's about a lead of the contact's that the colleague gave."""
        return f"{self.contact.name} ({self.contact.address}) said so to {self.colleague.name}."

    @property
    def text(self) -> str:
        """A sentence of their own side's, as people write."""
        named = (f"{one.name} <{one.address}>" for one in self.everybody)
        return f"Asked: {'; '.join(named)}, {self.contact.name.upper()} and {self.colleague.name}."


def joined(cast: Cast, trio: Trio, key: str) -> Remote:
    """Let the colleague become a member of the partnership, by a request that is stored; return them with a token."""
    given = {
        "name": trio.colleague.name,
        "email": trio.colleague.address,
        "roles": ["partner_manager", "seller", "admin"],
    }
    user = cast.ada.call("POST", "/users", json=given | {"password": PASSWORD}, expect=201, key=f"user {key}")
    member = {"user_id": user["id"], "role": "seller"}
    path = f"/partnerships/{cast.partnership_id}/members"
    cast.dana.call("POST", path, json=member, expect=201, key=f"member {key}")
    actor = Actor(
        cast.dana.actor.organization_id, UUID(user["id"]), trio.colleague.name, scopes=scopes_of(given["roles"])
    )
    with db.transaction(actor):
        secret = identity.make_token(actor, {"name": f"{trio.colleague.name}'s", "scopes": sorted(actor.scopes)})[1]
    return at(Player(cast.app, trio.colleague.address, secret), cast.ada.address)  # type: ignore[attr-defined]


def tell(cast: Cast, trio: Trio, key: str) -> None:
    """Let the three stand wherever people can."""
    colleague = joined(cast, trio, key)
    _come_and_go(colleague, trio, key)
    _manage(cast, colleague, trio, key)
    _exchange(cast, colleague, trio, key)
    _settle(cast, colleague, trio)
    _import(colleague, trio, key)
    _be_refused(cast, colleague, trio)


def _come_and_go(colleague: Remote, trio: Trio, key: str) -> None:
    """Sign in wrongly and rightly, lose the password, by pages."""
    place = colleague.address.removesuffix("/api/v1")
    browser = requests.Session()
    browser.headers["User-Agent"] = f"Browser of {trio.colleague.name}".encode("ascii", "replace").decode()
    for path, fields in (
        ("/sign-in", {"email": colleague.email, "password": f"wrong {trio.colleague.name}"}),
        ("/sign-in", {"email": colleague.email, "password": PASSWORD}),
        ("/password/forgotten", {"email": colleague.email}),
    ):
        shown = browser.get(f"{place}{path}", timeout=60).text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown))
        browser.post(f"{place}{path}", data=hidden | fields, timeout=60, headers={"Referer": place})
    browser.get(f"{place}/people/{trio.colleague.address}?next={trio.colleague.name}", timeout=60)


def _manage(cast: Cast, colleague: Remote, trio: Trio, key: str) -> None:
    """Invite, name tokens, propose, agree on persons' figures, look at what was done."""
    given = {"email": trio.invited.address, "name": trio.invited.name, "roles": ["seller"]}
    colleague.call("POST", "/invitations", json=given, expect=201, key=f"invited {key}")
    token = {"name": trio.colleague.name[:100], "scopes": ["leads:read"]}
    colleague.call("POST", "/tokens", json=token, expect=201, key=f"token {key}")
    for proposer, addressee, message in (
        (colleague, cast.ines.email, trio.text),
        (cast.hank, trio.colleague.address, f"Dear {trio.colleague.name}, {trio.colleague.address}"),
    ):
        proposal = {"addressee": addressee, "message": message}
        sent = proposer.call("POST", "/proposals", json=proposal, expect=201, key=f"p {key} {proposer is colleague}")
        # Another of the story proposes to the same address.
        proposer.call("POST", f"/proposals/{sent['id']}/withdraw", expect=200)
    agreed = {"person_figures": "off", "reason": trio.text[:500]}
    cast.ada.call("POST", "/works-agreement", json=agreed, expect=201)
    looked = cast.ada.call("GET", "/activities?verb=user.added", expect=200)["items"][0]
    purpose = {"purpose": f"{trio.colleague.name} asks."[:200]}
    cast.ada.call("POST", f"/activities/{looked['id']}/open", json=purpose, expect=200)


def _exchange(cast: Cast, colleague: Remote, trio: Trio, key: str) -> None:
    """Give leads of the contact, which are asked about, answered, disqualified and returned."""
    contact = {
        "contact_name": trio.contact.name,
        "contact_email": trio.contact.address,
        **leads.KNOWN,
        "contact_source_note": trio.text[:200],
        "notes": trio.text,
    }
    first, second = (
        colleague.call(
            "POST",
            "/leads",
            json={"company_name": f"{key} {number}", "need": "Kite", **contact},
            key=f"l{number} {key}",
        )
        for number in range(2)
    )
    bulk = {"connector": "crm", "external_id": f"b {key}", "company_name": f"Bulk {key}", "need": "Kite", **contact}
    colleague.call("POST", "/leads/bulk", json={"leads": [bulk]}, expect=200, key=f"bulk {key}")
    put = {"company_name": f"Put {key}", "need": "Kite", **contact}
    colleague.call("PUT", f"/leads/by-key/crm/p-{key}", json=put, expect=200, key=f"put {key}")
    offers = []
    for lead in (first, second):
        given = {"lead_id": lead["id"], "partnership_id": str(cast.partnership_id), "message": trio.text}
        offers.append(colleague.call("POST", "/offers", json=given, expect=201, key=f"offer {lead['id']}"))
    path = f"/offers/{offers[0]['id']}"
    asked = cast.gina.call("POST", f"{path}/questions", json={"question": trio.answer}, expect=201, key=f"q {key}")
    answer = f"{path}/questions/{asked['id']}/answer"
    colleague.call("POST", answer, json={"answer": trio.text}, expect=200, key=f"a {key}")
    for offer in offers:
        cast.gina.call("POST", f"/offers/{offer['id']}/accept", expect=200, key=f"accept {offer['id']}")
    no = {"reason": "no_budget", "note": trio.answer}
    cast.gina.call("POST", f"{path}/disqualify", json=no, expect=200, key=f"no {key}")
    back = {"reason": "no_capacity", "note": trio.answer}
    cast.gina.call("POST", f"/offers/{offers[1]['id']}/return", json=back, expect=200, key=f"back {key}")
    colleague.call("POST", f"{path}/contest", json={"claim": trio.text}, expect=200, key=f"contest {key}")
    leads.offer(cast.gina, cast.partnership_id)


def _settle(cast: Cast, colleague: Remote, trio: Trio) -> None:
    """Speak of the three in a case and in terms."""
    case_id = cases.case(colleague, cast, claim=trio.text)["id"]
    said = {"text": trio.addresses}
    cast.gina.call("POST", f"/cases/{case_id}/statements", json=said, expect=200, key=f"said {case_id}")
    evidence = {"title": trio.contact.name, "text": trio.text}
    colleague.call("POST", f"/cases/{case_id}/evidence", json=evidence, expect=200)
    goal = terms.GOAL | {"text": trio.text[:200]}
    change = terms.propose(cast.dana, cast.partnership_id, note=trio.text, goals=[goal])
    declined = {"answer": trio.addresses}
    cast.hank.call("POST", f"/term-changes/{change['id']}/decline", json=declined, expect=200)
    draft = {"based_on": 1, "note": trio.text, "terms": {"goals": [goal]}}
    path = f"/partnerships/{cast.partnership_id}/term-draft"
    with suppress(AssertionError):
        cast.dana.call("PUT", path, json=draft, expect=200)


def _import(colleague: Remote, trio: Trio, key: str) -> None:
    """Send files with the three in them: entered at once, left waiting, run by the worker and undone."""
    header, who = "id,account,product,who,mail,says\n", (trio.contact.name, trio.contact.address)

    def row(number: str, *cells: str) -> str:
        text = io.StringIO()
        csv.writer(text).writerow((number, *cells))
        return text.getvalue()

    at_once = header + row(key, f"Contoso {key}", "Kite", *who, f"met {trio.colleague.name}")
    form = {"connector": "file", "mapping": MAPPING, "file": (BytesIO(at_once.encode()), "leads.csv")}
    colleague.call("POST", "/leads/import", data=form, expect=200, key=f"import {key}")
    waiting, by_job = (row(f"{kind} {key}", "Contoso", "Kite", *who, trio.text) for kind in ("waiting", "job"))
    wrong = row(f"wrong {key}", "", "Kite", who[0], f"not-an-address {who[1]}", trio.text)
    for number, rows in enumerate((waiting, by_job, wrong)):
        sent = imports.sent(colleague, rows, header, mapping=MAPPING.replace(",", "\n"), connector=f"file {number}")
        if number:
            colleague.call("POST", f"/imports/{sent['id']}/start", json={}, expect=200)


def _be_refused(cast: Cast, colleague: Remote, trio: Trio) -> None:
    """Send what is wrong, with the three in paths, fields, headers and filters."""
    for path in (
        f"/leads/{trio.contact.address}",
        f"/leads?sort={trio.contact.name}",
        f"/leads?{trio.contact.address}=1",
    ):
        assert colleague.response("GET", path).status_code in {404, 422}
    for body in ({"company_name": trio.text, "surprise": trio.text}, {trio.contact.name: 1}):
        assert colleague.response("POST", "/leads", json=body).status_code == 422
    named = re.sub(r"[^a-z.-]", "-", trio.colleague.address.partition("@")[0])[:60]
    lead = {"company_name": "Odd", "need": "Kite"}
    colleague.call("POST", "/leads", json=lead, headers={"X-Request-Id": f"{named}-asks"}, expect=201)
    cast.ada.response("POST", "/people/export", json={"email": trio.contact.address})
