"""What the people of the matrix' world were told."""

from uuid import UUID

from tests.factories import notices
from tests.matrix.people import MEMBERS, PEOPLE
from tests.matrix.things import Thing, World


def tell(world: World) -> None:
    """Tell somebody of each side of an offer, and of one in a partnership that has ended."""
    for who, state, offer, lives in (
        ("sam", "own", "accepted", True),
        ("gina", "partner's", "offered", True),
        ("sam", "ended", "ended accepted", False),
    ):
        subject_id = UUID(world.one("offer", offer).id)
        partnership_id = UUID(world.living if lives else world.ended)
        notice_id = notices.notice(world.players[who], subject_id, partnership_id)
        organization = PEOPLE[who].organization
        world.things.append(Thing("notice", state, organization, str(notice_id), owner=who, lives=lives))


def ask(world: World) -> None:
    """Let there be a question about an offer, and one that was answered; members of both sides read them."""
    offer = world.one("offer", "offered")
    path = f"/offers/{offer.id}/questions"
    for state in ("asked", "answered"):
        text = world.canaries.word(f"a question that was {state}", MEMBERS)
        question_id = world.players["gina"].call("POST", path, json={"question": text}, expect=201)["id"]
        if state == "answered":
            answer = {"answer": world.canaries.word("an answer", MEMBERS)}
            world.players["sam"].call("POST", f"{path}/{question_id}/answer", json=answer, expect=200)
        place = {"offer_id": offer.id, "question_id": question_id}
        world.things.append(Thing("question", state, "acme", question_id, owner="sam", other="globex", place=place))
