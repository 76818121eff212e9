"""Imports on the command line: the same way as on the pages, with a bar that tells how far it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from marshmallow import ValidationError
from rich.console import Console
from rich.progress import Progress

from partnercrm.integrations.actions import applying, checking, deciding, uploading
from partnercrm.integrations.contents import ACCOUNTS, LEADS, Kind
from partnercrm.integrations.models import FileImport, ImportState
from partnercrm.integrations.queries import imports
from partnercrm.integrations.reading import ENCODINGS, DateForm, DecimalMark
from partnercrm.integrations.schemas import SendFile, row_reader
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid
from partnercrm.leads.errors import RowsRefused
from partnercrm.web.parsing import field_errors

_OPTIONS: Final = (
    click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    click.option(
        "--mapping",
        help="field=column, field:=constant, field~wrong=right, only=column:value|value or column:*; by commas. "
        "As the last time, or from the columns' names, when left out.",
    ),
    click.option("--connector", required=True, help="The name of the system the file comes from."),
    click.option("--encoding", type=click.Choice(ENCODINGS), help="In which encoding the file is written."),
    click.option(
        "--decimal-mark", type=click.Choice([mark.value for mark in DecimalMark]), help="How amounts are written."
    ),
    click.option("--date-form", type=click.Choice([form.value for form in DateForm]), help="How days are written."),
    click.option("--dry-run", is_flag=True, help="Check everything, apply nothing."),
    click.option("--leave-out", is_flag=True, help="Enter the other rows when some are wrong."),
    click.option("--token", envvar="PARTNERCRM_TOKEN", default="", help="An API token; better in PARTNERCRM_TOKEN."),
)


def _takes_a_file(function: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@click.command("leads")
@_takes_a_file
@with_appcontext
def import_leads(**given: Any) -> None:
    """Import leads from a CSV FILE, as the owner of the API token in PARTNERCRM_TOKEN."""
    _import(LEADS, **given)


@click.command("accounts")
@_takes_a_file
@with_appcontext
def import_accounts(**given: Any) -> None:
    """Import accounts from a CSV FILE, as the owner of the API token in PARTNERCRM_TOKEN."""
    _import(ACCOUNTS, **given)


def _import(kind: Kind, *, file: Path, token: str, dry_run: bool, leave_out: bool, **written: str | None) -> None:
    actor = current_app.extensions["authenticator"].by_token(token)
    if actor is None or not actor.has(kind.scope):
        raise click.ClickException(_unfit(token, kind, is_known=actor is not None))
    sent = {name: value for name, value in written.items() if value} | {"kind": kind.name.value}
    try:
        done = _imported(actor, file, sent, {"dry_run": dry_run, "leave_out": leave_out})
    except Invalid as refusal:
        for error in refusal.errors:
            place = f"line {error.line}, column {error.column}: " if error.line else ""
            click.echo(f"{place}{error.field}: {error.message}", err=True)
        raise click.ClickException(str(refusal)) from refusal
    verb = "would be" if dry_run else "were"
    Console().print(
        f"{done.rows} rows: {done.entered} {kind.name} {verb} entered, {done.updated} updated, "
        f"{done.unchanged} unchanged, {done.skipped} skipped, {done.wrong} left out.",
        soft_wrap=True,
    )


def _imported(actor: Actor, file: Path, sent: dict[str, str], how: dict[str, bool]) -> FileImport:
    """Send the file and do at once what the worker would do; whoever of both is there first does it."""
    try:
        given = SendFile().load(sent)
    except ValidationError as error:
        raise Invalid(field_errors(error)) from error
    with db.transaction(actor), file.open("rb") as source:
        one = uploading.send_file(actor, source, file.name, given)
        deciding.start_import(actor, one.id, how)
    _run(actor, one.id)
    with db.transaction(actor, read_only=True):
        one = imports.file_import(actor, one.id)
        wrong_rows = imports.wrong_rows_after(one, 0, imports.SHOWN) if one.state is ImportState.CHECKED else ()
    if one.problem:
        raise Invalid([FieldError("file", one.problem)])
    if wrong_rows and not (how["dry_run"] and how["leave_out"]):
        faults = [(row.line, fault) for row in wrong_rows for fault in row.told]
        raise RowsRefused(
            [FieldError(fault.field, fault.message, line=line, column=fault.column) for line, fault in faults]
        )
    return one


def _run(actor: Actor, import_id: UUID) -> None:
    system = Actor.system(actor.organization_id)
    with db.transaction(system):
        way = checking.checking(system, import_id, row_reader)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task, goes_on = bar.add_task("Checking", total=100), True
        while goes_on:
            with db.transaction(system):
                goes_on = way.piece()
                bar.update(task, completed=imports.import_at_work(system, import_id).percent)
        bar.update(task, description="Entering")
        with db.transaction(system):
            applying.apply_import(system, import_id)


def _unfit(token: str, kind: Kind, *, is_known: bool) -> str:
    if not token:
        return f"Set PARTNERCRM_TOKEN to an API token with the scope {kind.scope}."
    if not is_known:
        return "The API token in PARTNERCRM_TOKEN is not valid: mistyped, revoked or expired."
    return f"The API token in PARTNERCRM_TOKEN lacks the scope {kind.scope}."
