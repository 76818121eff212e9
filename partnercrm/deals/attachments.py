"""Which files are taken to a deal: by their name's end, and by what they begin with; and what they are called."""

import re
import unicodedata
import zipfile
from collections.abc import Mapping
from enum import StrEnum
from typing import IO, Final

MOST_FILES: Final = 50
LONGEST_NAME: Final = 150
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
# What paths and shells read as signs of their own, and what no file system takes.
_UNFIT: Final = re.compile(r'[<>:"/\\|?*;$`]')
_PIECE: Final = 256 * 1024


class FileKind(StrEnum):
    """What a file is, by the end of its name."""

    PDF = "pdf"
    PNG = "png"
    JPG = "jpg"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    TXT = "txt"
    CSV = "csv"
    MD = "md"


MEDIA_TYPES: Final[Mapping[FileKind, str]] = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPG: "image/jpeg",
    FileKind.DOCX: f"{_OFFICE}.wordprocessingml.document",
    FileKind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    FileKind.PPTX: f"{_OFFICE}.presentationml.presentation",
    FileKind.ODT: f"{_OPEN}.text",
    FileKind.ODS: f"{_OPEN}.spreadsheet",
    FileKind.ODP: f"{_OPEN}.presentation",
    FileKind.TXT: "text/plain",
    FileKind.CSV: "text/csv",
    FileKind.MD: "text/markdown",
}
_BEGINS: Final = {FileKind.PDF: b"%PDF-", FileKind.PNG: b"\x89PNG\r\n\x1a\n", FileKind.JPG: b"\xff\xd8\xff"}
_PARTS: Final = {FileKind.DOCX: "word/", FileKind.XLSX: "xl/", FileKind.PPTX: "ppt/"}
_TEXTS: Final = frozenset({FileKind.TXT, FileKind.CSV, FileKind.MD})


def kind_of(name: str, source: IO[bytes]) -> FileKind | None:
    """Return what a file is by the end of its name, without one by what it begins with; None for what is not taken."""
    if "." not in name:
        return next((kind for kind in (*_BEGINS, FileKind.TXT) if holds(kind, source)), None)
    end = name.rpartition(".")[2].casefold()
    end = "jpg" if end == "jpeg" else end
    return FileKind(end) if end in set(FileKind) else None


def told_name(sent: str, kind: FileKind) -> str:
    """Return what a file is called: without folders, signs of control or direction, and dots before, with its end."""
    bare = re.split(r"[/\\]", unicodedata.normalize("NFC", sent))[-1]
    seen = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in bare)
    stem = " ".join(_UNFIT.sub(" ", seen.rpartition(".")[0] if "." in seen else seen).split()).strip(" .") or "file"
    return f"{stem[: LONGEST_NAME - len(kind) - 1].strip(' .')}.{kind}"


def holds(kind: FileKind, source: IO[bytes]) -> bool:
    """Tell whether a file is what the end of its name says; office files with macros are not."""
    source.seek(0)
    if kind in _BEGINS:
        return source.read(len(_BEGINS[kind])) == _BEGINS[kind]
    if kind in _TEXTS:
        return all(b"\x00" not in piece for piece in iter(lambda: source.read(_PIECE), b""))
    try:
        with zipfile.ZipFile(source) as packed:
            return _is_office(kind, packed)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, KeyError, RuntimeError):
        return False


def _is_office(kind: FileKind, packed: zipfile.ZipFile) -> bool:
    names = packed.namelist()
    if kind in _PARTS:
        has_macros = any(name.casefold().endswith("vbaproject.bin") for name in names)
        return (
            "[Content_Types].xml" in names and any(name.startswith(_PARTS[kind]) for name in names) and not has_macros
        )
    said = packed.getinfo("mimetype")
    is_said = said.file_size == len(MEDIA_TYPES[kind]) and packed.read(said).decode("ascii") == MEDIA_TYPES[kind]
    return is_said and not any(name.startswith(("Basic/", "Scripts/")) for name in names)
