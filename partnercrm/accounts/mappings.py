"""The life of a mapping: proposed by one side, agreed by the other, stopped by either at once; pure."""

from enum import StrEnum


class MappingStatus(StrEnum):
    """Where a mapping stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
