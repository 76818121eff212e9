"""The lead exchange on the command line."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console

from partnercrm.kernel import db
from partnercrm.kernel.errors import Invalid
from partnercrm.leads.actions import importing
from partnercrm.leads.schemas import ImportedLead


@click.command("leads")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    required=True,
    help="field=column, field:=constant, field~wrong=right, only=column:value|value or column:*; by commas.",
)
@click.option("--connector", required=True, help="The name of the system the file comes from.")
@click.option("--dry-run", is_flag=True, help="Check everything, apply nothing.")
@click.option("--token", envvar="PARTNERCRM_TOKEN", default="", help="An API token; better in PARTNERCRM_TOKEN.")
@with_appcontext
def import_leads(file: Path, mapping: str, connector: str, token: str, *, dry_run: bool) -> None:
    """Import leads from a CSV FILE, as the owner of the API token in PARTNERCRM_TOKEN."""
    actor = current_app.extensions["authenticator"].by_token(token)
    if actor is None or not actor.has("leads:write"):
        raise click.ClickException(_unfit(token, is_known=actor is not None))
    given = {"mapping": mapping, "connector": connector, "dry_run": dry_run}
    console = Console()
    try:
        with console.status(f"Reading {file.name} …"), db.transaction(actor), file.open("rb") as source:
            done = importing.import_leads(actor, source, given, read=ImportedLead().load)
    except Invalid as refusal:
        for error in refusal.errors:
            place = f"line {error.line}, column {error.column}: " if error.line else ""
            click.echo(f"{place}{error.field}: {error.message}", err=True)
        raise click.ClickException(str(refusal)) from refusal
    verb = "would be" if dry_run else "were"
    console.print(
        f"{done.rows} rows: {done.entered} leads {verb} entered, {done.updated} updated, {done.skipped} skipped."
    )


def _unfit(token: str, *, is_known: bool) -> str:
    if not token:
        return "Set PARTNERCRM_TOKEN to an API token with the scope leads:write."
    if not is_known:
        return "The API token in PARTNERCRM_TOKEN is not valid: mistyped, revoked or expired."
    return "The API token in PARTNERCRM_TOKEN lacks the scope leads:write."
