"""Where the rows of files go: for every kind its tables, and the statements that enter it and take it back."""

from collections.abc import Mapping
from typing import Final

from partnercrm.integrations.actions.targets.accounts import ACCOUNTS
from partnercrm.integrations.actions.targets.leads import LEADS
from partnercrm.integrations.actions.targets.target import Target
from partnercrm.integrations.contents import ImportKind
from partnercrm.integrations.models import FileImport

_TARGETS: Final[Mapping[ImportKind, Target]] = {ImportKind.LEADS: LEADS, ImportKind.ACCOUNTS: ACCOUNTS}


def of(one: FileImport) -> Target:
    """Return where an import's rows go."""
    return _TARGETS[one.kind]
