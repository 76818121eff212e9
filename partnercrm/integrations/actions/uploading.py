"""Taking a file in: recognised while it passes by, kept in pieces, read as it was the last time where it is known."""

from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

from sqlalchemy import insert

from partnercrm.activity.actions import record
from partnercrm.identity.queries import staying
from partnercrm.integrations import mapping as columns
from partnercrm.integrations import recognition, suggesting
from partnercrm.integrations.actions.forgetting import forget_later
from partnercrm.integrations.actions.looking import Look, date_form, decimal_mark, look
from partnercrm.integrations.models import ImportPiece, ImportState, LeadImport
from partnercrm.integrations.queries import imports
from partnercrm.integrations.reading import DELIMITERS, ENCODINGS
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, Told
from partnercrm.kernel.ids import new_id

PIECE: Final = 256 * 1024
_DEFAULT_NAME: Final = "leads.csv"


def send_file(actor: Actor, source: IO[bytes] | None, name: str, given: Mapping[str, Any]) -> LeadImport:
    """Keep a file of leads and say how it seems to be written; nothing is read in yet. Raises Invalid."""
    if source is None:
        raise Invalid.field("file", "Send the CSV file as the form's part `file`.")
    staying.stay(actor)
    letters, size = recognition.Letters(), 0
    for piece in _pieces(source):
        letters.feed(piece)
        size += len(piece)
    encoding = given.get("encoding") or letters.encoding()
    delimiter, look, has_header = _recognised(source, encoding, given)
    known = imports.remembered(actor, given["connector"], look.header)
    mapping = given.get("mapping") or (known.mapping if known else _suggestion(look))
    made = LeadImport(
        id=new_id(),
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        connector=given["connector"],
        file_name=" ".join(name.replace("\x00", " ").split())[:200] or _DEFAULT_NAME,
        file_bytes=size,
        state=ImportState.READY,
        encoding=encoding,
        delimiter=delimiter,
        has_header=has_header,
        decimal_mark=given.get("decimal_mark") or decimal_mark(look, mapping) or (known and known.decimal_mark),
        date_form=given.get("date_form") or date_form(look, mapping) or (known and known.date_form),
        header=look.header,
        mapping=mapping,
        oversees=actor.has("leads:all"),
        created_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    for number, piece in enumerate(_pieces(source)):
        row = {"organization_id": made.organization_id, "import_id": made.id, "number": number, "content": piece}
        db.session().execute(insert(ImportPiece), row)
    record(actor, "import.sent", made)
    forget_later(made)
    return made


def _recognised(source: IO[bytes], encoding: str, given: Mapping[str, Any]) -> tuple[str, Look, bool]:
    if encoding not in ENCODINGS:
        raise Invalid.field("encoding", Told("There are %(names)s.", names=", ".join(ENCODINGS)))
    delimiter = given.get("delimiter") or recognition.delimiter(_beginning(source, encoding))
    shown, has_header = look(_pieces(source), encoding, delimiter, has_header=given.get("has_header"))
    return delimiter if delimiter in DELIMITERS else ",", shown, has_header


def _beginning(source: IO[bytes], encoding: str) -> str:
    source.seek(0)
    return source.read(recognition.SAMPLE).decode(encoding, "replace").removeprefix("\ufeff")


def _suggestion(look: Look) -> str:
    found = suggesting.suggested(look.header)
    return columns.written(columns.ColumnMapping(found, {}, {}, {}))


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    source.seek(0)
    return iter(lambda: source.read(PIECE), b"")
