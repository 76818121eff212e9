"""How much a request may carry."""

from flask import Flask
from urllib3 import encode_multipart_formdata

from tests.cast import Cast
from tests.surfer import Surfer

MAPPING = "external_id=id,company_name=company,need=need"


def csv_of(megabytes: int) -> bytes:
    row = b"%d,Northwind," + b"x" * 150 + b"\n"
    rows = b"".join(row % number for number in range(megabytes * (1 << 20) // 160))
    return b"id,company,need\n" + rows


def test_an_import_may_be_larger_than_other_requests(cast: Cast) -> None:
    form = {"connector": "crm", "mapping": MAPPING, "file": ("leads.csv", csv_of(2))}
    body, content_type = encode_multipart_formdata(form)

    done = cast.sam.call("POST", "/leads/import", data=body, content_type=content_type, expect=200)

    assert done["rows"] > 10_000


def test_any_other_request_beyond_the_limit_is_refused(cast: Cast) -> None:
    refused = cast.sam.call("POST", "/leads", json={"notes": "x" * (1 << 20)}, expect=413)

    assert refused["code"] == "too_large"


def test_a_page_takes_a_file_from_who_is_signed_in_and_reads_nothing_large_of_others(app: Flask, cast: Cast) -> None:
    known, unknown = Surfer.signed_in(app, "sam@acme.example"), Surfer(app)
    form = {"connector": "crm", "mapping": MAPPING, "file": ("leads.csv", csv_of(2))}

    def sent(surfer: Surfer, hidden: dict[str, str]) -> int:
        body, content_type = encode_multipart_formdata(form | hidden)
        return surfer.post("/imports", body, content_type=content_type).status_code

    assert sent(known, known.hidden("/imports")) == 303
    assert sent(unknown, {}) == 413
    assert sent(unknown, unknown.hidden("/sign-in")) == 413
