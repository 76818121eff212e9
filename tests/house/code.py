"""The code as the house's tests walk it: every module with its syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import PurePath
from textwrap import dedent

from partnercrm.settings import ROOT

DOORS = frozenset({"api", "pages", "cli"})
ROOMS = DOORS | {
    *("actions", "authenticator", "errors", "jobs", "kept", "kinds", "models", "notices", "queries", "retention"),
    *("schemas", "sights", "subject_access"),
    "words",
}
SLICES = frozenset(
    {
        *("accounts", "activity", "calendars", "cases", "deals", "disclosures", "enablement", "identity"),
        *("incentives", "integrations", "leads", "notices", "partnerships", "rates"),
    }
)


@dataclass(frozen=True)
class Module:
    """A file of code; `path` is relative to the project."""

    path: PurePath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def name(self) -> str:
        """The dotted name."""
        return ".".join(self.path.with_suffix("").parts).removesuffix(".__init__")

    @property
    def part(self) -> str:
        """The slice (or kernel, web, demo, settings …) the module belongs to."""
        return (*self.path.with_suffix("").parts, "")[1]

    @property
    def room(self) -> str:
        """What the file is within its slice: `api`, `actions`, … or the name of a rule."""
        return (*self.path.with_suffix("").parts, "", "")[2]

    @property
    def is_rule(self) -> bool:
        """Whether this is a pure rule of a slice."""
        return self.part in SLICES and self.room not in ROOMS | {"", "__init__"}

    def at(self, node: ast.AST, what: str) -> str:
        """Return a finding at the node."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def imports(self) -> Iterator[tuple[ast.AST, str]]:
        """Yield every imported module, and every imported name as `module.name`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def modules(*folders: str) -> list[Module]:
    """Return every module below the folders of the project."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [_read(path.relative_to(ROOT)) for path in paths]


@cache
def _read(path: PurePath) -> Module:
    """Read a file once, so that its tree is made once for all who walk it."""
    return Module(path, (ROOT / path).read_text())


def planted(path: str, text: str) -> list[Module]:
    """Return one module that does not exist, to show that a check finds what it is for."""
    return [Module(PurePath(path), dedent(text))]
