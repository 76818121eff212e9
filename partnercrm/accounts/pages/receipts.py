"""What partners know of an account as pages: its receipts, and how it looks to a partner."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.actions import withholding
from partnercrm.accounts.actions.joint import decides
from partnercrm.accounts.models import Account
from partnercrm.accounts.pages.blueprint import pages
from partnercrm.accounts.pages.joint import partners, shown_to
from partnercrm.accounts.queries import joint
from partnercrm.accounts.queries import receipts as queries
from partnercrm.accounts.receipts import Receipt, Through, Told
from partnercrm.accounts.schemas.receipts import WithholdField
from partnercrm.accounts.words import TOLD
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.web import frame
from partnercrm.web.page import Form


@pages.show("/accounts/<uuid:account_id>/receipts", scope="accounts:read")
def receipts(actor: Actor, account_id: UUID, form: Form | None = None) -> str:
    """Show what partners know of an account, and what they are told no longer."""
    found = queries.receipts(actor, account_id)
    account = accounts.account(actor, account_id).account
    frame.stand_under("accounts_pages.accounts")
    return render_template(
        "accounts/receipts.html",
        account=account,
        found=found,
        partners=partners(actor),
        words=TOLD,
        taken_back={field.value for field in Told},
        stays={Through.OFFER, Through.REGISTRATION},
        links=_links(actor, found.receipts),
        sees_all=actor.has("leads:all"),
        may_change=actor.has("accounts:write"),
        may_tell=actor.has("accounts:write") and decides(actor, account),
        form=form or Form(),
    )


def _links(actor: Actor, told: Sequence[Receipt]) -> dict[Receipt, Markup]:
    """Return what slices above accounts link receipts to, each way asked for once."""
    shown = {(one.through, one.through_id): one for one in told}
    found = {way: frame.panels("receipt", actor, one) for way, one in shown.items()}
    return {one: found[one.through, one.through_id][0] for one in told if found[one.through, one.through_id]}


@pages.act("/accounts/<uuid:account_id>/withhold", scope="accounts:write", again=receipts)
def withhold_field(actor: Actor, account_id: UUID, form: Form) -> str:
    """Take a field back from a partner."""
    given = form.load(WithholdField)
    withholding.withhold_field(actor, account_id, given["partnership_id"], given["field"])
    flash(_("It is taken back; your partner reads it no longer."))
    return url_for("accounts_pages.receipts", account_id=account_id)


@pages.act("/accounts/<uuid:account_id>/tell-again", scope="accounts:write", again=receipts)
def tell_field_again(actor: Actor, account_id: UUID, form: Form) -> str:
    """Withhold a field no longer."""
    given = form.load(WithholdField)
    withholding.tell_field_again(actor, account_id, given["partnership_id"], given["field"])
    flash(_("It is withheld no longer; what you agreed to tell of it is told after the next comparison."))
    return url_for("accounts_pages.receipts", account_id=account_id)


@pages.show("/partnerships/<uuid:partnership_id>/accounts/<uuid:account_id>/as-partner", scope="accounts:read")
def account_as_partner(actor: Actor, partnership_id: UUID, account_id: UUID) -> str:
    """Show what a partner reads of an account, by the partner's own queries."""
    partnership = partnerships.joined_partnership(actor, partnership_id)
    frame.stand_under("accounts_pages.accounts")
    return render_template(
        "accounts/as_partner.html",
        account=accounts.account(actor, account_id).account,
        partner=partnership.name_of(partnership.other(actor.organization_id)),
        found=queries.as_partner(actor, account_id, partnership_id),
        others=frame.panels("account as partner", actor, _beside(actor, account_id, partnership_id)),
    )


def _beside(actor: Actor, account_id: UUID, partnership_id: UUID) -> list[Receipt]:
    """Return one receipt of everything that told this partner of an account."""
    told = [one for one in queries.receipts(actor, account_id).receipts if one.partnership_id == partnership_id]
    return list({one.through_id: one for one in told}.values())


@pages.show("/joint-accounts/<uuid:joint_account_id>/as-partner", scope="accounts:read")
def joint_account_as_partner(actor: Actor, joint_account_id: UUID) -> str:
    """Show the page of a joint account as it is made for a partner: by the same code, behind our own walls."""
    found = joint.joint_account(actor, joint_account_id)
    return shown_to(queries.in_name_of_partner(actor, found.partnership_id), joint_account_id, as_partner=True)


@pages.panel("account beside", rank=2)
def known_to_partners(actor: Actor, account: Account, form: Form) -> str | None:
    """Lead from an account to what partners know of it."""
    return render_template("accounts/receipts_panel.html", account=account) if actor.partnership_ids else None
