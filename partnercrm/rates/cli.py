"""Exchange rates on the command line, for whoever runs the installation."""

import io
import zipfile
from pathlib import Path
from typing import Final

import click
from flask.cli import with_appcontext

from partnercrm.kernel import db
from partnercrm.kernel.errors import Invalid
from partnercrm.rates import actions, files

_MOST_BYTES: Final = 64 * 1024 * 1024


@click.command("rates")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def import_rates(file: Path) -> None:
    """Enter exchange rates from FILE: the European Central Bank's eurofxref-hist.csv, or the zip it comes in."""
    try:
        quotes = files.quotes(io.StringIO(_text(file), newline=""))
    except Invalid as refusal:
        for error in refusal.errors:
            place = f"line {error.line}, column {error.column}: " if error.line else ""
            click.echo(f"{place}{error.field}: {error.message}", err=True)
        raise click.ClickException("No rate was entered.") from refusal
    with db.transaction(None):
        done = actions.enter_rates(quotes)
    what = (
        f"Version {done.version}: {done.entries:,} rates are new or corrected." if done.version else "Nothing is new."
    )
    passed = f" Not current currencies, passed over: {', '.join(done.passed_over)}." if done.passed_over else ""
    click.echo(f"{what}{passed}")


def _text(file: Path) -> str:
    """Return the file's text, or that of the only CSV in it. ClickException when it cannot be read."""
    try:
        content = _unpacked(file) if zipfile.is_zipfile(file) else file.read_bytes()[: _MOST_BYTES + 1]
        if len(content) > _MOST_BYTES:
            raise click.ClickException("The file is larger than any table of rates.")
        return content.decode("utf-8-sig")
    except (zipfile.BadZipFile, UnicodeDecodeError, OSError) as error:
        raise click.ClickException(f"{file} can not be read: {error}") from error


def _unpacked(file: Path) -> bytes:
    with zipfile.ZipFile(file) as packed:
        tables = [name for name in packed.namelist() if name.lower().endswith(".csv")]
        if len(tables) != 1:
            raise click.ClickException(f"{file} must hold one CSV file; it holds {len(tables)}.")
        with packed.open(tables[0]) as table:
            return table.read(_MOST_BYTES + 1)
