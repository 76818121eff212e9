"""Taking back from a partner what it knows of an account, field by field, at once and everywhere; and undoing it."""

from typing import Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.actions.joint import OF_ANOTHER, decides
from partnercrm.accounts.joint import JointStatus
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.joint import JointAccount, JointAccountDomain, JointAccountNumber
from partnercrm.accounts.models.withheld import WithheldField
from partnercrm.accounts.queries import joint
from partnercrm.accounts.queries import receipts as queries
from partnercrm.accounts.queries.receipts import Receipts
from partnercrm.accounts.queries.withheld import hold_epochs
from partnercrm.accounts.receipts import Told
from partnercrm.activity.actions import record
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound
from partnercrm.partnerships import queries as partnerships

NOT_JOINED: Final = "You are not a member of such a partnership."


def withhold_field(actor: Actor, account_id: UUID, partnership_id: UUID, field: Told) -> Receipts:
    """Take a field of an account back from a partner, whatever told it, and tell it no more until that is undone.

    Of a company that both have, the same field of the partner's is not read any more either. A joint account whose name
    is taken back is closed. Raises NotFound, Invalid.
    """
    account = _held(actor, account_id, partnership_id)
    added = insert(WithheldField).values(
        organization_id=actor.organization_id,
        partnership_id=partnership_id,
        account_id=account_id,
        field=field.value,
        withheld_at=clock.now(),
    )
    db.session().execute(added.on_conflict_do_nothing())
    for one in queries.joint_sides_of(actor, account, partnership_id):
        _say_which(actor, one, account)
        _take_back(actor, one, field)
    record(actor, "account.field_withheld", account, field=field.value)
    return queries.receipts(actor, account_id)


def tell_field_again(actor: Actor, account_id: UUID, partnership_id: UUID, field: Told) -> Receipts:
    """Withhold a field no longer: what is agreed to be told of it is told from the next comparison on.

    Only who decides what a partner reads of the account may; any colleague takes back. Raises NotFound, Invalid.
    """
    account = _held(actor, account_id, partnership_id)
    if not decides(actor, account):
        raise Invalid.field("field", OF_ANOTHER)
    kept = (
        WithheldField.organization_id == actor.organization_id,
        WithheldField.partnership_id == partnership_id,
        WithheldField.account_id == account_id,
        WithheldField.field == field.value,
    )
    db.session().execute(delete(WithheldField).where(*kept).execution_options(synchronize_session=False))
    record(actor, "account.field_told_again", account, field=field.value)
    return queries.receipts(actor, account_id)


def _held(actor: Actor, account_id: UUID, partnership_id: UUID) -> Account:
    """Return an account; until the transaction ends no epoch tells anything of it. Raises NotFound, Invalid."""
    account = accounts.account(actor, account_id).account
    try:
        partnerships.held_partnership(actor, partnership_id)
    except NotFound as error:
        raise Invalid.field("partnership_id", NOT_JOINED) from error
    hold_epochs(partnership_id)
    return account


def _say_which(actor: Actor, one: JointAccount, account: Account) -> None:
    """Keep which account a joint account is, where nobody said: without name and domains it would be found no more."""
    side = joint.own_side(actor, one.id)
    if side is not None and side.account_id is None:
        side.account_id = account.id
        db.session().flush()


def _take_back(actor: Actor, one: JointAccount, field: Told) -> None:
    """Take back what one's own side told of a field by a joint account; the name takes the rest of it along."""
    fields = {Told.NAME, Told.CITY, Told.COUNTRY, Told.DOMAIN, Told.NUMBER} if field is Told.NAME else {field}
    if one.opened_by == actor.organization_id:
        for name in fields & {Told.CITY, Told.COUNTRY}:
            setattr(one, name.value, None)
        if Told.NAME in fields:
            _close_unnamed(one)
    for model, told in ((JointAccountDomain, Told.DOMAIN), (JointAccountNumber, Told.NUMBER)):
        if told in fields:
            mine = model.joint_account_id == one.id, model.told_by == actor.organization_id
            db.session().execute(delete(model).where(*mine).execution_options(synchronize_session=False))
    one.updated_at = clock.now()
    db.session().flush()
    record(actor, "joint_account.taken_back", one)


def _close_unnamed(one: JointAccount) -> None:
    one.name = None
    if one.status is not JointStatus.CLOSED:
        one.status, one.closed_at = JointStatus.CLOSED, clock.now()
