"""The record on the command line: its heads, to be kept elsewhere, and whether it was tampered with."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click
from flask.cli import with_appcontext

from partnercrm.activity import actions, queries
from partnercrm.activity.chains import Fault, Flaw
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor

SAID: Final = {
    Fault.BROKEN: "does not follow from the link before it: a row was moved, put in or taken out",
    Fault.EDITED: "says something else than when it was sealed",
    Fault.DELETED: "is gone",
    Fault.INSERTED: "was put in behind what is sealed",
    Fault.CUT: "is missing from the end of the chain",
    Fault.ERASED_UNTOLD: "erased rows, but what is left of them is not what it told",
    Fault.REWRITTEN: "is not what was kept outside",
}


@click.command("heads")
@with_appcontext
def heads(**_: Any) -> None:
    """Print the heads of all chains, to be kept where this installation cannot write."""
    told = []
    for organization_id, _partnership_id in _chains():
        actor = Actor.system(organization_id)
        with db.transaction(actor, read_only=True):
            told += [queries.head_told(head) for head in queries.heads(actor)]
    unique = {one["chain"]: one for one in told}
    click.echo(json.dumps({"heads": [unique[chain] for chain in sorted(unique)]}, indent=2))


@click.command("verify")
@click.option(
    "--heads",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Heads printed earlier and kept elsewhere: a shortened or rewritten chain then shows.",
)
@click.pass_context
@with_appcontext
def verify(context: click.Context, kept: Path | None) -> None:
    """Read every chain from its beginning; status 1 when a row was edited, deleted, moved, put in or cut off."""
    known = _kept(kept)
    chains, flawed = 0, 0
    for organization_id, partnership_id in _chains():
        actor, chain = Actor.system(organization_id), partnership_id or organization_id
        with db.transaction(actor):
            found = actions.verify(actor, partnership_id, known.pop(chain, {}))
        chains += 1
        flawed += len(found)
        for flaw in found:
            click.echo(_sentence(chain, flaw))
    for chain in known:
        flawed += 1
        click.echo(f"chain {chain}: is gone, but its head was kept")
    click.echo(f"{chains} chains were read; {flawed or 'no'} flaws were found.")
    if flawed:
        context.exit(1)


def _chains() -> Iterator[tuple[UUID, UUID | None]]:
    with db.transaction(None, read_only=True):
        found = queries.tenants(unsealed=False)
    yield from found


def _sentence(chain: UUID, flaw: Flaw) -> str:
    where = f"link {flaw.place}" if flaw.place else ""
    what = f"activity {flaw.activity_id}" if flaw.activity_id else ""
    return f"chain {chain}: {', '.join(filter(None, (where, what)))} {SAID[flaw.fault]}"


def _kept(path: Path | None) -> dict[UUID, dict[int, bytes]]:
    """Read heads kept elsewhere. ClickException when the file is not one of ours."""
    if path is None:
        return {}
    found: dict[UUID, dict[int, bytes]] = {}
    try:
        for head in json.loads(path.read_text())["heads"]:
            if head["length"]:
                found.setdefault(UUID(head["chain"]), {})[int(head["length"])] = bytes.fromhex(head["hash"])
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(f"{path} does not hold heads as `partnercrm audit heads` prints them.") from error
    return found
