"""What won deals earn, for tests."""

from typing import Any
from uuid import UUID

from partnercrm.incentives import jobs
from partnercrm.incentives.posting import Account
from partnercrm.incentives.queries import accruing
from partnercrm.kernel import clock, db
from tests.cast import Cast, Player
from tests.factories import deals, incentives, splits


def won(cast: Cast, *, acme: int = 600_000, **given: Any) -> dict[str, Any]:
    """Let Acme's seller register a deal that both sides share and that is then won; return it with its win."""
    made = deals.opened(cast, cast.sam, **given)
    splits.agree(cast, made, acme)
    splits.divide(cast.dana, made, whole=1, participants=[{"user_id": str(cast.sam.actor.user_id), "parts": 1}])
    for stage in ("committed", "closed_won"):
        made = deals.move(cast.sam, deals.read(cast.sam, made), stage)
    return made


def revenues(player: Player, deal: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a deal came to, oldest first."""
    path = f"/deals/{deal['id']}/revenues?sort=happened_at"
    found: list[dict[str, Any]] = player.call("GET", path, expect=200)["items"]
    return found


def refund(player: Player, revenue: dict[str, Any], *, expect: int = 201, **given: Any) -> dict[str, Any]:
    """Undo part of an event, all of it where no amount is given."""
    body = {"happened_at": clock.now().isoformat()} | given
    path = f"/revenues/{revenue['id']}/refund"
    told: dict[str, Any] = player.call("POST", path, json=body, expect=expect)
    return told


def recorded(
    player: Player, deal: dict[str, Any], kind: str, amount: str, *, expect: int | None = 201, **given: Any
) -> Any:
    """Put an invoice or a payment on record."""
    body = {
        "kind": kind,
        "amount": {"amount": amount, "currency": "EUR"},
        "reference": "R-1",
        "happened_at": clock.now().isoformat(),
    } | given
    return player.call("POST", f"/deals/{deal['id']}/revenues", json=body, expect=expect)


def follow(*players: Player) -> None:
    """Let the books of these players' organizations follow, and release what was held."""
    for player in players:
        jobs.accrue_again(str(player.actor.organization_id))


def paid(cast: Cast, player: Player | None = None, team_id: str | None = None, **given: Any) -> dict[str, Any]:
    """Let a seller or a team of Acme be paid 10 % of everything, or by what is given."""
    table = {"starts_on": "2020-01-01", "mode": "marginal", "tiers": [{"from": "0", "to": None, "rate": 100_000}]}
    rules = {"starts_on": "2020-01-01", "tables": [table]} | given
    plan = incentives.published(cast.dana, incentives.drafted(cast.dana, **rules))
    whom = {"team_id": team_id} if team_id else {"user_id": str((player or cast.sam).actor.user_id)}
    return incentives.assigned(cast.dana, plan, starts_on="2020-01-01", **whom)


def balance(player: Player, account: str) -> dict[UUID, int]:
    """Return what everybody of a player's organization has on an account in euros: credits are positive."""
    with db.transaction(player.actor):
        found = accruing.balances(player.actor, Account(account), "EUR")
    return {user_id: -minor for user_id, minor in found.items() if minor}
