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


# Whom Acme invited in vain: from when to when, in days before now. By now retention has let the first two go.
_INVITED_IN_VAIN: Final = (("Jonas Brandt", 420, 415), ("Lea Wirth", 409, 403), ("Tomas Kolar", 370, 364.5))


def invite_in_vain(admin: Actor, now: datetime) -> None:
    """Invite people who did not come, and take the invitations back."""
    for name, invited, withdrawn in _INVITED_IN_VAIN:
        given = {"name": name, "email": f"{name.split()[0].lower()}@acme.example", "roles": ["seller"]}
        with clock.at(now - timedelta(days=invited)), db.transaction(admin):
            invitation = identity.invite_user(admin, given)
        with clock.at(now - timedelta(days=withdrawn)), db.transaction(admin):
            identity.withdraw_invitation(admin, invitation.id)


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
