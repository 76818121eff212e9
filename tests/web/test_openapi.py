"""The API's document is valid, complete, true to its examples, and the one that stands in docs/."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask, json
from jsonschema_rs import ValidationError, validator_for
from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from partnercrm.settings import ROOT
from partnercrm.web.openapi import document

METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM = "application/problem+json"
OF_THE_GENERATOR = frozenset({"DEFAULT_ERROR", "Error", "PaginationMetadata", "UNPROCESSABLE_CONTENT"})

Spec = dict[str, Any]


@pytest.fixture(scope="module")
def spec(application: Flask) -> Spec:
    return json.loads(document(application))


def operations(spec: Spec) -> Iterator[tuple[str, Spec]]:
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def resolved(spec: Spec, thing: Spec) -> Spec:
    while "$ref" in thing:
        place: Any = spec
        for step in thing["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        thing = place
    return thing


def incomplete(spec: Spec) -> list[str]:
    """Return what an operation does not say."""
    found, names = [], []
    for name, operation in operations(spec):
        found += [f"{name} has no {part}" for part in ("summary", "tags", "operationId") if not operation.get(part)]
        found += [f"{name} does not say its scope"] * ("x-scope" not in operation)
        names.append(operation.get("operationId"))
        for status, given in operation["responses"].items():
            content = resolved(spec, given).get("content", {})
            if int(status) >= 400 and list(content) != [PROBLEM]:
                found.append(f"{name} answers {status} with {list(content)}")
        statuses = {int(status) for status in operation["responses"]}
        found += [f"{name} says nothing of {status}" for status in {401, 429, 503} - statuses]
    found += [f"{name} names two operations" for name in set(names) if names.count(name) > 1]
    return found + [f"{name} comes from a generator" for name in _components(spec) & OF_THE_GENERATOR]


def _components(spec: Spec) -> set[str]:
    return {name for kind in spec["components"].values() for name in kind}


def untrue(spec: Spec) -> list[str]:
    """Return the bodies without an example, and the examples that their own schemas refuse."""
    found = []
    for name, operation in operations(spec):
        bodies = [("request", operation["requestBody"])] if "requestBody" in operation else []
        bodies += [
            (status, resolved(spec, answer)) for status, answer in operation["responses"].items() if status[0] == "2"
        ]
        for kind, body in bodies:
            for media in body.get("content", {}).values():
                if "example" not in media:
                    found.append(f"{name}: its {kind} has no example")
                elif wrong := _refused(spec, media["schema"], media["example"]):
                    found.append(f"{name}: its {kind}'s example: {wrong}")
    return found + [
        f"{shape}.{field}: {wrong}"
        for shape, schema in spec["components"]["schemas"].items()
        for field, described in schema.get("properties", {}).items()
        if "example" in described and (wrong := _refused(spec, described, described["example"]))
    ]


def _refused(spec: Spec, schema: Spec, example: object) -> str | None:
    shapes = {"components": {"schemas": {name: spec["components"]["schemas"][name] for name in _named(spec, schema)}}}
    validator = validator_for(shapes | schema, validate_formats=True)
    try:
        validator.validate(example)
    except ValidationError as error:
        return error.message
    return None


def _named(spec: Spec, schema: Spec) -> set[str]:
    """Return the names of the shapes that a schema is made of, directly or through others."""
    named: set[str] = set()
    waiting: list[Any] = [schema]
    while waiting:
        for name in set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(waiting.pop()))) - named:
            named.add(name)
            waiting.append(spec["components"]["schemas"][name])
    return named


def test_the_document_is_valid(spec: Spec) -> None:
    validate(spec)


def test_every_operation_says_what_it_does_needs_and_answers(spec: Spec) -> None:
    assert incomplete(spec) == []


def test_every_example_is_one(spec: Spec) -> None:
    assert untrue(spec) == []


def test_the_document_in_docs_is_the_one_that_is_served(app: Flask) -> None:
    """After a change: `partnercrm openapi > docs/openapi.json`."""
    served = app.test_client().get("/api/v1/openapi.json")

    assert served.content_type == "application/json"
    assert served.text == (ROOT / "docs" / "openapi.json").read_text()


def test_amounts_are_strings_and_files_are_binary_parts(spec: Spec) -> None:
    body = next(operation["requestBody"] for name, operation in operations(spec) if name.endswith("/leads/import"))
    (kind, media), *others = body["content"].items()
    form = resolved(spec, media["schema"])

    assert spec["components"]["schemas"]["MoneyShape"]["properties"]["amount"]["type"] == "string"
    assert (kind, others) == ("multipart/form-data", [])
    assert form["properties"]["file"]["format"] == "binary"
    assert "file" in form["required"]


def test_every_operation_needs_a_token(spec: Spec) -> None:
    assert spec["security"] == [{"token": []}]
    assert spec["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert not any("security" in operation for _, operation in operations(spec))


def changed(spec: Spec, steps: tuple[str, ...], value: object) -> Spec:
    """Return a copy with one thing put, or taken away."""
    copy = place = deepcopy(spec)
    *way, last = steps
    for step in way:
        place = place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return copy


OFFERS = ("paths", "/api/v1/offers", "post")
OFFERED = (*OFFERS, "requestBody", "content", "application/json", "example")
AMOUNT = ("components", "schemas", "MoneyShape", "properties", "amount", "example")
GONE = object()
FAULTS = {
    "no summary": (incomplete, (*OFFERS, "summary"), GONE),
    "no scope": (incomplete, (*OFFERS, "x-scope"), GONE),
    "a name twice": (incomplete, (*OFFERS, "operationId"), "list_offers"),
    "no 429": (incomplete, (*OFFERS, "responses", "429"), GONE),
    "a plain error": (incomplete, (*OFFERS, "responses", "409"), {"description": "?"}),
    "a generator's error": (incomplete, ("components", "schemas", "Error"), {}),
    "no example": (untrue, OFFERED, GONE),
    "a wrong example": (untrue, OFFERED, {"lead_id": 7}),
    "a wrong field": (untrue, AMOUNT, 12.5),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, spec: Spec) -> None:
    check, steps, value = FAULTS[fault]

    assert check(changed(spec, steps, value))


def test_an_invalid_document_is_found(spec: Spec) -> None:
    with pytest.raises(OpenAPIValidationError):
        validate(changed(spec, (*OFFERS, "parameters"), "everywhere"))
