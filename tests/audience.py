"""Everybody who may look at a person, as people with tokens, and what there is of each kind to be seen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from partnercrm.activity.models import Activity
from partnercrm.identity import queries as identity
from partnercrm.identity.actions.sessions import open_session
from partnercrm.identity.queries import access
from partnercrm.identity.queries.seen import Audience
from partnercrm.kernel import clock, db
from partnercrm.leads.actions.publishing import publish_figures
from tests.cast import Cast, Player, organization, person
from tests.factories import accounts, cases, deals, enablement, imports, joint, leads, notices, requests, terms
from tests.factories.incentives import paid
from tests.factories.splits import divided
from tests.house import comparing
from tests.trying import SELLING_TRIES, sold
from tests.trying import is_sams as _is_sams
from tests.trying import is_thing as _is
from tests.trying import lists as _lists
from tests.trying import names_sam as _names_sam
from tests.trying import reads as _reads

MONTH: Final = "2020-01"
ZONE: Final = "Europe/Vienna"
_ALL: Final = ("seller", "partner_manager", "executive", "admin")
Viewers = Mapping[Audience, tuple[Player, ...]]


@dataclass(frozen=True)
class Scene:
    """Who is looked at (Sam, unless a thing needs somebody else), who looks, and the ids of what there is."""

    cast: Cast
    viewers: Viewers
    things: Mapping[str, str]

    def person(self, kind: str) -> Player:
        """Return who is looked at."""
        others = {"proposals": self.cast.dana, "administration": self.cast.dana, "looks": self.cast.ada}
        others["enablement_owner"] = self.cast.dana
        return self.cast.ines if kind.startswith("moderat") else others.get(kind, self.cast.sam)

    def viewers_of(self, kind: str) -> Viewers:
        """Return who might see it."""
        looked_at = self.person(kind)
        if looked_at is self.cast.ines:
            sides = {Audience.SIDES: (self.cast.dana, self.cast.hank), Audience.ONESELF: (looked_at,)}
            return sides | {Audience.OTHERS: self.viewers[Audience.OTHERS]}
        return {**self.viewers, Audience.ONESELF: (looked_at,)}

    def sees(self, kind: str, viewer: Player) -> bool:
        """Really try it: tell whether the viewer obtains the thing, or whose it is, through the API."""
        return TRIES[kind](self, viewer)


def scene(cast: Cast) -> Scene:
    """Bring everybody in, and let there be something of each kind."""
    acme = cast.sam.actor.organization_id
    felix, dora, evan, mia, paul, abel = (
        person(cast.app, acme, name, f"{name.lower()}@acme.example", role)
        for name, role in (
            *(("Felix", "seller"), ("Dora", "seller"), ("Evan", "executive"), ("Mia", "partner_manager")),
            *(("Paul", "integration"), ("Abel", "admin")),
        )
    )
    gus = person(cast.app, cast.gina.actor.organization_id, "Gus", "gus@globex.example", *_ALL)
    otto = person(cast.app, organization("Hooli"), "Otto", "otto@hooli.example", *_ALL)
    for member in (felix, evan, mia, paul, abel):
        named = {"user_id": str(member.actor.user_id), "role": "seller"}
        cast.dana.call("POST", f"/partnerships/{cast.partnership_id}/members", json=named, expect=201)
    viewers = {
        Audience.DEPUTY: (dora,),
        Audience.FELLOWS: (felix,),
        Audience.COLLEAGUES: (cast.nora,),
        Audience.MANAGERS: (evan, mia),
        Audience.ADMINISTRATORS: (abel,),
        Audience.PROGRAMS: (paul,),
        Audience.PARTNERS: (cast.gina, cast.hank),
        Audience.PARTNERS_OTHERS: (gus,),
        Audience.MODERATOR: (cast.ines,),
        Audience.OTHERS: (otto,),
    }
    return Scene(cast, viewers, _things(cast, dora))


def _things(cast: Cast, deputy: Player) -> dict[str, str]:
    sam = cast.sam.actor
    with db.transaction(sam):
        open_session(sam, identity.oneself(sam), "")
    with db.transaction(sam):
        sessions = access.sessions(sam, {"sort": "-created_at", "limit": 1}).items
        publish_figures(sam, MONTH)
    submitted = cases.submitted(cast)
    terms.agree(cast, moderator_email=cast.ines.email, trust_advance=1)
    given = {"email": "uma@acme.example", "name": "Uma", "roles": ["seller"]}
    today = clock.now().date()
    away = {"deputy_id": str(deputy.actor.user_id), "from_on": str(today), "to_on": str(today + timedelta(days=9))}
    hours = {"zone": "Europe/Berlin", "week": {"monday": "09:00-17:00"}}
    offered = leads.offer(cast.sam, cast.partnership_id)
    draft = leads.lead(cast.sam)["id"]
    tag = cast.sam.response("GET", "/notice-preferences").headers["ETag"]
    cast.sam.call("PATCH", "/notice-preferences", json={"zone": ZONE}, if_match=tag, expect=200)
    comparing.many_openings(cast, 1)
    deal = divided(cast)
    return {
        **sold(cast, deal),
        "session": str(sessions[0].id),
        "invitation": cast.ada.call("POST", "/invitations", json=given, expect=201)["id"],
        "hours": cast.sam.call("PUT", "/calendars/me", json=hours, expect=200)["id"],
        "absence": cast.sam.call("POST", "/deputies", json=away, expect=201)["id"],
        "company": accounts.account(cast.sam, owner_id=str(sam.user_id))["id"],
        "joint": joint.opened(cast.sam, cast.gina, cast.partnership_id)["id"],
        "registration": deals.register(cast.sam, cast.partnership_id)["id"],
        "deal": deal,
        "plan": paid(cast),
        "lead": draft,
        "offer": offered["id"],
        "request": requests.asked(cast.sam, cast)["id"],
        "assigned": _asked_first(cast),
        "case": submitted["id"],
        "import": imports.sent(cast.sam)["id"],
        "taught": _taught(cast),
        "notice": str(notices.notice(cast.sam, sam.organization_id, cast.partnership_id)),
    }


def _taught(cast: Cast) -> str:
    """Let Sam have learned something, and pass a gate for a time; return what he has not learned."""
    enablement.acknowledge(cast.sam, enablement.item(cast.dana, cast.partnership_id)["id"])
    enablement.exception(cast.dana, cast.partnership_id, cast.sam)
    return str(enablement.item(cast.dana, cast.partnership_id, "certificate")["id"])


def _asked_first(cast: Cast) -> str:
    """Let a rule ask Sam, and let him be asked about a lead."""
    sam = str(cast.sam.actor.user_id)
    cast.dana.call("PUT", "/routing", json={"rules": [{"user_ids": [sam]}]}, expect=200)
    waits: str = leads.offer(cast.gina, cast.partnership_id)["id"]
    cast.dana.call("POST", f"/offers/{waits}/assign", json={"user_id": sam}, expect=200)
    return waits


def _is_among(scene: Scene, found: dict[str, Any]) -> bool:
    return any(_is_sams("user_id")(scene, one) for one in found["sellers"])


def _names_in_a_rule(scene: Scene, found: dict[str, Any]) -> bool:
    sam = str(scene.cast.sam.actor.user_id)
    return any(sam in rule["user_ids"] for rule in found["rules"])


def _is_used(scene: Scene, token: dict[str, Any]) -> bool:
    return _is_sams("user_id")(scene, token) and token["last_used_at"] is not None


def _writes_out(scene: Scene, viewer: Player) -> bool:
    return bool(viewer.response("POST", "/people/export", json={"email": scene.cast.sam.email}).status_code == 200)


def _done_by(player: Player, verb: str) -> str:
    """Return the id of something a person did, as nobody could find it in a list."""
    actor = player.actor
    with db.transaction(actor) as session:
        rows = select(Activity.id).where(Activity.user_id == actor.user_id, Activity.verb == verb)
        return str(session.scalars(rows.limit(1)).one())


def _enters_a_result(scene: Scene, viewer: Player) -> bool:
    given = {"item_id": scene.things["taught"], "user_id": str(scene.cast.sam.actor.user_id)}
    given |= {"outcome": "passed", "happened_at": "2026-01-31T12:00:00Z"}
    answer = viewer.response("PUT", f"/enablement-results/by-key/{viewer.email}/1", json=given)
    return answer.status_code == 200 and _is_sams("user_id")(scene, answer.json)


def _is_among_people(scene: Scene, found: dict[str, Any]) -> bool:
    return any(_is_sams("user_id")(scene, one) for one in found["people"])


def _opens(scene: Scene, viewer: Player) -> bool:
    path = f"/activities/{_done_by(scene.cast.sam, 'lead.offered')}/open"
    answer = viewer.response("POST", path, json={"purpose": "To see."})
    return answer.status_code == 200 and _is_sams("user_id")(scene, answer.json)


def _reads_that_ada_looked(scene: Scene, viewer: Player) -> bool:
    ada = scene.cast.ada
    ada.response("POST", f"/activities/{_done_by(viewer, 'token.made')}/open", json={"purpose": "To see."})
    looks = viewer.call("GET", "/activities/looks-at-me", expect=200)["looks"]
    return any(look["looked_by"] == str(ada.actor.user_id) for look in looks)


def _administrated(scene: Scene, one: dict[str, Any]) -> bool:
    return one["verb"] == "member.named" and one["user_id"] == str(scene.cast.dana.actor.user_id)


def _worked(scene: Scene, one: dict[str, Any]) -> bool:
    return one["verb"].startswith("lead.") and _is_sams("user_id")(scene, one)


def _divides_with_sam(scene: Scene, division: dict[str, Any]) -> bool:
    return any(_is_sams("user_id")(scene, one) for one in division["participants"])


def _opens_to_sam(scene: Scene, opening: dict[str, Any]) -> bool:
    members = scene.cast.dana.call("GET", f"/partnerships/{scene.cast.partnership_id}", expect=200)["members"]
    return any(member["id"] == opening["member_id"] and member["name"] == "Sam" for member in members)


TRIES: Final[Mapping[str, Callable[[Scene, Player], bool]]] = {
    "account": _lists("/users?limit=200", _is_sams("id")),
    "sessions": _lists("/sessions?limit=200", _is("session")),
    "tokens": _lists("/tokens?limit=200", _is_sams("user_id")),
    "token_use": _lists("/tokens?limit=200", _is_used),
    "invitations": _lists("/invitations", _is("invitation")),
    "kept": _writes_out,
    "hours": _lists("/calendars", _is("hours")),
    "absence": _lists("/deputies", _is("absence")),
    "membership": _reads("/partnerships/{partnership}", _names_sam("members")),
    "proposals": _lists("/received-proposals", lambda scene, one: one["proposed_by_name"] == "Dana"),
    "moderator_address": _reads(
        "/partnerships/{partnership}", lambda scene, one: one["terms"]["moderator_email"] == scene.cast.ines.email
    ),
    "company": _reads("/accounts/{company}", _is_sams("owner_id")),
    "companies": _lists("/accounts", _is_sams("owner_id")),
    "opening": _lists("/openings", _opens_to_sam),
    "joint_team": _reads("/joint-accounts/{joint}/plan", _names_sam("people")),
    "deal_team": _reads("/deals/{deal}/team", _names_sam("people")),
    "deal_entries": _lists("/deals/{deal}/entries", _names_sam("author")),
    **SELLING_TRIES,
    "deal_shares": _reads("/deals/{deal}/division", _divides_with_sam),
    "compensation_plan": _reads("/compensation-plans/{plan}"),
    "joint_side": _reads("/joint-accounts/{joint}/own", _is_sams("owner_id")),
    "lead": _reads("/leads/{lead}", _is_sams("owner_id")),
    "leads": _lists("/leads?limit=200", _is_sams("owner_id")),
    "offer": _reads("/offers/{offer}", _names_sam("giver_member", "receiver_member")),
    "offers": _lists("/offers?limit=200", _names_sam("giver_member", "receiver_member")),
    "request": _reads("/offer-requests/{request}", _names_sam("asked_by")),
    "requests": _lists("/offer-requests", _names_sam("asked_by")),
    "routing": _reads("/routing", _names_in_a_rule),
    "assignment": _reads("/offers/{assigned}/assignment", _names_sam("assignee")),
    "figures": _reads("/figures/people/{sam}", _is_sams("user_id")),
    "sellers": _reads("/partnerships/{partnership}/reciprocity/sellers", _is_among),
    "team_figures": _reads(f"/figures/teams?month={MONTH}"),
    "case": _reads("/cases/{case}", _names_sam("owners")),
    "cases": _lists("/cases", _names_sam("owners")),
    "case_words": _lists("/cases/{case}/entries", lambda scene, one: one["kind"] == "claim"),
    "case_file": _lists("/case-files/{case}/entries", lambda scene, one: one["kind"] == "claim"),
    "moderation": _lists("/moderations", lambda scene, one: one["case_id"] == scene.things["case"]),
    "moderator": _reads("/cases/{case}", lambda scene, one: one["naming"]["address"] == scene.cast.ines.email),
    "enablement": _lists("/enablement-results", _is_sams("user_id")),
    "enablement_of_people": _reads("/partnerships/{partnership}/enablement/people", _is_among_people),
    "enablement_result": _enters_a_result,
    "enablement_exception": _reads(
        "/partnerships/{partnership}/enablement-exceptions",
        lambda scene, found: any(_is_sams("user_id")(scene, one) for one in found["items"]),
    ),
    "enablement_owner": _reads(
        "/enablement-items/{taught}", lambda scene, one: one["owner_id"] == str(scene.cast.dana.actor.user_id)
    ),
    "registration": _reads("/registrations/{registration}", _names_sam("owner")),
    "registrations": _lists("/registrations", _names_sam("owner")),
    "imports": _lists("/imports", _is("import")),
    "notices": _lists("/notices", _is("notice")),
    "preferences": _reads("/notice-preferences", lambda scene, found: bool(found["zone"] == ZONE)),
    "work": _lists("/activities?limit=200", _worked),
    "opened_work": _opens,
    "administration": _lists("/activities?limit=200", _administrated),
    "looks": _reads_that_ada_looked,
    "steps": _reads("/offers/{offer}/timeline"),
}
