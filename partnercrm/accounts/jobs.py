"""What becomes of whole lists of accounts in the background: looked through, counted, compared with a partner's."""

from uuid import UUID

from partnercrm.accounts.actions import epochs, flows, populations, recognising
from partnercrm.accounts.engine import DuckEngine
from partnercrm.activity import queries as activity
from partnercrm.kernel import db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.jobs import job


@job("accounts.find_duplicates")
def find_duplicates(organization_id: str) -> None:
    """Look through an organization's accounts for what seems to be one company twice."""
    actor, after, goes_on = Actor.system(UUID(organization_id)), None, True
    while goes_on:
        with db.transaction(actor):
            after = recognising.keep_stale_keys(actor, after)
        goes_on = after is not None
    with db.transaction(actor):
        recognising.find_pairs(actor)


@job("accounts.count_populations")
def count_populations(organization_id: str) -> None:
    """Count an organization's populations again."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        populations.count_again(actor)


@job("accounts.run_epochs", every="17 1 * * *")
def run_epochs() -> None:
    """Let every partnership be compared whose last epoch is long enough ago."""
    epochs.run_due()


@job("accounts.run_epoch")
def run_epoch(organization_id: str, partnership_id: str) -> None:
    """Compare what one partnership agreed on, if it is due."""
    epochs.run_epoch(Actor.system(UUID(organization_id)), UUID(partnership_id), DuckEngine())


@job("accounts.report_flows", every="29 3 * * *")
def report_flows() -> None:
    """Have reported, for every partnership, what flowed in the month that is over."""
    with db.transaction(None):
        tenants = activity.tenants(unsealed=False)
        for partnership_id, organization_id in sorted({pair[1]: pair[0] for pair in tenants if pair[1]}.items()):
            jobs.defer("accounts.report_month", organization_id, partnership_id=partnership_id)


@job("accounts.report_month")
def report_month(organization_id: str, partnership_id: str) -> None:
    """Report what flowed in one partnership, once."""
    actor = Actor.system(UUID(organization_id))
    with db.transaction(actor):
        flows.report_month(actor, UUID(partnership_id))


@job("accounts.forget_epochs", every="47 1 * * *")
def forget_epochs() -> None:
    """Forget how lists stood, and what was compared, more than a year ago."""
    epochs.forget_old()
