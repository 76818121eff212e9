"""Who may do what: commit, touch the session, read the environment, compute without the world."""

import ast
import sys
from collections.abc import Iterable

import pytest

from tests.house.code import DOORS, SLICES, Module, modules, planted

KEEPERS_OF_THE_SESSION = frozenset({"partnercrm.web.idempotency", "partnercrm.web.paging"})
READERS_OF_THE_ENVIRONMENT = {
    "partnercrm.settings": "the reader",
    "partnercrm.kernel.processes": "hands the whole of it on to the programs it starts",
}
WORLDLY = frozenset({"asyncio", "io", "logging", "os", "pathlib", "random", "shutil", "socket", "subprocess", "time"})
_MAY_SPEAK = DOORS | {"authenticator", "kept", "kinds", "notices", "retention", "schemas", "sights", "words"}
RULES_MAY_IMPORT = ("partnercrm.kernel.errors.", "partnercrm.kernel.money", "partnercrm.kernel import money")
LIBRARIES_OF_RULES = {
    "partnercrm.accounts.domains": {"publicsuffixlist"},
    "partnercrm.accounts.engine": {"duckdb"},
    "partnercrm.accounts.likeness": {"rapidfuzz"},
    "partnercrm.accounts.normalising": {"anyascii"},
    "partnercrm.accounts.numbers": {"stdnum"},
    "partnercrm.accounts.ranking": {"rapidfuzz"},
    "partnercrm.calendars.public_holidays": {"holidays"},
    "partnercrm.identity.passwords": {"argon2"},
}


def commits_elsewhere(code: Iterable[Module]) -> list[str]:
    return [
        module.at(call, f"{call.func.attr} outside kernel/db.py")
        for module in code
        if module.name != "partnercrm.kernel.db"
        for call in module.calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "rollback"}
    ]


def sessions_elsewhere(code: Iterable[Module]) -> list[str]:
    return [
        module.at(call, "only queries, actions, jobs and the kernel touch the session")
        for module in code
        if module.part != "kernel"
        and module.room not in {"actions", "queries", "jobs"}
        and module.name not in KEEPERS_OF_THE_SESSION
        for call in module.calls()
        if ast.unparse(call.func) in {"db.session", "session", "db.driver_connection"}
    ]


def readers_of_the_environment(code: Iterable[Module]) -> list[str]:
    return [
        module.at(node, "only settings.py reads the environment")
        for module in code
        if module.name not in READERS_OF_THE_ENVIRONMENT
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"})
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and {"environ", "getenv"} & _names(node))
    ]


def worldly_rules(code: Iterable[Module]) -> list[str]:
    return [
        module.at(node, f"a rule imports {imported}")
        for module in code
        if module.is_rule
        for node, imported in module.imports()
        if not _is_pure(module, imported)
    ]


def _is_pure(rule: Module, imported: str) -> bool:
    top, _, rest = imported.partition(".")
    if top != "partnercrm":
        library = top in LIBRARIES_OF_RULES.get(rule.name, ())
        return library or (top in sys.stdlib_module_names and top not in WORLDLY)
    if imported.startswith(RULES_MAY_IMPORT):
        return True
    part, _, room = rest.partition(".")
    return part in SLICES and (
        room.startswith("errors.") or Module(rule.path.parents[1] / part / room.split(".")[0], "").is_rule
    )


def doors_that_speak_below(code: Iterable[Module]) -> list[str]:
    return [
        module.at(node, f"{imported} belongs to doors")
        for module in code
        if module.part in SLICES and module.room not in _MAY_SPEAK
        for node, imported in module.imports()
        if imported.startswith(("flask.", "flask_", "werkzeug"))
    ]


def borrowed_shapes(code: Iterable[Module]) -> list[str]:
    """A slice's shapes may nest another's, so that both tell the same; its other files may not use them."""
    return [
        module.at(node, f"{imported} is another slice's")
        for module in code
        if module.part in SLICES and module.room != "schemas"
        for node, imported in module.imports()
        if f"{imported}.".startswith(tuple(f"partnercrm.{other}.schemas." for other in SLICES - {module.part}))
    ]


def _names(node: ast.ImportFrom) -> set[str]:
    return {alias.name for alias in node.names}


CHECKS = (
    commits_elsewhere,
    sessions_elsewhere,
    readers_of_the_environment,
    worldly_rules,
    doors_that_speak_below,
    borrowed_shapes,
)
FAULTS = (
    (commits_elsewhere, "partnercrm/leads/actions/faulty.py", "db.session().commit()"),
    (commits_elsewhere, "partnercrm/web/faulty.py", "savepoint.rollback()"),
    (sessions_elsewhere, "partnercrm/leads/api.py", "db.session().add(lead)"),
    (sessions_elsewhere, "partnercrm/leads/pages/faulty.py", "db.session().scalars(rows)"),
    (readers_of_the_environment, "partnercrm/leads/cli.py", "import os\ntoken = os.environ['TOKEN']"),
    (readers_of_the_environment, "partnercrm/web/faulty.py", "from os import getenv"),
    (worldly_rules, "partnercrm/leads/reciprocity.py", "from partnercrm.kernel import clock"),
    (worldly_rules, "partnercrm/leads/lifecycle.py", "from sqlalchemy import select"),
    (worldly_rules, "partnercrm/leads/lifecycle.py", "from partnercrm.leads.models import Offer"),
    (worldly_rules, "partnercrm/leads/bands.py", "import random"),
    (doors_that_speak_below, "partnercrm/leads/actions/faulty.py", "from flask import request"),
    (borrowed_shapes, "partnercrm/leads/api.py", "from partnercrm.partnerships.schemas import TermsShape"),
    (borrowed_shapes, "partnercrm/leads/api.py", "from partnercrm.partnerships import schemas"),
)


@pytest.mark.parametrize("check", CHECKS)
def test_nobody_does_what_is_not_theirs(check: object) -> None:
    assert check(modules("partnercrm")) == []


@pytest.mark.parametrize(("check", "path", "text"), FAULTS)
def test_a_planted_fault_is_found(check: object, path: str, text: str) -> None:
    assert len(check(planted(path, text))) == 1
