"""Account mappings for generated requests and long lists: in each state, told of by epochs, and frozen."""

import os
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import make_url, text, update

from partnercrm.accounts.actions import epochs
from partnercrm.accounts.models import Account
from partnercrm.accounts.times import month_of
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from tests.cast import Cast, Player, organization, partnership, person
from tests.conftest import on_database
from tests.factories import cards, mapping, yeses

_WEEK: Final = timedelta(days=8)


def things(cast: Cast, manager: Player) -> dict[str, list[str]]:
    """Return mappings to try by operation, populations to name, and a freeze to lift."""
    begun = [_with(cast, manager, number) for number in range(4)]
    cards.shown_at(manager, cards.CRM)
    own = mapping.population(manager, "Customers to compare")
    theirs = [_proposed(neighbour, one) for neighbour, one in begun for _ in range(2)]
    ours = [mapping.propose(manager, one, population_id=own)["id"] for _, one in begun]
    agreed = [_agreed(manager, neighbour, one, own) for neighbour, one in begun]
    asked = _asked(cast, *begun[2], manager)
    opened = [_opened(cast, *begun[1], manager) for _ in range(2)]
    return {
        "month": [month_of(clock.now())],
        "loss_id": [_lost(manager) for _ in range(3)],
        "lose_account.account_id": [_owned(manager) for _ in range(3)],
        "put_loss.connector": ["crm"],
        "put_loss.account_key": [_owned(manager, connector="crm", external_id="lost")],
        "retract_loss.connector": ["crm"],
        "retract_loss.account_key": ["lost"],
        "make_card_by_key.connector": ["crm"],
        "make_card_by_key.external_id": ["lost"],
        "make_card.email": [manager.email],
        "make_card_by_key.email": [manager.email],
        "lost_on": ["2026-01-31", "2026-02-28"],
        "candidate_id": asked,
        "confirm_candidate.candidate_id": asked[:4],
        "reject_candidate.candidate_id": asked[4:],
        "opening_id": [one["opening_id"] for one in opened],
        "yes_id": [one["id"] for one in opened],
        "say_yes.partnership_id": [str(one) for _, one in begun],
        "mapping_id": [*theirs, *ours, *agreed],
        "agree_mapping.mapping_id": theirs[:4],
        "decline_mapping.mapping_id": theirs[4:],
        "withdraw_mapping.mapping_id": ours,
        "stop_mapping.mapping_id": agreed,
        "propose_mapping.population_id": [own],
        "agree_mapping.population_id": [own],
        "propose_mapping.partnership_id": [str(one) for _, one in begun],
        "freeze_id": [_frozen(cast, *begun[0], manager)],
    }


def many_mappings(cast: Cast, count: int) -> tuple[Player, str]:
    """Let so many mappings have been taken back; return who lists them where."""
    population_id = mapping.population(cast.dana, f"Many {new_id()}")
    for _ in range(count):
        one = mapping.propose(cast.dana, cast.partnership_id, population_id=population_id)
        cast.dana.call("POST", f"/mappings/{one['id']}/withdraw", expect=200)
    return cast.hank, "/mappings"


def many_overlaps(cast: Cast, count: int) -> tuple[Player, str]:
    """Let both have so many companies more; return who lists them where."""
    names = [f"Common {new_id()}" for _ in range(count)]
    for player in (cast.sam, cast.gina):
        mapping.accounts(player, names)
    return cast.sam, f"/mappings/{_told(cast, 'overlaps_with_fields')}/overlaps"


def many_others(cast: Cast, count: int) -> tuple[Player, str]:
    """Let the partner alone have so many companies more; return who lists them where."""
    mapping.accounts(cast.gina, [f"Alone {new_id()}" for _ in range(count)])
    return cast.sam, f"/mappings/{_told(cast, 'only_yours')}/others"


def many_epochs(cast: Cast, count: int) -> tuple[Player, str]:
    """Let so many epochs have run; return who lists them where."""
    begun = len(_epochs(cast))
    if not begun:
        mapping.agreed(cast, "counts")
    for number in range(begun, begun + count):
        _run(cast, cast.dana, cast.partnership_id, number)
    return cast.sam, f"/partnerships/{cast.partnership_id}/epochs"


def many_yeses(cast: Cast, count: int) -> tuple[Player, str]:
    """Let somebody have said yes of so many accounts; return who lists them."""
    for account_id in mapping.accounts(cast.sam, [f"Said {new_id()}" for _ in range(count)]):
        yeses.said(cast.sam, account_id, cast.partnership_id)
    return cast.sam, "/yeses"


def many_openings(cast: Cast, count: int) -> tuple[Player, str]:
    """Let so many yeses have been answered; return who lists what they opened."""
    names = [f"Answered {new_id()}" for _ in range(count)]
    for player in (cast.sam, cast.gina):
        for account_id in mapping.accounts(player, names):
            yeses.said(player, account_id, cast.partnership_id)
    _told(cast, "overlaps")
    return cast.sam, "/openings"


def many_candidates(cast: Cast, count: int) -> tuple[Player, str]:
    """Let both sides be asked about so many companies; return who lists them."""
    for name in [f"Perhaps {new_id()}" for _ in range(count)]:
        for player in (cast.sam, cast.gina):
            mapping.account(player, name, web_domains=[])
    _told(cast, "overlaps")
    return cast.sam, "/candidates"


