"""What is named in one place stands in the other: settings, jobs, statuses, steps."""

import ast
import re
from collections.abc import Iterable

from flask import Flask

from partnercrm.kernel import jobs
from partnercrm.settings import ROOT, Settings
from tests.house.code import Module, modules, planted


def undocumented(settings: Iterable[str], documentation: str) -> list[str]:
    return [name for name in settings if not re.search(rf"^(#   )?{name}\b", documentation, re.MULTILINE)]


def unknown_jobs(code: Iterable[Module], names: frozenset[str]) -> list[str]:
    found = []
    for module in code:
        for call in module.calls():
            if ast.unparse(call.func) == "jobs.defer":
                name = call.args[0]
                if not isinstance(name, ast.Constant) or name.value not in names:
                    found.append(module.at(call, f"there is no job {ast.unparse(name)}"))
    return found


def test_every_setting_is_documented() -> None:
    assert undocumented(Settings.model_fields, (ROOT / "config" / "default.toml").read_text()) == []


def test_a_setting_without_documentation_is_found() -> None:
    assert undocumented(["port", "portal"], "port = 8000\n#   secret_key   signs\n") == ["portal"]


def test_every_deferred_job_exists(application: Flask) -> None:
    assert unknown_jobs(modules("partnercrm"), jobs.names()) == []


def test_a_job_that_nobody_does_is_found() -> None:
    code = planted("partnercrm/leads/actions/faulty.py", "jobs.defer('leads.vanish', organization_id)")

    assert len(unknown_jobs(code, frozenset({"leads.expire_offer"}))) == 1
