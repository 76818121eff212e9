"""How a split is told on pages: a row for each thing it gives, beside what holds now."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple
from uuid import UUID

from flask_babel import format_decimal
from flask_babel import gettext as _

from partnercrm.incentives.sharing import Portion, Sharing
from partnercrm.partnerships.models import Partnership
from partnercrm.partnerships.percents import percent
from partnercrm.web import frame

_DIGITS: Final = "#,##0.####"


class Row(NamedTuple):
    """One thing a split gives, to whom, and what another one gives of it; empty for nothing."""

    portion: str
    organization_id: UUID
    now: str
    new: str

    @property
    def changes(self) -> bool:
        """Whether the two give different things."""
        return self.now != self.new


def share(millionths: int) -> str:
    """Return millionths as a percentage in the reader's language."""
    return f"{format_decimal(Decimal(percent(millionths)), _DIGITS)} %"


def part(parts: int, whole: int) -> str:
    """Return parts of a whole as a percentage, rounded where it has no end."""
    exact = Fraction(parts * 100, whole)
    rounded = round(exact, 4)
    text = format_decimal(Decimal(rounded.numerator) / rounded.denominator, _DIGITS)
    return f"{text} %" if rounded == exact else f"≈ {text} %"


def rows(partnership: Partnership, now: Sharing | None, new: Sharing | None = None) -> list[Row]:
    """Return what one split gives and, beside it, what another would: those rows in which either gives anything."""
    ids = [side.organization_id for side in partnership.sides_by_id]
    before, after = ({(row, who): text for row, who, text in _told(one, ids)} for one in (now, new))
    order = [(portion, who) for portion in Portion for who in ids]
    return [
        Row(frame.words(portion), who, before.get((portion, who), ""), after.get((portion, who), ""))
        for portion, who in order
        if (portion, who) in before or (portion, who) in after
    ]


def _told(sharing: Sharing | None, ids: list[UUID]) -> Iterator[tuple[Portion, UUID, str]]:
    if sharing is None:
        return
    for who in ids:
        yield Portion.REVENUE_SPLIT, who, share(sharing.splits[who])
        if sharing.overlays[who]:
            yield Portion.OVERLAY_SPLIT, who, share(sharing.overlays[who])
    for fee in sharing.fees:
        paid = _("pays %(rate)s", rate=share(fee.rate))
        received = _("receives %(rate)s", rate=share(fee.rate))
        for who in ids:
            yield fee.kind, who, str(paid if who == fee.payer_id else received)


def in_percent(sharing: Sharing) -> dict[str, str]:
    """Return the fields of a form that a split fills."""
    values = {}
    for place, who in enumerate(sorted(sharing.splits)):
        values[f"shares.{place}.revenue_split"] = percent(sharing.splits[who])
        values[f"shares.{place}.overlay_split"] = percent(sharing.overlays[who])
    for fee in sharing.fees:
        values |= {f"{fee.kind}.payer_id": str(fee.payer_id), f"{fee.kind}.rate": percent(fee.rate)}
    return values
