"""Names say what is the case, not that something is handled."""

import ast
from collections.abc import Iterable

from tests.house.code import Module, modules, planted

EMPTY_VERBS = ("get_", "handle_", "process_", "manage_", "do_")
EMPTY_NOUNS = frozenset({"utils", "util", "helpers", "helper", "common", "base", "manager", "service", "misc"})
OF_LIBRARIES = frozenset(
    {
        *("get_attribute", "get_command", "get_expiry", "get_id", "handle_data", "handle_error", "handle_starttag"),
        *("process_bind_param", "process_result_value"),
    }
)


def empty_names(code: Iterable[Module]) -> list[str]:
    found = []
    for module in code:
        if EMPTY_NOUNS & set(module.path.with_suffix("").parts):
            found.append(module.at(module.tree, "the file's name says nothing"))
        found += [
            module.at(function, f"{function.name} says nothing")
            for function in module.functions()
            if function.name.lstrip("_").startswith(EMPTY_VERBS) and function.name not in OF_LIBRARIES
        ]
        found += [
            module.at(node, f"{node.name} says nothing")
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ClassDef) and node.name.endswith(("Manager", "Service", "Helper", "Util", "Utils"))
        ]
    return found


def test_names_say_what_is_the_case() -> None:
    assert empty_names(modules("partnercrm", "migrations", "config", "benchmarks", "tests")) == []


def test_empty_names_are_found() -> None:
    code = planted("partnercrm/leads/utils.py", "class LeadManager: ...\ndef get_lead(): ...\ndef _process_rows(): ...")

    assert len(empty_names(code)) == 4
