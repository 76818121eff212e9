"""What seems to be here twice: pairs to decide on, an account's own likenesses, merging and parting."""

from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.accounts import schemas
from partnercrm.accounts.actions import merging, recognising
from partnercrm.accounts.models import Account
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.pages.looking import account
from partnercrm.accounts.queries import duplicates
from partnercrm.kernel.actor import Actor
from partnercrm.web.page import Form


@pages.show("/accounts/duplicates", scope="accounts:read")
def pairs(actor: Actor, form: Form | None = None) -> str:
    """Show the pairs of accounts that seem to be one company."""
    asked = Form.asked()
    found = duplicates.pairs(actor, asked.load(schemas.PairQuery))
    first_url, next_url = asked.pages("accounts_pages.pairs", found.next)
    return render_template(
        "accounts/pairs.html",
        pairs=found.items,
        status=asked.values.get("status", "open"),
        first_url=first_url,
        next_url=next_url,
    )


@pages.act("/accounts/duplicates", scope="accounts:write", again=pairs)
def find_pairs(actor: Actor, form: Form) -> str:
    """Look through all accounts."""
    recognising.look_for_pairs(actor)
    flash(_("All accounts are being looked through; what is found stands here shortly."))
    return url_for("accounts_pages.pairs")


@pages.act("/account-pairs/<uuid:pair_id>/merge", scope="accounts:write", again=pairs)
def merge_pair(actor: Actor, pair_id: UUID, form: Form) -> str:
    """Merge the two accounts of a pair into the one chosen."""
    pair = duplicates.pair(actor, pair_id)
    survivor_id, other_id = pair.first_id, pair.second_id
    if form.values.get("keep") == str(other_id):
        survivor_id, other_id = other_id, survivor_id
    merging.merge_accounts(actor, survivor_id, other_id)
    flash(_("The two are one account now; on its page this can be undone."))
    return url_for("accounts_pages.pairs")


@pages.act("/account-pairs/<uuid:pair_id>/reject", scope="accounts:write", again=pairs)
def reject_pair(actor: Actor, pair_id: UUID, form: Form) -> str:
    """Remember that these are two companies."""
    merging.reject_pair(actor, pair_id)
    flash(_("These two are not proposed again."))
    return url_for("accounts_pages.pairs")


@pages.act("/accounts/<uuid:account_id>/merge", scope="accounts:write", again=account)
def merge_accounts(actor: Actor, account_id: UUID, form: Form) -> str:
    """Merge another account into this one."""
    merging.merge_accounts(actor, account_id, form.load(schemas.MergeAccounts)["other_id"])
    flash(_("The two are one account now; this can be undone."))
    return url_for("accounts_pages.account", account_id=account_id)


@pages.act("/account-merges/<uuid:merge_id>/undo", scope="accounts:write", again=pairs)
def undo_merge(actor: Actor, merge_id: UUID, form: Form) -> str:
    """Part two accounts again."""
    parted = merging.undo_merge(actor, merge_id)
    flash(_("The two are apart again."))
    return url_for("accounts_pages.account", account_id=parted.survivor_id)


@pages.panel("account beside")
def likenesses(actor: Actor, seen: Account, form: Form) -> str | None:
    """Say of an account what seems to be the same company, and what was merged into it."""
    alike, merges = duplicates.alike(actor, duplicates.known(seen)), duplicates.merged_into(actor, seen)
    if not alike and not merges:
        return None
    return render_template("accounts/likenesses.html", account=seen, alike=alike, merges=merges)
