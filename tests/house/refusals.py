"""Following calls through the source: which refusals of the slices a function can end in."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.house.code import SLICES, Module

Place = tuple[str, str]
NAMED_BY_SLICES = frozenset(f"partnercrm.{name}.errors" for name in SLICES)


@dataclass
class Source:
    """What one module defines and what its names mean."""

    functions: dict[str, list[ast.AST]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def read(code: Iterable[Module]) -> dict[str, Source]:
    """Return every module by its dotted name; a class stands for all of its methods."""
    return {module.name: _source(module) for module in code}


def _source(module: Module) -> Source:
    source = Source()
    for node in module.tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            source.functions[node.name] = [node]
    for node, imported in module.imports():
        for alias in node.names:  # type: ignore[attr-defined]
            if imported.endswith(alias.name):
                source.names[alias.asname or alias.name] = imported
    return source


def raised_by(sources: Mapping[str, Source], module: str, function: str) -> set[str]:
    """Return the names of the slices' refusals that the function, and all that it calls, may raise."""
    found: set[str] = set()
    waiting, seen = [(module, function)], set()
    while waiting:
        place = waiting.pop()
        if place in seen or place[0] not in sources:
            continue
        seen.add(place)
        for node in sources[place[0]].functions.get(place[1], ()):
            found |= {name for at, name in _raised(sources, place[0], node) if at in NAMED_BY_SLICES}
            waiting += _called(sources, place[0], node)
    return found


def _raised(sources: Mapping[str, Source], module: str, node: ast.AST) -> Iterator[Place]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Raise) and inner.exc is not None:
            raised = inner.exc.func if isinstance(inner.exc, ast.Call) else inner.exc
            for name in (raised, raised.value if isinstance(raised, ast.Attribute) else None):
                if name is not None and (place := _place(sources, module, name)):
                    yield place


def _called(sources: Mapping[str, Source], module: str, node: ast.AST) -> Iterator[Place]:
    for inner in ast.walk(node):
        if isinstance(inner, (ast.Name, ast.Attribute)) and (place := _place(sources, module, inner)):
            yield place


def _place(sources: Mapping[str, Source], module: str, node: ast.expr) -> Place | None:
    """Return where a name or `module.name` is defined."""
    source = sources[module]
    if isinstance(node, ast.Name):
        if node.id in source.functions:
            return module, node.id
        at, _, name = source.names.get(node.id, "").rpartition(".")
        return (at, name) if at in sources else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        at = source.names.get(node.value.id, "")
        return (at, node.attr) if at in sources else None
    return None
