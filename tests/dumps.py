"""Dumps as an operator makes them: pg_dump, and pg_restore into another cluster."""

import os
import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from hashlib import md5, sha1, sha256
from pathlib import Path
from urllib.parse import quote

import pytest

from partnercrm.kernel import postgres_programs

_TELLING = 10
_HEXADECIMAL = re.compile(rb"\\x([0-9a-f]{8,})")


def program(name: str) -> Path:
    """Return a PostgreSQL program: beside the server's, else the system's; the test is skipped loudly without."""
    beside = postgres_programs.binaries() / "bin" / name
    found = beside if beside.is_file() else shutil.which(name)
    if found is None:
        said = f"NOT DUMPED AND RESTORED: there is no {name}, neither beside the server's programs nor on this system"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)
    return Path(found)


def dump(database: str) -> bytes:
    """Return everything of a database, structure and rows, as text."""
    return _run("pg_dump", "--dbname", database)


def saved(database: str) -> bytes:
    """Return a backup, as docs/operations.md says."""
    return _run("pg_dump", "--format=custom", "--dbname", database)


def restore(database: str, backup: bytes) -> None:
    """Read a backup into an empty database; the first error ends it."""
    _run("pg_restore", "--exit-on-error", "--dbname", database, given=backup)


def _run(name: str, *arguments: str, given: bytes | None = None) -> bytes:
    done = subprocess.run([program(name), *arguments], input=given, capture_output=True, check=False)
    assert done.returncode == 0, f"{name}: {done.stderr.decode()[-2000:]}"
    return done.stdout


def marked(content: bytes, marks: tuple[str, ...]) -> list[str]:
    """Return which marks stand in there: as text of any case, in stored bytes, encoded, or as a bare hash."""
    whole = b"\n".join((content, *(bytes.fromhex(found.decode()[: len(found) // 2 * 2]) for found in _hex(content))))
    lower = whole.decode("utf-8", "replace").lower().encode()
    return [mark for mark in marks if any(form in lower or form in whole for form in _forms(mark))]


def _hex(content: bytes) -> Iterator[bytes]:
    return (found[1] for found in _HEXADECIMAL.finditer(content))


def _forms(mark: str) -> Iterator[bytes]:
    """Yield how a mark may be written: itself, quoted, in JSON, hashed, and in base 64 at any place."""
    for form in {mark, mark.lower()}:
        raw = form.encode()
        yield from (raw, quote(form).encode().lower(), form.encode("unicode_escape"))
        for digest in (md5, sha1, sha256):
            yield from (digest(raw).digest(), digest(raw).hexdigest().encode())
        for before in range(3):
            # The letters at either end depend on their neighbours; what is too short stands anywhere by chance.
            inner = b64encode(b"\0" * before + raw)[4 if before else 0 : -4]
            if len(inner) >= _TELLING:
                yield inner
