"""Taking a file in: recognised while it passes by, kept in pieces, read as it was the last time where it is known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import IO, Any, Final

from sqlalchemy import insert

from partnercrm.activity.actions import record
from partnercrm.identity.queries import staying
from partnercrm.integrations import mapping as columns
from partnercrm.integrations import recognition, suggesting
from partnercrm.integrations.actions.forgetting import forget_later
from partnercrm.integrations.actions.looking import Look, date_form, decimal_mark, look
from partnercrm.integrations.contents import KINDS, ImportKind, Kind
from partnercrm.integrations.letters import SAMPLE, Found, Letters
from partnercrm.integrations.models import FileImport, ImportMapping, ImportPiece, ImportState
from partnercrm.integrations.queries import imports
from partnercrm.integrations.reading import DELIMITERS, ENCODINGS
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotAllowed, Told
from partnercrm.kernel.ids import new_id

PIECE: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Read:
    encoding: str
    delimiter: str
    has_header: bool
    look: Look
    known: ImportMapping | None
    is_said: bool = False


def send_file(actor: Actor, source: IO[bytes] | None, name: str, given: Mapping[str, Any]) -> FileImport:
    """Keep a file and say how it seems to be written; nothing is read in yet. Raises Invalid, NotAllowed."""
    if source is None:
        raise Invalid.field("file", "Send the CSV file as the form's part `file`.")
    staying.stay(actor)
    kind = _kind(actor, given)
    found, size = letters(source, given.get("encoding"))
    read = _read(actor, source, found, given)
    look, known = read.look, read.known
    mapping = given.get("mapping") or (known.mapping if known else _suggestion(look, kind))
    made = FileImport(
        id=new_id(),
        organization_id=actor.organization_id,
        user_id=actor.user_id,
        kind=kind.name,
        connector=given["connector"],
        file_name=" ".join(name.replace("\x00", " ").split())[:200] or f"{kind.name}.csv",
        file_bytes=size,
        state=ImportState.READY,
        encoding=read.encoding,
        encodings=[] if read.is_said else found.in_question,
        encoding_said=read.is_said,
        delimiter=read.delimiter,
        has_header=read.has_header,
        decimal_mark=given.get("decimal_mark") or decimal_mark(look, mapping, kind) or (known and known.decimal_mark),
        date_form=given.get("date_form") or date_form(look, mapping, kind) or (known and known.date_form),
        header=look.header,
        mapping=mapping,
        oversees=actor.has(kind.oversight),
        created_at=clock.now(),
    )
    _keep(made, source)
    record(actor, "import.sent", made)
    forget_later(made)
    return made


def _keep(made: FileImport, source: IO[bytes]) -> None:
    db.session().add(made)
    db.session().flush()
    for number, piece in enumerate(pieces(source)):
        row = {"organization_id": made.organization_id, "import_id": made.id, "number": number, "content": piece}
        db.session().execute(insert(ImportPiece), row)


def letters(source: IO[bytes], said: str | None) -> tuple[Found, int]:
    """Return what a file tells of its encoding where nobody says it, and how many bytes it has. Raises Invalid."""
    if said and said not in ENCODINGS:
        raise Invalid.field("encoding", Told("There are %(names)s.", names=", ".join(ENCODINGS)))
    found, size = Letters(), 0
    for piece in pieces(source):
        if not said:
            found.feed(piece)
        size += len(piece)
    return Found(said, [], []) if said else found.found(), size


def _kind(actor: Actor, given: Mapping[str, Any]) -> Kind:
    """Return what the file is said to bring in; leads where nothing is said. Raises NotAllowed."""
    kind = KINDS[given.get("kind", ImportKind.LEADS)]
    if not actor.has(kind.scope):
        raise NotAllowed(Told("This needs the scope %(scope)s.", scope=kind.scope), scope=kind.scope)
    return kind


def _read(actor: Actor, source: IO[bytes], found: Found, given: Mapping[str, Any]) -> _Read:
    """Return the file as it is read: where that is in question as the source's last one, else as is likeliest."""
    likeliest = _recognised(actor, source, found.encoding, given)
    if "encoding" in given:
        return replace(likeliest, is_said=True)
    if found.in_question:
        # Names of columns may read differently too, and by them one knows the source's files.
        is_plain = all(name.isascii() for name in likeliest.look.header)
        for encoding in found.possible:
            read = likeliest if is_plain else _recognised(actor, source, encoding, given)
            if read.known and read.known.encoding == encoding:
                return replace(read, encoding=encoding, is_said=True)
    return likeliest


def _recognised(actor: Actor, source: IO[bytes], encoding: str, given: Mapping[str, Any]) -> _Read:
    delimiter = given.get("delimiter") or recognition.delimiter(beginning(source, encoding))
    shown, has_header = look(pieces(source), encoding, delimiter, has_header=given.get("has_header"))
    known = imports.remembered(actor, given.get("kind", ImportKind.LEADS), given["connector"], shown.header)
    return _Read(encoding, delimiter if delimiter in DELIMITERS else ",", has_header, shown, known)


def beginning(source: IO[bytes], encoding: str) -> str:
    """Return how a file begins, as an encoding reads it."""
    source.seek(0)
    return source.read(SAMPLE).decode(encoding, "replace").removeprefix("\ufeff")


def _suggestion(look: Look, kind: Kind) -> str:
    found = suggesting.suggested(look.header, kind.aliases)
    return columns.written(columns.ColumnMapping(found, {}, {}, {}))


def pieces(source: IO[bytes]) -> Iterator[bytes]:
    """Return a file from its beginning, piece by piece."""
    source.seek(0)
    return iter(lambda: source.read(PIECE), b"")
