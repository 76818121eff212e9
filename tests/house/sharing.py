"""Splits of deals for generated requests and long lists."""

from itertools import count
from typing import Any, Final

from tests.cast import Cast, Player
from tests.factories import incentives, splits
from tests.factories.deals import opened

_numbers = count(1)


def things(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return deals and proposals to try by operation."""
    theirs = [_proposed(cast, cast.hank) for _ in range(9)]
    ours = [_proposed(cast, manager) for _ in range(3)]
    free = [_opened(cast) for _ in range(6)]
    return {
        "read_split_proposal.proposal_id": [theirs[0]["id"]],
        "accept_split.proposal_id": [one["id"] for one in theirs[:3]],
        "decline_split.proposal_id": [one["id"] for one in theirs[3:6]],
        "change_split.proposal_id": [one["id"] for one in theirs[6:]],
        "withdraw_split.proposal_id": [one["id"] for one in ours],
        "propose_split.deal_id": [one["id"] for one in free[:3]],
        "divide_share.deal_id": [one["id"] for one in free[3:]],
        "split sides": [str(one.actor.organization_id) for one in (manager, cast.hank)],
        "split people": [str(manager.actor.user_id)],
    }


def _opened(cast: Cast) -> dict[str, Any]:
    return opened(cast, cast.sam, company=f"Wingtip{next(_numbers)}")


def _proposed(cast: Cast, player: Player) -> dict[str, Any]:
    return splits.propose(player, _opened(cast), splits.split(cast))


def many_proposals(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so many splits be proposed; return who lists them where."""
    for _ in range(number):
        _proposed(cast, cast.dana)
    return cast.gina, "/split-proposals"


def many_agreements(cast: Cast, number: int) -> tuple[Player, str]:
    """Let so many versions of one split be agreed; return who lists them where."""
    found = cast.sam.call("GET", "/deals", expect=200)["items"]
    deal = found[0] if found else _opened(cast)
    begun = cast.sam.call("GET", f"/deals/{deal['id']}/sharing", expect=200)["version"]
    for place in range(number):
        splits.agree(cast, deal, 100_000 + begun + place)
    return cast.gina, f"/deals/{deal['id']}/split-agreements"


LISTS: Final = incentives.LISTS | {"list_split_proposals": many_proposals, "list_split_agreements": many_agreements}
