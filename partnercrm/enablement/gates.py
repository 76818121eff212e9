"""What a gate says: pure, of how it is set, of what is missing, and of a manager's exception."""

from enum import StrEnum

from partnercrm.enablement.items import GateMode


class Verdict(StrEnum):
    """What becomes of somebody at a gate."""

    PASSED = "passed"
    WARNED = "warned"
    BLOCKED = "blocked"


def verdict(mode: GateMode, *, is_missing: bool, is_excepted: bool) -> Verdict:
    """Return what a gate that is set so says to who misses something, or does not; an exception lets anybody pass."""
    if mode is GateMode.OFF or not is_missing or is_excepted:
        return Verdict.PASSED
    return Verdict.WARNED if mode is GateMode.WARN else Verdict.BLOCKED
