"""What the house says with values in it remembers both, so that pages can say it in their reader's language."""

import ast
from collections.abc import Iterable, Iterator

import pytest
from flask import Flask
from flask_babel import force_locale
from marshmallow import Schema, fields, validate

from partnercrm.app import APIS
from partnercrm.integrations.reading import DecimalMark
from partnercrm.kernel import errors as kinds
from partnercrm.kernel.errors import FieldError, Invalid, Refusal, Told
from partnercrm.web import limits, speaking
from partnercrm.web.page import Form
from partnercrm.web.shapes import Choice, Shape, Text, Whole
from tests.house.code import SLICES, Module, modules, planted

# Read on a terminal, by programs, or by who runs the installation alone.
NOT_FOR_PAGES = frozenset({"partnercrm/web/strict_json.py", "partnercrm/web/logs.py"})
# A mistake in the program, which nobody is shown.
MISTAKES = frozenset({"AssertionError", "LookupError", "RuntimeError", "TypeError"})
TELLING = frozenset({"FieldError", "ValidationError", "Invalid", "field"}) | {
    name for name, kind in vars(kinds).items() if isinstance(kind, type) and issubclass(kind, Refusal)
}


def said_in_english_alone(code: Iterable[Module]) -> list[str]:
    """Return the sentences that are made of values outside of Told, and values of sentences that were lost."""
    return [
        module.at(node, ast.unparse(node)[:80])
        for module in code
        if (module.part in SLICES | {"web"} or str(module.path) == "partnercrm/kernel/money.py")
        and "cli" not in module.path.with_suffix("").parts
        and str(module.path) not in NOT_FOR_PAGES
        for node in _made(module.tree, told=False)
    ]


def _made(node: ast.AST, *, told: bool) -> Iterator[ast.expr]:
    """Yield texts made of values: sentences anywhere, other texts as what a refusal says."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _name(node.exc) in MISTAKES:
        return
    if isinstance(node, ast.Call) and _name(node) == "Told":
        return
    if isinstance(node, ast.expr) and (_is_sentence(node) or (told and _is_made(node))):
        yield node
        return
    told = told and not isinstance(node, ast.Call)
    for name, inner in _parts(node):
        yield from _made(inner, told=told or (isinstance(node, ast.Call) and _name(node) in TELLING and name == "said"))


def _parts(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what a node is made of; of a call the first argument is mostly the field, the others what is said."""
    if not isinstance(node, ast.Call):
        yield from (("", inner) for inner in ast.iter_child_nodes(node))
        return
    is_first_said = _name(node) == "ValidationError" or _name(node) not in {"FieldError", "field"}
    for place, inner in enumerate(node.args):
        yield ("said" if (place == 0) == is_first_said else ""), inner
    yield from (("", keyword.value) for keyword in node.keywords)
    yield "", node.func


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_made(node: ast.expr) -> bool:
    is_text = isinstance(node, ast.Call) and _name(node) in {"str", "format"}
    return isinstance(node, (ast.JoinedStr, ast.BinOp)) or is_text


def _is_sentence(node: ast.expr) -> bool:
    """Tell whether a text made of values ends as a sentence does."""
    if not isinstance(node, ast.JoinedStr) or not isinstance(node.values[-1], ast.Constant):
        return False
    words = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return words.endswith(".") and words.count(" ") > 1


def unlimited(shapes: Iterable[type[Schema]]) -> list[str]:
    """Return the fields of shapes whose limits would tell their values in English alone."""
    return sorted({f"{shape.__name__}.{name}" for shape in shapes for name, one in shape().fields.items() if _own(one)})


def _own(one: fields.Field) -> bool:  # type: ignore[type-arg]
    of = {validate.Length, validate.Range, validate.OneOf, validate.Regexp, validate.ContainsOnly, validate.Equal}
    inner = isinstance(one, fields.List) and _own(one.inner)
    return inner or any(type(check) in of for check in one.validators)


def test_every_sentence_with_values_goes_through_the_translations() -> None:
    assert said_in_english_alone(modules("partnercrm")) == []


@pytest.mark.parametrize(
    "said",
    [
        'raise Invalid.field("days", f"At most {most}")',
        'wrong.append(FieldError("days", "At most " + most))',
        'return f"Between {least} and {most} days."',
        'wrong.append(FieldError("days", str(error)))',
        'raise NotAllowed("At most %s" % most)',
        'raise ValidationError(f"At most {most}", "days")',
    ],
)
def test_a_sentence_with_values_that_no_page_can_translate_is_found(said: str) -> None:
    code = planted("partnercrm/leads/actions/faulty.py", f"def refuse():\n    {said}\n")

    assert len(said_in_english_alone(code)) == 1


@pytest.mark.parametrize(
    "said",
    [
        'raise Invalid.field(f"days.{name}", Told("At most %(most)d days.", most=f"{most}"))',
        'raise RuntimeError(f"There is no {name} here.")',
        'return f"{name}={value}"',
    ],
)
def test_what_is_no_such_sentence_is_not(said: str) -> None:
    assert said_in_english_alone(planted("partnercrm/leads/actions/faulty.py", f"def refuse():\n    {said}\n")) == []


def test_every_limit_of_a_shape_tells_its_values_apart() -> None:
    shapes = {
        shape
        for door in APIS
        for operation in door.operations
        for shape in (operation.body, operation.query, operation.form)
        if shape is not None
    }
    assert unlimited(shapes) == []


def test_a_limit_that_tells_english_alone_is_found() -> None:
    class Faulty(Shape):
        name = fields.List(fields.String(validate=validate.Length(max=3)))

    assert unlimited([Faulty]) == ["Faulty.name"]


def test_a_page_says_limits_in_its_readers_language(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Asked(Shape):
        name = Text(most=3, example="a")
        many = Whole(least=1, most=5, example=2)
        order = fields.String(validate=limits.OneOf(("a", "b")))
        mark = Choice(DecimalMark)

    asked: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(speaking, "gettext", lambda sentence, **values: asked.append((sentence, values)) or "said")

    with app.test_request_context(), force_locale("en"):
        form = Form({"name": "abcd", "many": "9", "order": "c", "mark": "z"})
        with pytest.raises(Invalid) as refused:
            form.load(Asked)
        shown = form.refused(refused.value)

    assert {error.message for found in shown.errors.values() for error in found} == {"said"}
    assert len(shown.errors) == 4
    assert ("Longer than maximum length %(max)s.", 3) in [(sentence, values.get("max")) for sentence, values in asked]
    choices = {values["choices"] for sentence, values in asked if sentence == "Must be one of: %(choices)s."}
    assert choices == {"a, b", "plain, point, comma"}


def test_a_sentence_within_a_sentence_is_said_in_both_languages(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    german = {"This is needed.": "Das fehlt.", "%(part)s: %(what)s": "%(part)s = %(what)s"}
    monkeypatch.setattr(speaking, "gettext", lambda sentence, **values: german[sentence] % values)
    error = FieldError("mapping", Told("%(part)s: %(what)s", part="need", what=Told.of("This is needed.")))

    assert speaking.spoken(error.message) == "need = Das fehlt."
    assert error.message == "need: This is needed."
