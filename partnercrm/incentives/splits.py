"""Who gets how much of an amount, to the minor unit. Pure and exact: integers and fractions, never floats.

Largest remainder (Hamilton): everybody gets the whole minor units of their ideal part, and what is left over goes to
the largest remainders, of equal ones to the smaller participant id. A share is a `Fraction`, or an `int` of millionths.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Final, TypeVar
from uuid import UUID

from partnercrm.kernel.errors import FieldError, Told

WHOLE: Final = 1_000_000
MOST_PARTICIPANTS: Final = 200

Who = TypeVar("Who", UUID, str, int)
Shares = Mapping[Who, Fraction | int]


class ShareError(ValueError):
    """Shares by which nothing can be split; `errors` names every one that is wrong, as `shares.<who>`."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(" ".join(error.message for error in errors))
        self.errors = errors


def split(minor: int, shares: Shares[Who]) -> dict[Who, int]:
    """Return each participant's part of `minor`, by id; the parts sum to it, each within one unit of its ideal.

    A refund mirrors its sale: `split(-minor)` is `-split(minor)`. ShareError unless the shares are exactly 100 %.
    """
    return _apportioned(minor, *_weights(shares, is_whole=True))


def overlay(minor: int, shares: Shares[Who], cap: Fraction | int | None = None) -> dict[Who, int]:
    """Return each participant's extra credit on `minor`, by id; shares of any total, which is rounded once.

    The parts sum to the exact total, rounded half to even; each is within one unit of its ideal. ShareError where
    the shares come to more than the agreed `cap`.
    """
    return _apportioned(minor, *_weights(shares, cap=cap))


def refund(held: Mapping[Who, int], minor: int, shares: Shares[Who]) -> dict[Who, int]:
    """Return what each participant gives back of `held` when `minor` of all that is held is refunded, by id.

    `held` and `minor` have one sign, that of the sale; nothing may be refunded of either. The parts sum to `minor`;
    nobody gives back more than they hold and nobody gains by a refund, so that any row of refunds that returns all
    ends at zero for everybody. Between these bounds what stays is as near as may be to its ideal part. (Splitting what
    remains anew would pay some for a refund: largest remainder is not monotone, Balinski and Young 1982.)
    ShareError unless the shares are exactly 100 %; ValueError for a refund of more than is held.
    """
    weights, whole = _weights(shares, is_whole=True)
    sign = -1 if minor < 0 or (minor == 0 and min(held.values(), default=0) < 0) else 1
    held = {who: sign * part for who, part in held.items()}
    stays = sum(held.values()) - sign * minor
    if min(held.values(), default=0) < 0 or stays < 0 or set(held) != set(weights):
        raise ValueError("A refund gives back what its participants hold, and no more.")
    # Beyond the ideal, in parts of `whole`: the sum is exactly what is given back.
    over = {who: held[who] * whole - stays * weight for who, weight in sorted(weights.items())}
    parts = {who: max(0, beyond // whole) for who, beyond in over.items()}
    missing = sign * minor - sum(parts.values())
    step = 1 if missing > 0 else -1
    # Up, units go first to whom most is over; down, they are first taken where least is.
    first = {who: -step * (over[who] - parts[who] * whole) for who in parts}
    room = {who: held[who] - parts[who] if step > 0 else parts[who] for who in parts}
    for who, units in _taken(abs(missing), first, room, whole).items():
        parts[who] += step * units
    return {who: sign * part for who, part in parts.items()}


def _apportioned(minor: int, weights: Mapping[Who, int], whole: int) -> dict[Who, int]:
    sign, minor = (-1, -minor) if minor < 0 else (1, minor)
    parts, remainders = {}, {}
    for who in sorted(weights):
        parts[who], remainders[who] = divmod(minor * weights[who], whole)
    left = _rounded(sum(remainders.values()), whole)
    for who in sorted(remainders, key=lambda one: -remainders[one])[:left]:
        parts[who] += 1
    return {who: sign * part for who, part in parts.items()}


def _taken(units: int, first: Mapping[Who, int], room: Mapping[Who, int], step: int) -> dict[Who, int]:
    """Return how many of the `units` least keys are whose; the keys of each are `first`, `first + step`, … in `room`.

    Of equal keys that of the smaller id is less. Bisects for the greatest key of which all that are less are taken.
    """

    def below(key: int) -> dict[Who, int]:
        return {who: min(room[who], max(0, -((begin - key) // step))) for who, begin in first.items()}

    low, high = min(first.values()), max(begin + room[who] * step for who, begin in first.items())
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if sum(below(middle).values()) <= units else (low, middle - 1)
    taken, next_taken = below(low), below(low + 1)
    left = units - sum(taken.values())
    for who in [who for who in sorted(first) if next_taken[who] > taken[who]][:left]:
        taken[who] += 1
    return taken


def _weights(
    shares: Shares[Who], *, is_whole: bool = False, cap: Fraction | int | None = None
) -> tuple[dict[Who, int], int]:
    """Return the shares as whole numbers of one denominator, and the denominator. Raises ShareError."""
    exact = {who: _exact(share) for who, share in shares.items()}
    wrong: list[FieldError] = [
        FieldError(f"shares.{who}", "A share is not less than nothing.") for who in exact if exact[who][0] < 0
    ]
    if not 1 <= len(shares) <= MOST_PARTICIPANTS:
        most_of_them = Told("Between 1 and %(most)d take part in a split.", most=MOST_PARTICIPANTS)
        raise ShareError([*wrong, FieldError("shares", most_of_them)])
    whole = lcm(*(denominator for _, denominator in exact.values()))
    weights = {who: numerator * (whole // denominator) for who, (numerator, denominator) in exact.items()}
    total = Fraction(sum(weights.values()), whole)
    if is_whole and total != 1:
        wrong.append(FieldError("shares", Told("The shares come to %(sum)s of the whole, not to 1.", sum=total)))
    if cap is not None and total > (agreed := Fraction(*_exact(cap))):
        beyond = Told("The shares come to %(sum)s of the whole, beyond the agreed %(cap)s.", sum=total, cap=agreed)
        wrong.append(FieldError("shares", beyond))
    if wrong:
        raise ShareError(wrong)
    return weights, whole


def _exact(share: Fraction | int) -> tuple[int, int]:
    if isinstance(share, Fraction):
        return share.numerator, share.denominator
    if type(share) is int:
        return share, WHOLE
    raise TypeError("a share is a Fraction or an int of millionths")


def _rounded(numerator: int, denominator: int) -> int:
    """Round half to even."""
    return round(Fraction(numerator, denominator))
