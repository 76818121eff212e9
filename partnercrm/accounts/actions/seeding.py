"""Keeping made-up companies beside a side's lists, so that a list which was taken shows when it is compared."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from partnercrm.accounts.domains import DomainKind
from partnercrm.accounts.models import Account, AccountDomain
from partnercrm.accounts.relationships import Relationship
from partnercrm.accounts.seeds import EACH, RENEWED, invented
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import random_id
from partnercrm.settings import settings


def renew_seeds(actor: Actor, partnership_id: UUID, now: datetime) -> None:
    """Let the actor's side have its made-up companies for a partner, none of them older than a quarter of a year.

    They stand in no list, no search and no file of anybody's; only an epoch compares the partner's lists with them.
    """
    mine = Account.organization_id == actor.organization_id, Account.seeded_for == partnership_id
    worn = delete(Account).where(*mine, Account.created_at < now - RENEWED)
    db.session().execute(worn.execution_options(synchronize_session=False))
    standing = db.session().execute(select(func.count()).select_from(Account).where(*mine)).scalar_one()
    for _ in range(EACH - standing):
        _seed(actor, partnership_id, now)
    db.session().flush()


def _seed(actor: Actor, partnership_id: UUID, now: datetime) -> None:
    made, account_id = invented(secrets.choice, settings().seed_suffix), random_id()
    facts = {"name": made.name, "relationship": Relationship.CUSTOMER, "seeded_for": partnership_id}
    db.session().add(
        Account(id=account_id, organization_id=actor.organization_id, created_at=now, updated_at=now, **facts)
    )
    db.session().flush()
    at = {"account_id": account_id, "domain": made.domain, "kind": DomainKind.WEB}
    db.session().add(AccountDomain(id=random_id(), organization_id=actor.organization_id, **at))
