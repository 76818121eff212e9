"""What the people of the matrix' world were told."""

from uuid import UUID

from tests.factories import notices
from tests.matrix.people import PEOPLE
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
