"""The page on which one's own side keeps something of a deal for itself."""

from typing import Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.deals.actions import keeping
from partnercrm.deals.models.books import Forecast
from partnercrm.deals.pages.blueprint import pages
from partnercrm.deals.pages.selling import whole
from partnercrm.deals.queries import books, selling
from partnercrm.deals.queries.books import Book
from partnercrm.deals.schemas.books import KeepBook
from partnercrm.kernel.actor import Actor
from partnercrm.web import frame
from partnercrm.web.page import Form

_NOTHING: Final = dict.fromkeys(("own_stage", "forecast", "value", "price", "notes"))


@pages.show("/deals/<uuid:deal_id>/book", scope="deals:write")
def deal_book(actor: Actor, deal_id: UUID, form: Form | None = None) -> str:
    """Show the form of what our side keeps of a deal."""
    seen, book = selling.deal(actor, deal_id), books.book(actor, deal_id)
    frame.stand_under("deals_pages.deals")
    return render_template(
        "deals/deal_book.html",
        one=seen,
        book=book,
        forecasts=frame.choices(Forecast),
        form=form or Form(_as_it_stands(book, seen.currency)),
    )


@pages.act("/deals/<uuid:deal_id>/book", scope="deals:write", again=deal_book)
def keep_deal_book(actor: Actor, deal_id: UUID, form: Form) -> str:
    """Keep something of the deal for our side alone; a field that was emptied is empty from now on."""
    given = _NOTHING | whole(form.without("version")).load(KeepBook)
    keeping.keep_book(actor, deal_id, given, form.values.get("version", ""))
    flash(_("Kept; only your side reads it."))
    return url_for("deals_pages.deal", deal_id=deal_id)


def _as_it_stands(book: Book, currency: str) -> dict[str, str]:
    values = {"own_stage": book.own_stage, "forecast": book.forecast and book.forecast.value, "notes": book.notes}
    for name, money in (("value", book.value), ("price", book.price)):
        values[f"{name}.amount"] = money and money.amount
        values[f"{name}.currency"] = money.currency if money else currency
    return {name: value for name, value in values.items() if value}
