"""What no schema can say, put into generated requests: ids and versions of things that exist, keys used once.

Loaded by schemathesis; it tells afterwards, from the request as it was sent, whether that was right or wrong.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from uuid import uuid4

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation

POOL = json.loads(os.environ["PARTNERCRM_GENERATED_POOL"])
THINGS = {name: cycle(ids) for name, ids in POOL["things"].items()}
INVENTED: Counter[str] = Counter()
ACTS = re.compile("/(end|move|undo|publish)$")


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Put real things in the place of invented ones; what is wrong on purpose stays as it is."""
    operation = case.operation.definition.raw["operationId"]
    if _is_right(case, ParameterLocation.PATH):
        for name, value in list(case.path_parameters.items()):
            case.path_parameters[name] = _now_and_then_real(f"{operation}.{name}", value)
        if operation == "choose_reading":
            case.path_parameters["import_id"] = _sent()
    if _is_right(case, ParameterLocation.BODY):
        _fill(operation, case.body)
        if operation == "change_embedding" and case.body.get("origins") == []:
            # Without any address no card is given out any more.
            case.body["origins"] = ["https://crm.acme.example"]
    if _is_right(case, ParameterLocation.HEADER):
        if "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = str(uuid4())
        if ("If-Match" in case.headers or operation in {"keep_term_draft", "set_routing"}) and (tag := _version(case)):
            case.headers["If-Match"] = tag
        elif operation.endswith("_hours") or operation == "set_routing":
            # Hours are read by their own id: the first of a kind are set where nothing stands. So are first rules.
            case.headers.pop("If-Match", None)
    if _is_right(case, ParameterLocation.QUERY):
        case.query.pop("cursor", None)
        for name in case.query:
            if things := THINGS.get(f"{operation}.{name}"):
                case.query[name] = next(things)


def _is_right(case: Any, location: ParameterLocation) -> bool:
    return case.meta is not None and not case.meta.is_negative_at(location)


def _fill(operation: str, body: Any) -> None:
    if isinstance(body, list):
        for item in body:
            _fill(operation, item)
    elif isinstance(body, dict):
        for name, value in body.items():
            if things := _things(f"{operation}.{name}"):
                body[name] = next(things) if isinstance(value, str) else value
            _fill(operation, value)
            if isinstance(value, float) and value.is_integer():
                body[name] = int(value)
        if "based_on" in body and "terms" in body:
            _propose(body)
        _share(operation, body)
        _pay(operation, body)
        if operation == "set_routing" and "user_ids" in body:
            body |= dict.fromkeys(("id", "partnership_id", "product_line_id", "team_id"))
            body["user_ids"] = [next(THINGS["set_routing.user_ids"])]
        _work_together(operation, body)
        if "roles" in body and isinstance(body.get("email"), str):
            body["email"] = body["email"].partition("@")[0] + POOL["domain"]
        if set(body) == {"amount", "currency"}:
            body["amount"] = body["amount"].partition(".")[0][:11]


def _work_together(operation: str, body: dict[str, Any]) -> None:
    """Name real people, no overlap, and of a line of a plan what lines of its kind have; those there are are steps."""
    if operation == "name_joint_team" and "member_ids" in body:
        body["member_ids"] = [next(THINGS["name_joint_team.member_ids"])]
    if operation == "name_deal_team" and "member_ids" in body:
        body["member_ids"] = [next(THINGS["name_deal_team.member_ids"])]
    if operation == "move_deal":
        body.pop("reason", None)
    if operation == "write_deal_entry":
        body["mentioned"] = []
        if body.get("kind") != "next_step":
            body.pop("due_on", None)
    if operation == "propose_joint_account":
        body.pop("overlap_id", None)
    if operation in {"add_plan_item", "change_plan_item"}:
        kind = body.get("kind", "next_step")
        for name in ("owner_member_id", "due_on", "done") if kind != "next_step" else ():
            body.pop(name, None)
        if kind != "stakeholder":
            body.pop("stance", None)


