"""What a partnership is by its deals, as a page: what two quarters show, when partners come in, joint beside own."""

from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from partnercrm.deals.actions import baselining as actions
from partnercrm.deals.baselines import Against
from partnercrm.deals.living import Finding, Lived
from partnercrm.deals.pages.blueprint import pages
from partnercrm.deals.pages.selling import whole
from partnercrm.deals.queries import baselines, involving
from partnercrm.deals.queries.baselines import OwnSales
from partnercrm.deals.schemas.showing import LateInvolvementQuery, LateInvolvementView, OwnSalesView, StateSalesBaseline
from partnercrm.deals.stages import OPEN_STAGES
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.leads.spans import Span
from partnercrm.partnerships.models import Partnership
from partnercrm.web import frame
from partnercrm.web.page import Form

_WINDOWS: Final = (6, 12, 24, 36)


@pages.show("/partnerships/<uuid:partnership_id>/selling", scope="reports:read")
def selling(actor: Actor, partnership_id: UUID, form: Form | None = None) -> str:
    """Show what the partnership is by its deals."""
    filters = Form.asked()
    asked = filters.load(LateInvolvementQuery)
    told = involving.late_involvement(actor, partnership_id, asked["months"], asked.get("as_of"))
    lived = involving.lived(actor, partnership_id, asked.get("as_of")).lived
    own = baselines.own_sales(actor, partnership_id, asked["months"])
    frame.stand_under("partnerships_pages.partnerships")
    return render_template(
        "deals/selling_together.html",
        partnership=told.partnership,
        partner=told.partnership.name_of(told.partnership.other(actor.organization_id)),
        late=LateInvolvementView().dump(told),
        own=OwnSalesView().dump(own),
        worth=own.values,
        stated=own.baseline,
        beside=[_beside(*one) for one in _beside_each(own)],
        lived=lived,
        stages=[frame.words(stage) for stage in OPEN_STAGES],
        said=_said(lived),
        quarters=[(_quarter(one.months), one) for one in lived.quarters],
        windows=[(str(months), _("%(count)s months", count=months)) for months in _WINDOWS],
        filters=Form({"months": str(asked["months"])}),
        form=form or Form(_stated(own)),
    )


@pages.act("/partnerships/<uuid:partnership_id>/sales-baseline", scope="partnerships:write", again=selling)
def state_sales_baseline(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """State what our side wins alone."""
    try:
        given = whole(form).load(StateSalesBaseline)
    except Invalid as refusal:
        on_page = {"value": "value.amount"}
        raise Invalid([one._replace(field=on_page.get(one.field, one.field)) for one in refusal.errors]) from refusal
    actions.state_sales_baseline(actor, partnership_id, given)
    flash(_("The baseline is kept; only your side reads it."))
    return url_for("deals_pages.selling", partnership_id=partnership_id)


@pages.panel("partnership", rank=2)
def selling_together(actor: Actor, partnership: Partnership) -> str | None:
    """Lead from a partnership to what it is by its deals."""
    if partnership.id not in actor.partnership_ids or partnership.has_ended or not actor.has("reports:read"):
        return None
    said = _said(involving.lived(actor, partnership.id).lived)
    return render_template("deals/partnership_panel.html", partnership=partnership, said=said)


def _said(lived: Lived) -> str:
    """Say in one sentence what is shown beside what is claimed."""
    shown, claimed = (frame.words(one) if one else "" for one in (lived.shown, lived.claimed))
    sentences = {
        Finding.AS_CLAIMED: _("The last two quarters show what you agreed on: “%(claimed)s”.", claimed=claimed),
        Finding.LESS: _(
            "You agreed on “%(claimed)s”; the last two quarters show “%(shown)s”. Look at what is missing below.",
            claimed=claimed,
            shown=shown,
        ),
        Finding.NOTHING_CLAIMED: _(
            "The last two quarters show “%(shown)s”. The terms do not say what kind of partnership it is to be.",
            shown=shown,
        ),
        Finding.TOO_EARLY: _("Once two whole quarters are over, it is said here what they show."),
    }
    return str(sentences[lived.finding])


def _quarter(months: Span) -> str:
    """Name a quarter, as readers of the language do."""
    return str(format_date(months.begins_at, "QQQ y")) if months.begins_at else ""


def _beside_each(own: OwnSales) -> list[tuple[str, Against, str]]:
    return [
        (str(_("How often a deal is won")), own.rate, "rate"),
        (str(_("What a won deal is worth")), own.value, "value"),
        (str(_("Days to win a deal")), own.duration, "days"),
    ]


def _beside(label: str, against: Against, key: str) -> dict[str, Any]:
    return {"label": label, "against": against, "key": key}


def _stated(own: OwnSales) -> dict[str, str]:
    """Return what was stated, to be changed and not typed again."""
    one = own.baseline
    if one is None:
        return {}
    value = {"value.amount": one.value.amount, "value.currency": one.value.currency} if one.value else {}
    days = {} if one.days is None else {"days": str(one.days)}
    return {"won": str(one.won), "lost": str(one.lost)} | value | days
