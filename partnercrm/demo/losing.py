"""What Acme's CRM tells in the morning: one customer lost alone, and one that was not lost after all."""

from datetime import datetime, timedelta
from typing import Final

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.actions import lost_elsewhere
from partnercrm.accounts.queries import introducing
from partnercrm.demo import markets
from partnercrm.demo.settling import SAM, Told
from partnercrm.kernel import db

_CRM: Final = "crm@acme.example"
_LOST, _REOPENED = "OPP-2041", "OPP-1987"


def lose(world: Told, now: datetime) -> None:
    """Tell of two companies that Sam lost and Globex has too; the second deal is open again by noon."""
    sam, crm = world.called(SAM), world.called(_CRM)
    keys = [one["external_id"] for one in markets.lists()["acme"] if one["owner"] == SAM]
    with db.transaction(sam, read_only=True):
        common = [
            key for key in keys if introducing.introductions(sam, accounts.account_under(sam, "crm", key).id).partners
        ]
    lost_on = {"lost_on": (now - timedelta(days=6)).date()}
    with db.transaction(crm):
        for key, deal in zip(common, (_LOST, _REOPENED), strict=False):
            lost_elsewhere.put_loss(crm, "crm", key, deal, lost_on)
        lost_elsewhere.retract_loss(crm, "crm", common[1], _REOPENED)
