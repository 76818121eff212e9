"""What becomes of an import whose run failed for good: it says so, with the reason, and can be gone on with."""

from uuid import UUID

from partnercrm.integrations import problems
from partnercrm.integrations.models import FileImport, ImportState
from partnercrm.integrations.queries import imports
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Told
from partnercrm.kernel.ids import new_id
from partnercrm.notices.actions import telling


def give_up(actor: Actor, import_id: UUID, error: Exception) -> None:
    """Say that the import cannot be done, or not be undone; each is one transaction, so nothing of it was."""
    one = imports.import_at_work(actor, import_id, lock=True)
    reason = type(error).__name__
    if one.state is ImportState.UNDOING:
        one.state, one.problem = ImportState.APPLIED, Told(problems.NOT_UNDONE, reason=reason)
        tell_starter(actor, one, "import.not_undone")
    elif one.state in {ImportState.CHECKING, ImportState.APPLYING}:
        one.state, one.problem = ImportState.FAILED, Told(problems.GIVEN_UP, reason=reason)
        tell_starter(actor, one, "import.failed")


def tell_starter(actor: Actor, one: FileImport, kind: str) -> None:
    """Tell who started the import, on their page and by mail as they wish, what became of it."""
    telling.tell(actor, [one.user_id], kind, one.id, event_id=new_id())
