"""The floor: the least that can answer the same requests with the same rows. Flask, psycopg, a pool, nothing else.

What it does as partnercrm does it: looks up the token by its hash, sets the tenant context, works behind the same
walls as the same role, writes the same rows (activities and the deferred job included), reads back what it answers,
commits once, answers the same JSON. It borrows five pure rules (ids, company key, value band, decimals, next stages).

What it leaves out: checking anything that is sent, scopes, allowances, Idempotency-Key, ETag, cursors, ORM, schemas,
declared refusals, request ids, logs, metrics, security headers, testing a connection before its use, and the
transactions of their own for the allowance and the token.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from flask import Flask, Response, json, request
from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb, set_json_dumps
from psycopg_pool import ConnectionPool

from benchmarks import floor_sql as sql
from partnercrm.deals.stages import Stage as DealStage
from partnercrm.deals.stages import next_stages
from partnercrm.kernel.ids import new_id, random_id
from partnercrm.kernel.money import parse, text
from partnercrm.leads.bands import band
from partnercrm.leads.companies import company_key

app = Flask(__name__)
pool = ConnectionPool(
    os.environ["FLOOR_DATABASE"],
    connection_class=Connection[DictRow],
    kwargs={"row_factory": dict_row},
    min_size=8,
    max_size=16,
)
administrators = ConnectionPool(
    os.environ["FLOOR_ADMINISTRATION"],
    connection_class=Connection[DictRow],
    kwargs={"row_factory": dict_row},
    min_size=1,
    max_size=8,
)
administration = administrators.connection
Row = Mapping[str, Any]
set_json_dumps(partial(json.dumps, separators=(",", ":"), default=str))


@app.get("/api/v1/partnerships/<uuid:partnership_id>/roll-up")
def roll_up(partnership_id: UUID) -> Response:
    """Answer with what a report is made of; kept where no organization reads, so read as the server's administrator."""
    with tenant(), administration() as connection:
        return answer({"items": connection.execute(sql.ROLL_UP, [partnership_id]).fetchall()})


@app.put("/api/v1/leads/by-key/<connector>/<external_id>")
def put_lead(connector: str, external_id: str) -> Response:
    item = request.get_json() | {"connector": connector, "external_id": external_id}
    with tenant() as (connection, who):
        [written] = upserted(connection, who, [item])
        return answer(lead(found(connection, sql.LEADS, [[written["id"]]])))


@app.post("/api/v1/leads/bulk")
def put_leads() -> Response:
    with tenant() as (connection, who):
        return answer({"leads": upserted(connection, who, request.get_json()["leads"])})


@app.post("/api/v1/offers")
def offer_lead() -> Response:
    given = request.get_json()
    with tenant() as (connection, who):
        row = found(connection, sql.LEAD_TO_OFFER, who | given)
        terms = found(connection, sql.HELD_PARTNERSHIP, given)
        member = found(connection, sql.MEMBER, who | given)
        domain, name = (company_key(row["company_name"], by, row["need"]) for by in (row["company_domain"], None))
        keys = {"company_key": domain, "name_key": name}
        for key in sorted({domain, name}):
            connection.execute(sql.LOCK, [f"offer/{given['partnership_id']}/{key}"])
        connection.execute(sql.SAME_LEAD, given | keys)
        offered = {**who, **offering(row, terms, member, given), **keys}
        for statement in sql.OFFERING:
            connection.execute(statement, offered)
        expiry = {"organization_id": who["organization_id"], "offer_id": offered["offer_id"]}
        question = expiry | {"organization_id": offered["receiver_id"]}
        notice = {"organization_id": offered["receiver_id"], "activity_id": offered["activity_id"]}
        jobs = {"expiry": Jsonb(expiry), "question": Jsonb(question), "notice": Jsonb(notice)}
        connection.execute(sql.DEFER, {**jobs, "expires_at": offered["expires_at"], "asked_at": offered["respond_by"]})
        return answer(offer(found(connection, sql.OFFER, offered), "given"), 201)


@app.get("/api/v1/offers")
def list_offers() -> Response:
    with tenant() as (connection, who):
        values = who | {"status": request.args["status"], "limit": int(request.args["limit"]) + 1}
        rows = connection.execute(sql.RECEIVED_OFFERS, values).fetchall()
        return answer({"items": [offer(row, "received", who) for row in rows[: values["limit"] - 1]]})


