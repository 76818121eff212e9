"""Money: integer minor units and an ISO 4217 code; text of decimals on the wire; never a float."""

import re
from typing import Final, NamedTuple

from iso4217 import Currency

from partnercrm.kernel.errors import Told

MOST_MINOR: Final = 10**15
AMOUNT: Final = r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?"
_EXPONENTS: Final = {
    currency.code: currency.exponent for currency in Currency if currency.exponent is not None and currency.number
}
CURRENCIES: Final = tuple(sorted(_EXPONENTS))


class Money(NamedTuple):
    """An amount: `minor` units of `currency`."""

    minor: int
    currency: str

    @property
    def amount(self) -> str:
        """The amount as a decimal string with the currency's own number of digits."""
        return text(self.minor, self.currency)

    def __str__(self) -> str:
        """Return it as programs write it in a sentence: `1200.50 EUR`."""
        return f"{self.amount} {self.currency}"


def is_currency(code: str) -> bool:
    """Tell whether the code is a current ISO 4217 currency with minor units."""
    return code in _EXPONENTS


def exponent(currency: str) -> int:
    """Return how many decimals the currency has (0, 2, 3 or 4); KeyError for an unknown one."""
    return _EXPONENTS[currency]


def parse(amount: str, currency: str) -> Money:
    """Read a non-negative decimal string exactly; ValueError says what is wrong with it."""
    if not is_currency(currency):
        raise ValueError(Told("%(code)r is not a current ISO 4217 currency code.", code=currency))
    if not re.fullmatch(AMOUNT, amount):
        raise ValueError("Write a plain decimal amount such as 1200.50: digits, one point, no separators or sign.")
    digits = exponent(currency)
    whole, _, part = amount.partition(".")
    if len(part.rstrip("0")) > digits:
        raise ValueError(
            Told("%(currency)s has %(most)d decimals, not %(count)d.", currency=currency, most=digits, count=len(part))
        )
    minor = int(whole) * 10**digits + int(part[:digits].ljust(digits, "0") or 0)
    if minor > MOST_MINOR:
        raise ValueError("The amount is larger than this system records.")
    return Money(minor, currency)


def text(minor: int, currency: str) -> str:
    """Write minor units as a decimal string: (105400, 'EUR') → '1054.00'."""
    digits = exponent(currency)
    sign, minor = ("-", -minor) if minor < 0 else ("", minor)
    if not digits:
        return f"{sign}{minor}"
    whole, part = divmod(minor, 10**digits)
    return f"{sign}{whole}.{part:0{digits}d}"
