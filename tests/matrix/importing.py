"""What the matrix knows of imports: one in each state, full of canaries, and the cells of their operations."""

import io
from typing import Any, Final

from tests.factories import imports
from tests.factories.imports import MAPPING
from tests.matrix import rules
from tests.matrix.people import PEOPLE, Caller
from tests.matrix.rules import Cells, stands
from tests.matrix.world import Thing, World, own_readers

_READY: Final = ("ready", "colleague's", "partner's", "accounts")
_OPEN: Final = (*_READY, "checked")


def bring_in(world: World) -> None:
    """Let there be imports of everybody's: waiting, checked with a wrong row, entered, failed."""
    for who, state in (
        ("sam", "ready"),
        ("sam", "checked"),
        ("sam", "applied"),
        ("sam", "failed"),
        ("dana", "colleague's"),
        ("gina", "partner's"),
    ):
        readers = own_readers(who)
        company = world.canaries.word(f"company in {who}'s {state} import", readers)
        wrong = world.canaries.word(f"wrong key in {who}'s {state} import", readers)
        rows = f"{company},{company},Anvils\n"
        rows += f"{wrong},,Anvils\n" if state == "checked" else ""
        player = world.players[who]
        one = imports.sent(player, rows, connector=state)
        import_id = one["id"]
        if state in {"checked", "applied"}:
            imports.run(player, one)
        if state == "failed":
            imports.fail(player, one)
        world.tags[import_id] = player.response("GET", f"/imports/{import_id}").headers["ETag"]
        world.things.append(Thing("import", state, PEOPLE[who].organization, import_id, owner=who))
    _of_accounts(world, "sam")


def _of_accounts(world: World, who: str) -> None:
    """Let there be a file of accounts, for those who may enter accounts."""
    name = world.canaries.word(f"company in {who}'s import of accounts", own_readers(who))
    one = imports.of_accounts(world.players[who], f"1,{name},,,,,,,\n", connector="accounts")
    world.tags[one["id"]] = world.players[who].response("GET", f"/imports/{one['id']}").headers["ETag"]
    world.things.append(Thing("import", "accounts", PEOPLE[who].organization, one["id"], owner=who))


def _enters_leads(caller: Caller) -> bool:
    return "leads:write" in caller.scopes or "accounts:write" not in caller.scopes


def _enters_accounts(caller: Caller) -> bool:
    return "accounts:write" in caller.scopes or "leads:write" not in caller.scopes


def _accounts_file(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    data = io.BytesIO(b"id,account\n1,Wingtip\n")
    given = {"connector": "file", "kind": "accounts", "mapping": "external_id=id,name=account"}
    return {"data": given | {"file": (data, "accounts.csv")}}


def _file(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    data = io.BytesIO(b"id,account,product\n1,Wingtip,Anvils\n")
    return {"data": {"connector": "file", "mapping": MAPPING, "file": (data, "leads.csv")}}


def _results(world: World, caller: Caller, thing: Thing | None) -> dict[str, Any]:
    """Send a file without any result."""
    return {"data": {"connector": "lms", "file": (io.BytesIO(b"id,email,item,passed,when\n"), "lms.csv")}}


def _sent(**body: Any) -> rules.Body:
    return lambda world, caller, thing: {"json": body}


CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "send_file": (Cells(body=_file, only=_enters_leads), Cells(body=_accounts_file, only=_enters_accounts)),
    "list_imports": (Cells(lists="import"),),
    "read_import": (Cells(on="import"),),
    "choose_reading": (Cells(on="import", goes=stands(*_OPEN), body=_sent(decimal_mark="comma")),),
    "preview_import": (Cells(on="import"),),
    "start_import": (Cells(on="import", goes=stands(*_READY), body=_sent(leave_out=False)),),
    "resume_import": (Cells(on="import", goes=stands("failed")),),
    "cancel_import": (Cells(on="import", goes=stands(*_OPEN, "failed")),),
    "undo_import": (Cells(on="import", goes=stands("applied")),),
    "list_wrong_rows": (Cells(on="import"),),
    "export_wrong_rows": (Cells(on="import"),),
    "import_enablement_results": (Cells(body=_results),),
    "export_leads": (Cells(),),
    "export_accounts": (Cells(),),
    "export_offers": (Cells(),),
    "export_overlaps": (Cells(on="mapping"),),
    "export_record": (Cells(on="partnership", sees=rules.joins),),
}

_READING: Final = {"column.external_id": "id", "column.company_name": "account", "column.need": "product"}


def _read(world: World, caller: Caller, thing: Any) -> dict[str, Any]:
    columns = {"column.external_id": "external_id", "column.name": "name"} if thing.state == "accounts" else _READING
    return {"data": columns | {"has_header": "true", "version": world.tags.get(thing.id, "none")}}


PAGE_CELLS: Final[dict[str, tuple[Cells, ...]]] = {
    "integrations_pages.import_form": (Cells(),),
    "integrations_pages.results_form": (Cells(),),
    "integrations_pages.import_results": (Cells(body=_results),),
    "integrations_pages.send_file": (Cells(body=_file),),
    "integrations_pages.file_import": (Cells(on="import"),),
    "integrations_pages.choose_reading": (Cells(on="import", goes=stands(*_OPEN), body=_read),),
    "integrations_pages.start_import": (Cells(on="import", goes=stands(*_READY)),),
    "integrations_pages.resume_import": CELLS["resume_import"],
    "integrations_pages.cancel_import": CELLS["cancel_import"],
    "integrations_pages.undo_import": CELLS["undo_import"],
    "integrations_pages.export_wrong_rows": (Cells(on="import"),),
    "integrations_pages.export_leads": (Cells(),),
    "integrations_pages.export_accounts": (Cells(),),
    "integrations_pages.export_offers": (Cells(),),
    "integrations_pages.export_overlaps": CELLS["export_overlaps"],
    "integrations_pages.export_record": CELLS["export_record"],
}
