"""Who gets how much of an amount, to the minor unit. Pure and exact: integers and fractions, never floats.

Largest remainder (Hamilton): everybody gets the whole minor units of their ideal part, and what is left over goes to
the largest remainders, of equal ones to the smaller participant id. A share is a `Fraction`, or an `int` of millionths.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from heapq import heapify, heapreplace
from math import lcm
from typing import Final, TypeVar
from uuid import UUID

from partnercrm.kernel.errors import Told

WHOLE: Final = 1_000_000
MOST_PARTICIPANTS: Final = 200

Who = TypeVar("Who", UUID, str, int)
Shares = Mapping[Who, Fraction | int]


def split(minor: int, shares: Shares[Who]) -> dict[Who, int]:
    """Return each participant's part of `minor`, by id; the parts sum to it, each within one unit of its ideal.

    A refund mirrors its sale: `split(-minor)` is `-split(minor)`. ValueError unless the shares are exactly 100 %.
    """
    weights, whole = _weights(shares)
    if (total := sum(weights.values())) != whole:
        raise ValueError(Told("The shares come to %(sum)s of the whole, not to 1.", sum=Fraction(total, whole)))
    return _apportioned(minor, weights, whole)


def overlay(minor: int, shares: Shares[Who]) -> dict[Who, int]:
    """Return each participant's extra credit on `minor`, by id; shares of any total, which is rounded once.

    The parts sum to the exact total, rounded half to even; each is within one unit of its ideal.
    """
    return _apportioned(minor, *_weights(shares))


def refund(held: Mapping[Who, int], minor: int, shares: Shares[Who]) -> dict[Who, int]:
    """Return what each participant gives back of `held` when `minor` of all that is held is refunded, by id.

    `held` and `minor` have one sign, that of the sale. The parts sum to `minor`; nobody gives back more than they hold
    and nobody gains by a refund, so that any row of refunds that returns all ends at zero for everybody. Between these
    bounds what stays is as near as may be to its ideal part. (Splitting what remains anew would pay some for a refund:
    largest remainder is not monotone, Balinski and Young 1982.) ValueError for a refund of more than is held.
    """
    sign, held = (-1, {who: -part for who, part in held.items()}) if minor < 0 else (1, held)
    weights, whole = _weights(shares)
    stays = sum(held.values()) - sign * minor
    if min(held.values(), default=0) < 0 or stays < 0 or set(held) != set(weights):
        raise ValueError("A refund gives back what its participants hold, and no more.")
    # Beyond the ideal, in parts of `whole`: the sum is exactly what is given back.
    over = {who: held[who] * whole - stays * weight for who, weight in sorted(weights.items())}
    parts = {who: max(0, beyond // whole) for who, beyond in over.items()}
    _settle(parts, sign * minor, lambda who: over[who] - parts[who] * whole, held)
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


def _settle(parts: dict[Who, int], total: int, over: Callable[[Who], int], most: Mapping[Who, int]) -> None:
    """Change parts by single units until they come to `total`: up where most is over, down where least is."""
    missing = total - sum(parts.values())
    step = 1 if missing > 0 else -1
    queue = [(-step * over(who), who) for who in parts if (parts[who] < most[who] if step > 0 else parts[who] > 0)]
    heapify(queue)
    for _ in range(abs(missing)):
        _, who = queue[0]
        parts[who] += step
        # One who has reached a bound is not asked again.
        if parts[who] == (most[who] if step > 0 else 0):
            queue.pop(0)
            heapify(queue)
        else:
            heapreplace(queue, (-step * over(who), who))


def _weights(shares: Shares[Who]) -> tuple[dict[Who, int], int]:
    """Return the shares as whole numbers of one denominator, and the denominator."""
    if not 1 <= len(shares) <= MOST_PARTICIPANTS:
        raise ValueError(Told("Between 1 and %(most)d take part in a split.", most=MOST_PARTICIPANTS))
    exact = {who: _exact(share) for who, share in shares.items()}
    whole = lcm(*(denominator for _, denominator in exact.values()))
    weights = {who: numerator * (whole // denominator) for who, (numerator, denominator) in exact.items()}
    if min(weights.values()) < 0:
        raise ValueError("A share is not less than nothing.")
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
