"""The command line of the whole installation."""

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

import click
from pydantic import ValidationError

from partnercrm.kernel.starting import without_collecting
from partnercrm.settings import ROOT, Misconfigured, adopt, settings

if TYPE_CHECKING:
    from flask import Flask

MIGRATIONS = ROOT / "migrations"


class LaterGroup(click.Group):
    """A group that imports the commands other files hold only when one of them is asked for."""

    def __init__(self, *arguments: Any, later: Mapping[str, str] | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._later = dict(later or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*super().list_commands(ctx), *self._later])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name."""
        if cmd_name not in self._later:
            return super().get_command(ctx, cmd_name)
        module, _, name = self._later[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


def main() -> None:
    """Run the command line; what is wrong with the installation ends it with a sentence, not with a trace."""
    from partnercrm.kernel.postgres_programs import EmbeddedServerError

    try:
        cli(prog_name="partnercrm")
    except (EmbeddedServerError, Misconfigured) as error:
        sys.exit(str(error))
    except ValidationError as error:
        wrong = [f"  {'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_input=False)]
        sys.exit("\n".join(["These settings are wrong:", *wrong]))


LATER = {
    "identity": "partnercrm.identity.cli:identity",
    "setup-code": "partnercrm.identity.cli:setup_code",
}


@click.group(cls=LaterGroup, later=LATER)
@click.pass_context
def cli(context: click.Context) -> None:
    """Make a partnership measurable: shared leads, answers and figures both sides read alike."""
    from flask.cli import ScriptInfo

    context.obj = ScriptInfo(create_app=application)


IMPORTS = {
    "accounts": "partnercrm.integrations.cli:import_accounts",
    "leads": "partnercrm.integrations.cli:import_leads",
    "rates": "partnercrm.rates.cli:import_rates",
}


@cli.group("import", cls=LaterGroup, later=IMPORTS)
@click.pass_context
def import_(context: click.Context) -> None:
    """Bring other systems' data in."""
    from flask.cli import ScriptInfo

    # The web server's role may read rates, but not enter any.
    part: Literal["web", "worker"] = "worker" if context.invoked_subcommand == "rates" else "web"
    context.obj = ScriptInfo(create_app=lambda: application(part))


@cli.group(cls=LaterGroup, later={name: f"partnercrm.activity.cli:{name}" for name in ("heads", "verify")})
@click.pass_context
def audit(context: click.Context) -> None:
    """See that nobody changed what was recorded."""
    from flask.cli import ScriptInfo

    context.obj = ScriptInfo(create_app=lambda: application("worker"))


def application(part: Literal["web", "worker"] = "web") -> "Flask":
    """Return the application on the configured database, or on the folder's where only that is there."""
    join_installation()
    with without_collecting():
        from partnercrm.app import create_app

        return create_app(part)


def join_installation() -> None:
    """For the rest of the command, work on the folder's installation where nothing else is configured."""
    from partnercrm import installation

    click.get_current_context().find_root().with_resource(installation.joined())


@cli.command()
@click.option("--reset", is_flag=True, help="Throw the demo's data away and start anew.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port to try first; the setting when left out.")
@click.pass_context
def demo(context: click.Context, port: int | None, *, reset: bool) -> None:
    """Run a complete example: database, demo data, web server and job worker, on this machine only."""
    from partnercrm import installation, serving
    from partnercrm.kernel.postgres import erase

    if installation.kind() is installation.Kind.LOCAL:
        where = f"{installation.folder()} holds an installation of your own."
        raise click.ClickException(f"{where} Give the demo another folder in PARTNERCRM_DATA_DIRECTORY.")
    if reset:
        erase(installation.folder())
    context.exit(serving.run_demo(port))


@cli.command()
@click.pass_context
def serve(context: click.Context) -> None:
    """Run the web server on the configured database; without one, an installation of its own with all it needs."""
    from partnercrm import installation, serving

    if not installation.is_configured() and installation.kind() is not installation.Kind.DEMO:
        context.exit(serving.run_own())
    context.exit(serving.run_web_server(application()))


@cli.command()
def worker() -> None:
    """Run the job worker on the configured database."""
    application("worker")
    from partnercrm.kernel import jobs
    from partnercrm.kernel.roles import plain

    url = settings().worker_database_url
    if url is None:
        raise click.ClickException("Set PARTNERCRM_WORKER_DATABASE_URL.")
    jobs.work(plain(url))


@cli.command()
def migrate() -> None:
    """Bring the database up to date, as its owner."""
    from partnercrm.kernel.migrations import head, upgrade

    join_installation()
    url = settings().owner_database_url
    if url is None:
        raise click.ClickException("Set PARTNERCRM_OWNER_DATABASE_URL to a connection of the owner role.")
    upgrade(MIGRATIONS, url)
    click.echo(f"The database stands at migration {head(MIGRATIONS)}.")


@cli.group()
def database() -> None:
    """Prepare a PostgreSQL server of your own."""


@database.command()
def prepare() -> None:
    """Make the database and its roles, with the passwords that stand in the three connections; safe to repeat."""
    from sqlalchemy import make_url

    from partnercrm.kernel import roles

    given = settings()
    urls = dict(
        zip(roles.LOGINS, (given.owner_database_url, given.database_url, given.worker_database_url), strict=True)
    )
    lacking = [kind for kind, url in {"admin": given.admin_database_url, **urls}.items() if url is None]
    if lacking:
        raise click.ClickException(f"Set the connections of {', '.join(lacking)}; config/default.toml says how.")
    names = {make_url(str(url)).database for url in urls.values()}
    if len(names) != 1 or None in names:
        raise click.ClickException("The connections of owner, app and worker name different databases.")
    passwords = {kind: make_url(str(url)).password for kind, url in urls.items()}
    roles.prepare(str(given.admin_database_url), given.role_prefix, str(names.pop()), passwords)
    click.echo("The roles and the database stand. Next: partnercrm migrate.")


@cli.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Look for what is wrong with the installation and say what to do; status 1 when something is."""
    from partnercrm.doctor.examination import examine

    join_installation()
    found = list(examine(settings(), MIGRATIONS))
    for finding in found:
        click.echo(f"{finding.wrong}\n    {finding.remedy}")
    if found:
        context.exit(1)
    click.echo("Nothing is wrong.")


@cli.command()
@click.option("--rows", type=click.IntRange(1, 1_000_000), default=400, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def sample(rows: int, seed: int) -> None:
    """Print an invented CRM export to try an import on; the same for the same rows and seed."""
    from partnercrm.demo.generator import SAMPLE_UNTIL, export, written

    click.echo(written(export(rows, seed, SAMPLE_UNTIL)), nl=False)


@cli.command()
def openapi() -> None:
    """Print the API's OpenAPI document, as docs/openapi.json holds it; no database is asked."""
    from partnercrm.app import create_app
    from partnercrm.web.openapi import document

    if settings().database_url is None:
        adopt({"DATABASE_URL": "postgresql+psycopg://", "PARTNERCRM_SECRET_KEY": "nothing is signed here; 32 letters"})
    click.echo(document(create_app()), nl=False)


@cli.command()
def power() -> None:
    """Print which imbalances a window of leads can find, as docs/power.md holds it; no database is asked."""
    from partnercrm.leads.power import table

    click.echo(table(), nl=False)
