"""Making the keys of offered leads anew after their rule has changed: piece by piece, each a transaction of its own."""

from collections.abc import Iterator, Sequence

from sqlalchemy import update

from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.leads.companies import KEYS_VERSION, Keys, made_anew
from partnercrm.leads.models import OfferDetails
from partnercrm.leads.queries import same

PIECE = 500


def make_keys_anew(actor: Actor) -> Iterator[int]:
    """Make the keys of what the actor's organization gave anew; yield after each piece how many are left.

    A run that was killed goes on where it stopped: what was made anew is known by its version.
    """
    while True:
        with db.transaction(actor):
            piece = same.kept_by_an_earlier_rule(actor, PIECE)
            _enter(piece)
            left = same.count_of_an_earlier_rule(actor) if piece else 0
        if not piece:
            return
        yield left


def _enter(piece: Sequence[OfferDetails]) -> None:
    for one in piece:
        keys = made_anew(one.company_name, one.company_domain, Keys(one.company_key, one.name_key))
        values = {"company_key": keys.company, "name_key": keys.name, "keys_version": KEYS_VERSION}
        changed = update(OfferDetails).where(OfferDetails.offer_id == one.offer_id).values(values)
        db.session().execute(changed.execution_options(synchronize_session=False))
