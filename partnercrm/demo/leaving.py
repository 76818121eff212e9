"""Who comes and who goes in the demo: an open invitation, and a seller who left and handed over."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from partnercrm.identity import actions as identity
from partnercrm.identity.scopes import scopes_of
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.actions import keeping
from partnercrm.partnerships import actions as partnerships
from partnercrm.partnerships.models import MemberRole

LEAVER: Final = "Rolf Adler"
_LEFT_LEADS: Final = (("Brightwater Mills", "Harbor 900"), ("Tidewell Freight", "Kite Pro"))


def come_and_go(admin: Actor, manager: Actor, successor_id: UUID, partnership_id: UUID, now: datetime) -> None:
    """Let a seller join, enter leads, leave and hand over to a colleague; let somebody be invited in their place."""
    person = {"name": LEAVER, "email": "rolf@acme.example", "roles": ["seller"], "password": "gone before anybody asks"}
    with clock.at(now - timedelta(days=90)), db.transaction(admin):
        leaver = identity.add_user(admin, person)
    with clock.at(now - timedelta(days=89)), db.transaction(manager):
        partnerships.name_member(manager, partnership_id, {"user_id": leaver.id, "role": MemberRole.SELLER})
    rolf = Actor(admin.organization_id, leaver.id, LEAVER, scopes=scopes_of(person["roles"]))
    for company, need in _LEFT_LEADS:
        with clock.at(now - timedelta(days=20)), db.transaction(rolf):
            keeping.enter_lead(rolf, {"company_name": company, "need": need})
    with clock.at(now - timedelta(days=4)), db.transaction(admin):
        identity.close_account(admin, leaver.id, successor_id)
    invited = {"name": "Mila Novak", "email": "mila@acme.example", "roles": ["seller"]}
    with clock.at(now - timedelta(days=1)), db.transaction(admin):
        identity.invite_user(admin, invited)