@app.get("/api/v1/deals")
def list_deals() -> Response:
    with tenant() as (connection, who):
        living = [row["id"] for row in connection.execute(sql.LIVING, who)]
        values = who | {"living": living, "stage": request.args["stage"], "limit": int(request.args["limit"]) + 1}
        rows = connection.execute(sql.RECEIVED_DEALS, values).fetchall()
        return answer({"items": [deal(row) for row in rows[: values["limit"] - 1]]})


@contextmanager
def tenant() -> Iterator[tuple[Connection[DictRow], DictRow]]:
    """Run the block in one transaction as whoever the token belongs to."""
    token = request.headers["Authorization"].removeprefix("Bearer ")
    with pool.connection() as connection:
        who = found(connection, sql.WHO, [hashlib.sha256(token.encode()).digest()])
        connection.execute(sql.CONTEXT, {key: str(value) for key, value in who.items()})
        yield connection, who


def found(connection: Connection[DictRow], statement: str, values: Row | Sequence[Any]) -> DictRow:
    row = connection.execute(statement, values).fetchone()
    if row is None:
        raise LookupError(statement)
    return row


def upserted(connection: Connection[DictRow], who: Row, items: Sequence[Row]) -> list[DictRow]:
    """Write leads in one statement, record them in another; return their ids and keys in the items' order."""
    columns = [name for name in items[0] if name != "value"]
    rows = [lead_row(who, item) for item in items]
    ids = connection.execute(sql.upsert_leads(columns), [Jsonb(rows)]).fetchall()
    activities = [{**who, "activity_id": new_id(), "lead_id": row["id"]} for row in ids]
    connection.execute(sql.ADD_SYNCED, {"rows": Jsonb(activities), "at": datetime.now(UTC)})
    by_key = {(row["connector"], row["external_id"]): row for row in ids}
    return [by_key[item["connector"], item["external_id"]] for item in items]


def lead_row(who: Row, item: Row) -> dict[str, Any]:
    value = parse(**item["value"])
    return {
        **item,
        "id": random_id(),
        "organization_id": who["organization_id"],
        "owner_id": who["user_id"],
        "value_minor": value.minor,
        "currency": value.currency,
        "version": 1,
        "created_at": datetime.now(UTC),
    }


def offering(row: Row, terms: Row, member: Row, given: Row) -> dict[str, Any]:
    now = datetime.now(UTC)
    first, second = sorted((terms["proposer_id"], terms["addressee_id"]))
    return {
        **row,
        "offer_id": new_id(),
        "step_id": new_id(),
        "activity_id": new_id(),
        "partnership_id": UUID(given["partnership_id"]),
        "giver_id": row["organization_id"],
        "receiver_id": second if first == row["organization_id"] else first,
        "first": first,
        "second": second,
        "member_id": member["id"],
        "value_band": band(row["value_minor"], row["currency"]).value,
        "message": given["message"],
        "tier": "need_to_know",
        "at": now,
        "respond_by": now + timedelta(hours=terms["response_hours"]),
        "expires_at": now + timedelta(days=terms["offer_days"]),
    }


def lead(row: Row) -> dict[str, Any]:
    shown = {name: row[name] for name in sql.LEAD_SHOWN} | {"contact_missing": []}
    return shown | {"value": money(row["value_minor"], row["currency"])}


def offer(row: Row, direction: str, reader: Row | None = None) -> dict[str, Any]:
    shown = {name: row[name] for name in sql.OFFER_SHOWN} | {"direction": direction}
    for side in ("giver", "receiver"):
        name, key = row[f"{side}_name"], row[f"{side}_member_id"]
        is_told = key and (reader is None or row[f"{side}_user_id"] == reader["user_id"])
        shown[f"{side}_member"] = {"id": key, "name": name} if is_told else None
    opened = direction == "given" or row["revealed_at"]
    details = {name: row[f"d_{name}"] for name in sql.DETAILS_SHOWN}
    value = money(row["d_value_minor"], row["d_currency"])
    return shown | {"details": details | {"value": value} if opened else None}


def deal(row: Row) -> dict[str, Any]:
    shown = {name: row[name] for name in sql.DEAL_SHOWN} | {"direction": "received"}
    nexts = [stage.value for stage in next_stages(DealStage(row["stage"]))]
    return shown | {"value": money(row["value_minor"], row["currency"]), "next_stages": nexts}


def money(minor: int | None, currency: str | None) -> dict[str, str] | None:
    return {"amount": text(minor, currency), "currency": currency} if minor is not None and currency else None


def answer(shown: Any, status: int = 200) -> Response:
    return Response(json.dumps(shown, default=plain), status, content_type="application/json")


def plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
