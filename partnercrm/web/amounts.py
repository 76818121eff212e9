"""Amounts as a person writes them in a form: with the separators that pages print in the visitor's language."""

import re
from decimal import Decimal

from babel import Locale
from babel.numbers import (
    NumberFormatError,
    format_decimal,
    get_decimal_symbol,
    get_group_symbol,
    parse_decimal,
)
from flask_babel import gettext as _

from partnercrm.kernel import money
from partnercrm.kernel.money import Money


def plain(written: str, currency: str, locale: Locale) -> str:
    """Return the amount as the API takes it; ValueError when it is not one, or could be read in two ways."""
    group, point = get_group_symbol(locale), get_decimal_symbol(locale)
    tidy = re.sub(r"\s", group, written) if group.isspace() else written
    in_two_ways = re.fullmatch(rf"([0-9]{{1,3}}){re.escape(point)}([0-9]{{3}})", tidy)
    if in_two_ways and not (money.is_currency(currency) and money.exponent(currency) >= len(in_two_ways[2])):
        whole, part = in_two_ways.groups()
        few = f"{whole}{point}{part[:2]}"
        raise ValueError(_("This can be read in two ways. Write %(many)s or %(few)s.", many=whole + part, few=few))
    try:
        if re.fullmatch(f"[0-9{re.escape(group + point)}]+", tidy):
            return f"{parse_decimal(tidy, locale, strict=True):f}"
    except NumberFormatError:
        pass
    if re.fullmatch(money.AMOUNT, tidy):
        return tidy
    usual = format_decimal("1200.50", "#,##0.00", locale)
    raise ValueError(_("Write the amount as %(plain)s or %(usual)s, without a sign.", plain="1200.50", usual=usual))


def written(value: Money, locale: Locale) -> str:
    """Return an amount as a form is filled with it; `plain` reads it back exactly."""
    digits = money.exponent(value.currency)
    return format_decimal(Decimal(value.amount), f"0.{'0' * digits}" if digits else "0", locale)
