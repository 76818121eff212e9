"""Files and functions stay small."""

from collections.abc import Iterable

from tests.house.code import Module, modules, planted

MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40


def over_budget(code: Iterable[Module]) -> list[str]:
    found = []
    for module in code:
        lines = module.text.count("\n")
        if lines > MOST_LINES_OF_A_FILE:
            found.append(module.at(module.tree, f"{lines} lines"))
        for function in module.functions():
            length = (function.end_lineno or 0) - function.lineno + 1
            if length > MOST_LINES_OF_A_FUNCTION:
                found.append(module.at(function, f"{function.name} has {length} lines"))
    return found


def test_files_and_functions_stay_small() -> None:
    """Migrations are exempt: they are SQL in the order in which it runs."""
    assert over_budget(modules("partnercrm", "tests", "benchmarks", "config")) == []


def test_a_long_file_and_a_long_function_are_found() -> None:
    body = "\n".join(f"    x{number} = {number}" for number in range(300))

    found = over_budget(planted("partnercrm/leads/long.py", f"def endless():\n{body}\n"))

    assert found == ["partnercrm/leads/long.py:1: 301 lines", "partnercrm/leads/long.py:1: endless has 301 lines"]