def _pay(operation: str, body: dict[str, Any]) -> None:
    """Send rules that hold together, as generated tiers never do, and assign them to one person."""
    if operation.endswith("_compensation_plan") and isinstance(body.get("rules"), dict):
        body["rules"] = json.loads(POOL["things"]["compensation rules"][0])
    if operation == "correct_earnings" and "user_id" in body:
        body |= {"user_id": POOL["things"]["earners"][0], "amount": {"amount": "5.00", "currency": "HUF"}}
    if operation == "import_earnings" and "earnings" in body:
        row = {"email": POOL["things"]["earners' addresses"][0], "earned_on": "2026-01-31", "currency": "EUR"}
        body["earnings"] = [row | {"amount": "1.00", "external_id": uuid4().hex}]
    if operation == "close_ledger_period" and "starts_on" in body:
        body["starts_on"] = next(THINGS["months"])
    if operation == "propose_pay_out" and "currency" in body:
        body["currency"] = "HUF"
    if operation == "refund_revenue" and "happened_at" in body:
        body |= {"amount": {"amount": "0.01", "currency": "EUR"}, "happened_at": POOL["things"]["refunded"][0]}
        body["reference"] = ""
    if operation == "record_revenue" and "happened_at" in body:
        body |= {"kind": "invoiced", "reference": f"G-{uuid4().hex[:8]}", "happened_at": POOL["things"]["refunded"][0]}
        body["amount"] = {"amount": "1.00", "currency": "EUR"}
    if operation == "assign_compensation_plan" and "starts_on" in body:
        body |= {"user_id": next(THINGS["assign_compensation_plan.user_id"]), "team_id": None}


def _propose(body: dict[str, Any]) -> None:
    """Propose on the ground of the version that is agreed, from now on, and nothing that would need real ids."""
    body |= {"based_on": 1, "effective_on": None}
    terms = body["terms"] if isinstance(body.get("terms"), dict) else {}
    for name in ("goals", "criteria", "product_lines"):
        for one in terms.get(name) or ():
            if isinstance(one, dict):
                one.pop("id", None)
                one.pop("organization_id", None)
                one.pop("from_on", None)
                one.update({"measure": "entered"} if "measure" in one else {})
    _share_by_one_template(terms)


def _share(operation: str, body: dict[str, Any]) -> None:
    """Share by halves between the two partners and divide a share to one's own people: generated parts never add up."""
    if operation in {"propose_split", "change_split"} and "based_on" in body:
        halves = [{"organization_id": one, "revenue_split": 500_000} for one in POOL["things"]["split sides"]]
        body |= {"based_on": 0, "shares": halves}
        for name in ("template_id", "referral_fee", "revenue_share", "effective_on"):
            body.pop(name, None)
    if operation == "divide_share" and "participants" in body:
        person = {"user_id": POOL["things"]["split people"][0], "parts": 3}
        body |= {"whole": 3, "participants": [person], "effective_on": None}


def _share_by_one_template(terms: dict[str, Any]) -> None:
    """Propose one template at most: for one case there is one, inside the cap, and its fees have who pays them."""
    templates = terms.get("split_templates")
    if isinstance(templates, list):
        terms["split_templates"] = templates[:1]
        for one in templates[:1]:
            if isinstance(one, dict):
                for name in ("id", "origin_id", "referral_fee", "referral_payer", "revenue_share", "revenue_payer"):
                    one.pop(name, None)
                one.update({name: 0 for name in ("source_overlay", "partner_overlay") if name in one})


def _now_and_then_real(name: str, value: str) -> str:
    """Return a thing that exists for two of three invented ids; the caller itself is never touched.

    By turns, never by the id: all requests of one phase may carry the same one.
    """
    if f"{name}={value}" in POOL["untouched"]:
        return str(uuid4())
    INVENTED[name] += 1
    things = _things(name)
    return next(things) if things and INVENTED[name] % 3 else value


def _things(name: str) -> Iterator[str] | None:
    return THINGS.get(name) or THINGS.get(name.partition(".")[2])


def _sent() -> str:
    """Send a file and return its import: those sent before may be over, as every erasure ends what is not entered."""
    file = {"file": ("leads.csv", b"id,account,product\n1,Contoso,Kite\n")}
    headers = {"Authorization": f"Bearer {POOL['token']}"}
    made = requests.post(
        f"{POOL['address']}/api/v1/imports", headers=headers, data={"connector": "crm"}, files=file, timeout=10
    )
    return str(made.json()["id"])


def _version(case: Any) -> str | None:
    address = POOL["address"] + ACTS.sub("", case.path.format(**case.path_parameters))
    read = requests.get(address, headers={"Authorization": f"Bearer {POOL['token']}"}, timeout=10)
    return read.headers.get("ETag")
