"""Identity on the command line: founding organizations, adding people, first passwords, making tokens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

import click
from flask.cli import with_appcontext
from marshmallow import Schema, ValidationError

from partnercrm.identity import actions, queries
from partnercrm.identity.schemas import AddUser, FoundOrganization, MakeToken
from partnercrm.identity.scopes import Role, scopes_of
from partnercrm.identity.secrets import new_token
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, Refusal
from partnercrm.kernel.ids import new_id
from partnercrm.web.writing import as_json

EMAIL: Final = "--email"
ROLES: Final = click.Choice([role.value for role in Role])


@click.group("identity")
def identity() -> None:
    """Organizations, people, passwords and tokens."""


@identity.command("found")
@click.argument("organization")
@click.option("--name", required=True, help="The first administrator's name.")
@click.option(EMAIL, required=True, help="The first administrator's mail address.")
@with_appcontext
def found(organization: str, name: str, email: str) -> None:
    """Found an ORGANIZATION with its first administrator; prints a first password."""
    roles = [Role.ADMIN, Role.PARTNER_MANAGER]
    person = {"name": name, "email": email, "roles": roles, "password": new_token("password")}
    given = _checked(FoundOrganization(), {"organization": organization}) | _checked(AddUser(), person)
    if _accounts(given["email"]):
        raise click.ClickException(f"Somebody signs in with {given['email']} already; found it with another address.")
    actor = Actor.system(new_id())
    with _refusals(), db.transaction(actor):
        actions.found_organization(actor, given["organization"], [given["email"].rpartition("@")[2]])
        actions.add_user(actor, given)
    click.echo(
        f"{given['organization']} ({actor.organization_id}) was founded."
        f" {given['email']} signs in with {given['password']}"
    )


@identity.command("add")
@click.option("--organization-of", "colleague", required=True, help="The mail address of somebody who is in it.")
@click.option(EMAIL, required=True, help="The new person's mail address.")
@click.option("--name", required=True, help="The new person's name.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=ROLES,
    help="May be repeated.",
)
@with_appcontext
def add(colleague: str, email: str, name: str, roles: tuple[str, ...]) -> None:
    """Add a person to an organization; prints a first password."""
    person = {"name": name, "email": email, "roles": sorted(set(roles)), "password": new_token("password")}
    given = _checked(AddUser(), person)
    system, _user_id = _account(colleague)
    with _refusals(), db.transaction(system):
        actions.add_user(system, given)
    click.echo(f"{given['email']} signs in with {given['password']}")


@identity.command("password")
@click.option(EMAIL, required=True, help="Who has lost their password.")
@with_appcontext
def password(email: str) -> None:
    """Give a person a new first password, print it, and end where they are signed in."""
    system, user_id = _account(email)
    fresh = new_token("password")
    with _refusals(), db.transaction(system):
        actions.reset_password(system, user_id, fresh)
    click.echo(f"{email} signs in with {fresh}")


@identity.command("token")
@click.option(EMAIL, required=True, help="For whom the token acts.")
@click.option("--name", required=True, help="What the token is for.")
@with_appcontext
def token(email: str, name: str) -> None:
    """Make an API token with everything its owner may do; prints it once."""
    system, user_id = _account(email)
    with _refusals(), db.transaction(system):
        user = queries.user(system, user_id)
        scopes = scopes_of(user.roles)
        actor = Actor(system.organization_id, user.id, user.name, scopes=scopes)
        given = _checked(MakeToken(), {"name": name, "scopes": sorted(scopes)})
        _made, secret = actions.make_token(actor, given)
    click.echo(secret)


@click.command("setup-code")
@with_appcontext
def setup_code() -> None:
    """Print the code that opens the set-up page of an installation without an organization."""
    code = actions.waiting_code()
    if code is None:
        raise click.ClickException(
            "This installation is set up already; found further organizations by identity found."
        )
    click.echo(code)


def _accounts(email: str) -> list[tuple[UUID, UUID]]:
    with db.transaction(None, read_only=True):
        return [(found.organization_id, found.user_id) for found in queries.accounts_by_email(email)]


def _account(email: str) -> tuple[Actor, UUID]:
    """Return the organization's own hand and the id of the one person who signs in with this address."""
    accounts = _accounts(email)
    if len(accounts) != 1:
        raise click.ClickException(f"{len(accounts)} people sign in with {email}; there has to be one.")
    organization_id, user_id = accounts[0]
    return Actor.system(organization_id), user_id


def _checked(shape: Schema, given: Mapping[str, Any]) -> dict[str, Any]:
    """Read what was given by the shape the API reads it by; every wrong option is named in a sentence."""
    try:
        read: dict[str, Any] = shape.load(given)
    except ValidationError as error:
        said = [f"{name}: {' '.join(sentences)}" for name, sentences in error.messages_dict.items()]
        raise click.ClickException("\n".join(said)) from error
    return read


@contextmanager
def _refusals() -> Iterator[None]:
    """End the command with the refusal's own sentences."""
    try:
        yield
    except Refusal as refusal:
        wrong = refusal.errors if isinstance(refusal, Invalid) else ()
        said = [f"{error.field}: {error.message}" for error in wrong] or [str(refusal)]
        raise click.ClickException("\n".join(said)) from refusal


@identity.command("export")
@click.option("--organization", type=click.UUID, required=True, help="The organization that keeps the person's data.")
@click.option(EMAIL, required=True, help="The person's mail address: a colleague's or a contact's.")
@with_appcontext
def export(organization: UUID, email: str) -> None:
    """Write out everything an organization keeps of a person, one JSON object a line."""
    actor = Actor.system(organization)
    with _refusals(), db.transaction(actor):
        found = actions.export_person(actor, email)
    for kind, rows in found.kept.items():
        for row in rows:
            click.echo(as_json({"kind": kind} | dict(row)))
    for kind in found.cut_off:
        click.echo(f"There is more of {kind} than is written.", err=True)


@identity.command("erase")
@click.option("--organization", type=click.UUID, required=True, help="The organization that keeps the person's data.")
@click.option(EMAIL, required=True, help="The person's mail address: a colleague's or a contact's.")
@click.confirmation_option(prompt="What is erased does not come back. Erase this person?")
@with_appcontext
def erase(organization: UUID, email: str) -> None:
    """Erase a person from everything an organization keeps, and from the copies at its partners."""
    actor = Actor.system(organization)
    with _refusals(), db.transaction(actor):
        done = actions.erase_person(actor, email)
    click.echo(
        f"Erased: {done.users} accounts, contacts of {done.leads} leads and {done.offers} offers,"
        f" {done.activities} rows of the record."
    )