def _owned(player: Player, **key: str) -> str:
    """Enter an account of somebody's; return its key in the CRM if it has one, else its id."""
    own = {"owner_id": str(player.actor.user_id)} | key
    entered = mapping.account(player, f"Owned {new_id()}", **own)
    return str(entered["external_id"] or entered["id"])


def _lost(player: Player) -> str:
    path = f"/accounts/{_owned(player)}/losses"
    return str(player.call("POST", path, json={"lost_on": "2026-01-31"}, expect=201)["id"])


def many_losses(cast: Cast, count: int) -> tuple[Player, str]:
    """Let somebody have lost so many accounts; return who lists them."""
    for _ in range(count):
        _lost(cast.sam)
    return cast.sam, "/losses"


LISTS: Final = {
    "list_mappings": many_mappings,
    "list_overlaps": many_overlaps,
    "list_others": many_others,
    "list_epochs": many_epochs,
    "list_losses": many_losses,
    "list_candidates": many_candidates,
    "list_yeses": many_yeses,
    "list_openings": many_openings,
}


def _told(cast: Cast, tier: str) -> str:
    """Let both agree anew on all customers, so that all are told of in the next epoch; return the mapping's id."""
    population_id = mapping.population(cast.dana, f"All {new_id()}")
    one = _agreed(cast.dana, cast.hank, cast.partnership_id, population_id, tier)
    _run(cast, cast.dana, cast.partnership_id, len(_epochs(cast)))
    return one


def _epochs(cast: Cast) -> list[Any]:
    return _epochs_of(cast.dana, cast.partnership_id)


def _epochs_of(player: Player, partnership_id: UUID) -> list[Any]:
    path = f"/partnerships/{partnership_id}/epochs"
    found: list[Any] = player.call("GET", path, query_string={"limit": 200}, expect=200)["items"]
    return found


def _run(cast: Cast, player: Player, partnership_id: UUID, number: int) -> None:
    """Run an epoch, as the worker's role, so many weeks from now."""
    with db.transaction(None, read_only=True) as opened:
        database = opened.execute(text("SELECT current_database()")).scalar_one()
    url = make_url(os.environ["PARTNERCRM_WORKER_DATABASE_URL"]).set(database=database)
    actor = Actor.system(player.actor.organization_id)
    with on_database(cast.app, url.render_as_string(hide_password=False)), clock.at(clock.now() + number * _WEEK):
        epochs.run_epoch(actor, partnership_id, mapping.ByDomainOrName())


def _proposed(player: Player, partnership_id: UUID) -> str:
    return str(mapping.propose(player, partnership_id, population_id=mapping.population(player, str(new_id())))["id"])


def _agreed(
    proposer: Player, other: Player, partnership_id: Any, population_id: str, tier: str = "overlaps_with_fields"
) -> str:
    one = mapping.propose(proposer, partnership_id, tier, population_id=population_id)
    body = {"population_id": mapping.population(other, str(new_id()))}
    agreed = other.call("POST", f"/mappings/{one['id']}/agree", json=body, expect=200)
    return str(agreed["id"])


def _frozen(cast: Cast, neighbour: Player, partnership_id: UUID, manager: Player) -> str:
    """Let a neighbour list what was made up for it; return the freeze."""
    name = f"Made up {new_id()}"
    mapping.accounts(neighbour, [name])
    (made_up,) = mapping.accounts(manager, [name])
    with db.transaction(manager.actor) as opened:
        opened.execute(update(Account).where(Account.id == UUID(made_up)).values(seeded_for=partnership_id))
    _run(cast, manager, partnership_id, 0)
    freezes = manager.call("GET", f"/partnerships/{partnership_id}/matrix", expect=200)["freezes"]
    return str(freezes[0]["id"])


def _asked(cast: Cast, neighbour: Player, partnership_id: UUID, manager: Player) -> list[str]:
    """Let both sides be asked about companies that they may both have; return the candidates."""
    names = [f"Perhaps {new_id()}" for _ in range(8)]
    for player in (neighbour, manager):
        for name in names:
            mapping.account(player, name, web_domains=[])
    _agreed(manager, neighbour, partnership_id, mapping.population(manager, f"All {new_id()}"), "overlaps")
    _run(cast, manager, partnership_id, len(_epochs_of(manager, partnership_id)))
    items = manager.call("GET", "/candidates", query_string={"limit": 200}, expect=200)["items"]
    return [one["id"] for one in items if one["partnership_id"] == str(partnership_id)]


def _opened(cast: Cast, neighbour: Player, partnership_id: UUID, manager: Player) -> Any:
    """Let a company that both have be told of, and both say yes to it; return the manager's."""
    name = f"Opened {new_id()}"
    for player in (neighbour, manager):
        mapping.accounts(player, [name])
    population_id = mapping.population(manager, f"All {new_id()}")
    one = _agreed(manager, neighbour, partnership_id, population_id, "overlaps")
    _run(cast, manager, partnership_id, len(_epochs_of(manager, partnership_id)))
    for player in (neighbour, manager):
        items = player.call("GET", f"/mappings/{one}/overlaps", query_string={"limit": 200}, expect=200)["items"]
        (account_id,) = [own["id"] for item in items for own in item["accounts"] if own["name"] == name]
        said = yeses.said(player, account_id, partnership_id)
    return said


def _with(cast: Cast, manager: Player, number: int) -> tuple[Player, UUID]:
    email = f"mara.{number}@neighbour.example"
    neighbour = person(cast.app, organization(f"Neighbour of {email}"), "Mara", email, "partner_manager")
    return neighbour, partnership(manager, neighbour)
