"""Trying to obtain what is known of a person through the API, and what there is of deals and what they earn."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tests.cast import Cast, Player
from tests.factories import deals, earnings, incentives

if TYPE_CHECKING:
    from tests.audience import Scene

Try = Callable[["Scene", Player], bool]
Holds = Callable[["Scene", Any], bool]


def lists(path: str, holds: Holds) -> Try:
    """Return whether a viewer obtains a list with something in it that holds."""

    def tries(scene: "Scene", viewer: Player) -> bool:
        answer = viewer.response("GET", path.format(**scene.things))
        return answer.status_code == 200 and any(holds(scene, item) for item in answer.json["items"])

    return tries


def reads(path: str, holds: Holds = lambda scene, found: True) -> Try:
    """Return whether a viewer obtains a thing that holds."""

    def tries(scene: "Scene", viewer: Player) -> bool:
        sam = scene.cast.sam.actor.user_id
        answer = viewer.response("GET", path.format(**scene.things, sam=sam, partnership=scene.cast.partnership_id))
        return answer.status_code == 200 and holds(scene, answer.json)

    return tries


def is_sams(name: str) -> Holds:
    """Return whether a field has Sam's id."""
    return lambda scene, found: bool(found[name] == str(scene.cast.sam.actor.user_id))


def is_thing(thing: str) -> Holds:
    """Return whether it is one of the things there are."""
    return lambda scene, found: bool(found["id"] == scene.things[thing])


def names_sam(*names: str) -> Holds:
    """Return whether a field names Sam."""

    def holds(scene: "Scene", found: dict[str, Any]) -> bool:
        people = [one for name in names for one in (found[name] if isinstance(found[name], list) else [found[name]])]
        return any(one["name"] == "Sam" for one in people if one)

    return holds


def sold(cast: Cast, deal_id: str) -> dict[str, str]:
    """Let Sam put a file to a deal, begin another, and be owed something that is to be paid; return the ids."""
    deals.attached(cast.sam, {"id": deal_id})
    begun = {"partnership_id": str(cast.partnership_id)}
    drafted = cast.sam.call("POST", "/registration-drafts", json=begun, expect=201)["id"]
    body = {"user_id": str(cast.sam.actor.user_id), "amount": {"amount": "5.00", "currency": "EUR"}, "reason": "agreed"}
    cast.dana.call("POST", "/corrections", json=body, expect=201)
    posted = cast.sam.call("GET", "/earnings/statement", expect=200)["items"][0]["id"]
    asked = {"journal_id": posted, "question": "Why so much?"}
    question = cast.sam.call("POST", "/earning-questions", json=asked, expect=201)["id"]
    earnings.paid(cast)
    earnings.won(cast, company="Soldbysam")
    earnings.follow(cast.dana)
    plan = incentives.drafted(cast.dana)["id"]
    pay_out = cast.dana.call("POST", "/pay-outs", json={"currency": "EUR"}, expect=201)["id"]
    return {"drafted": drafted, "pay_out": pay_out, "question": question, "tried": plan}


def _pays_sam(scene: "Scene", found: dict[str, Any]) -> bool:
    return any(is_sams("user_id")(scene, line) for line in found["lines"])


SELLING_TRIES: Final[dict[str, Try]] = {
    "registration_draft": reads("/registration-drafts/{drafted}", names_sam("owner")),
    "registration_drafts": lists("/registration-drafts", names_sam("owner")),
    "deal_files": lists("/deals/{deal}/files", names_sam("author")),
    "earnings": reads("/earnings", lambda scene, found: bool(found["balances"])),
    "earning_questions": reads("/earning-questions/{question}", lambda _, found: found["about"]["total"] is not None),
    "simulated_earnings": reads(
        "/compensation-plans/{tried}/simulation", lambda _, found: found["persons"] is not None
    ),
    "pay_out": reads("/pay-outs/{pay_out}", _pays_sam),
}
