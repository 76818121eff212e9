"""Identity on the command line: founding organizations, adding people, making tokens."""

import click
from flask.cli import with_appcontext

from partnercrm.identity import actions, queries
from partnercrm.identity.scopes import Role, scopes_of
from partnercrm.identity.secrets import new_token
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Refusal
from partnercrm.kernel.ids import new_id


@click.group("identity")
def identity() -> None:
    """Organizations, people and tokens."""


@identity.command("found")
@click.argument("organization")
@click.option("--name", required=True, help="The first administrator's name.")
@click.option("--email", required=True, help="The first administrator's mail address.")
@with_appcontext
def found(organization: str, name: str, email: str) -> None:
    """Found an ORGANIZATION with its first administrator; prints a first password."""
    password = new_token("password")
    actor = Actor.system(new_id())
    given = {"name": name, "email": email, "roles": [Role.ADMIN, Role.PARTNER_MANAGER], "password": password}
    with db.transaction(actor):
        actions.found_organization(actor, organization, [email.rpartition("@")[2]])
        actions.add_user(actor, given)
    click.echo(f"{organization} ({actor.organization_id}) was founded. {email} signs in with {password}")


@identity.command("token")
@click.option("--email", required=True, help="For whom the token acts.")
@click.option("--name", required=True, help="What the token is for.")
@with_appcontext
def token(email: str, name: str) -> None:
    """Make an API token with everything its owner may do; prints it once."""
    with db.transaction(None, read_only=True):
        accounts = queries.accounts_by_email(email)
    if len(accounts) != 1:
        raise click.ClickException(f"{len(accounts)} people sign in with {email}; there has to be one.")
    system = Actor.system(accounts[0].organization_id)
    try:
        with db.transaction(system):
            user = queries.user(system, accounts[0].user_id)
            scopes = scopes_of(user.roles)
            actor = Actor(system.organization_id, user.id, user.name, scopes=scopes)
            _made, secret = actions.make_token(actor, {"name": name, "scopes": sorted(scopes)})
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(secret)
