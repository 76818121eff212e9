"""What the house says, in the reader's language: programs read English, pages go through the translations."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import format_date, format_decimal, gettext

from partnercrm.kernel.errors import Told
from partnercrm.kernel.money import Money


def spoken(text: str) -> str:
    """Return a sentence of a refusal in the language of the page; unknown ones stay as they are."""
    if isinstance(text, Told):
        return str(gettext(text.sentence, **{name: _said(value) for name, value in text.values.items()}))
    return str(gettext(text)) if text else text


def _said(value: Any) -> Any:
    """Return a value of a sentence as pages write it: amounts with their currency's digits, days in the usual way."""
    if isinstance(value, Told):
        return spoken(value)
    if isinstance(value, Money):
        _, _, part = value.amount.partition(".")
        pattern = f"#,##0.{'0' * len(part)}" if part.strip("0") else "#,##0"
        return f"{format_decimal(Decimal(value.amount), pattern)} {value.currency}"
    if isinstance(value, date) and not isinstance(value, datetime):
        return format_date(value, "medium")
    return value
