"""Finding accounts while a person types: few, the one that was meant first."""

from collections.abc import Mapping, Sequence
from typing import Any

from partnercrm.accounts import queries
from partnercrm.accounts.models import Account
from partnercrm.accounts.ranking import closeness
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor


def hits(actor: Actor, given: Mapping[str, Any], most: int) -> Sequence[Account]:
    """Return the accounts closest to `q` among those the other filters leave, with their domains and numbers.

    Raises FiguresArePrivate where somebody else's are asked for.
    """
    sought: str = given["q"]
    rows = queries.whole(queries.filtered(actor, given))
    found = db.session().scalars(rows.order_by(Account.id).limit(queries.FOUND_MOST)).all()
    known = [
        (-closeness(sought, one.name, [*one.web_domains, *one.mail_domains]), one.name.lower(), str(one.id), one)
        for one in found
    ]
    return [one for *_, one in sorted(known, key=lambda hit: hit[:3])[:most]]
