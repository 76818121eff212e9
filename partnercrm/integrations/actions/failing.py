"""What becomes of an import whose run failed for good: it says so, with the reason, and can be gone on with."""

from uuid import UUID

from partnercrm.integrations.models import ImportState, LeadImport
from partnercrm.integrations.queries import imports
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.ids import new_id
from partnercrm.notices.actions import telling


def give_up(actor: Actor, import_id: UUID, error: Exception) -> None:
    """Say that the import cannot be done, or not be undone; each is one transaction, so nothing of it was."""
    one = imports.import_at_work(actor, import_id, lock=True)
    why = f"It was tried several times and failed each time ({type(error).__name__})."
    if one.state is ImportState.UNDOING:
        one.state, one.problem = ImportState.APPLIED, f"{why} Nothing was undone; you can try again."
        tell_starter(actor, one, "import.not_undone")
    elif one.state in {ImportState.CHECKING, ImportState.APPLYING}:
        one.state, one.problem = ImportState.FAILED, f"{why} Nothing was entered; you can go on where it stopped."
        tell_starter(actor, one, "import.failed")


def tell_starter(actor: Actor, one: LeadImport, kind: str) -> None:
    """Tell who started the import, on their page and by mail as they wish, what became of it."""
    telling.tell(actor, [one.user_id], kind, one.id, event_id=new_id())
