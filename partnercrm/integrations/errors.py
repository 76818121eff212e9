"""How imports and exports refuse."""

from partnercrm.kernel.errors import Conflict, Invalid


class ImportNotPossible(Conflict):
    """Another step comes first, or it is too late for this one."""

    title = "This does not follow from where the import stands."


class ImportNotUnderstood(Invalid):
    """Something about the file is open; a person has to say it before rows are read."""

    title = "Say first how the file is to be read."


class TooManyColumns(Invalid):
    """Wider than any list of leads."""

    title = "The file has more columns than are taken."
