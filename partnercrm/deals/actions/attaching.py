"""Putting files to a deal and taking them away again; their bytes follow what the database says, never before it."""

from datetime import timedelta
from typing import IO, BinaryIO, Final
from uuid import UUID

from partnercrm.activity.actions import record
from partnercrm.deals import attachments
from partnercrm.deals.actions.working import join, of_deal
from partnercrm.deals.attachments import MOST_FILES, FileKind
from partnercrm.deals.errors import FileNotYours, FilesNotKept, TooManyFiles
from partnercrm.deals.models.files import DealFile
from partnercrm.deals.queries import files as queries
from partnercrm.deals.queries import selling
from partnercrm.kernel import clock, db, jobs
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid, NotFound, Told
from partnercrm.kernel.files import Folder, Kept, Storage, TooLong
from partnercrm.kernel.ids import new_id
from partnercrm.leads.actions.steps import acting_member
from partnercrm.settings import settings

# Bytes that no row stands for may belong to a request that is not over yet.
_UNDER_WAY: Final = timedelta(hours=1)
_AT_ONCE: Final = 1000
_OVERSEES: Final = "deals:review"


def storage() -> Storage:
    """Return where files lie. Raises FilesNotKept."""
    folder = settings().files_directory
    if folder is None:
        raise FilesNotKept
    return Folder(folder)


def attach_file(actor: Actor, deal_id: UUID, source: IO[bytes] | None, sent_name: str) -> DealFile:
    """Put a file to a deal, for both sides; who does works on the deal from then on.

    Raises NotFound, Invalid, TooManyFiles, FilesNotKept.
    """
    selling.deal(actor, deal_id)
    kept_by, key = storage(), new_id()
    if source is None or not sent_name:
        raise Invalid.field("file", "Send the file as the form's part `file`.")
    kind = _kind(source, sent_name)
    kept = _keep(kept_by, key, source)
    try:
        made = _add(actor, deal_id, key, kept, (attachments.told_name(sent_name, kind), kind))
    except BaseException:
        kept_by.remove(key)
        raise
    return made


def _add(actor: Actor, deal_id: UUID, key: UUID, kept: Kept, named: tuple[str, FileKind]) -> DealFile:
    found, _ = selling.deal_to_change(actor, deal_id)
    if queries.count_files(actor, deal_id) >= MOST_FILES:
        raise TooManyFiles
    author = acting_member(actor, found.partnership_id)
    join(actor, found, [author.id])
    name, kind = named
    made = DealFile(
        id=key,
        **of_deal(found),
        organization_id=actor.organization_id,
        author_id=author.id,
        name=name,
        kind=kind,
        **kept._asdict(),
        added_at=clock.now(),
    )
    db.session().add(made)
    db.session().flush()
    record(actor, "deal.file_added", found)
    return queries.file(actor, made.id)


def remove_file(actor: Actor, file_id: UUID) -> None:
    """Take a file away, for both sides and for good. Raises NotFound, FileNotYours."""
    found, _ = selling.deal_to_change(actor, queries.file(actor, file_id).deal_id)
    file = queries.file(actor, file_id)
    is_ours = file.organization_id == actor.organization_id
    if not is_ours or not (file.author.user_id == actor.user_id or actor.has(_OVERSEES)):
        raise FileNotYours
    db.session().delete(file)
    db.session().flush()
    record(actor, "deal.file_removed", found)
    jobs.defer("deals.remove_bytes", actor.organization_id, file_id=file_id)


def opened(actor: Actor, file_id: UUID) -> tuple[DealFile, BinaryIO]:
    """Return a file and its bytes, to be read and closed. Raises NotFound, FilesNotKept."""
    found = queries.file(actor, file_id)
    try:
        return found, storage().opened(file_id)
    except FileNotFoundError as error:
        raise NotFound from error


def remove_bytes(file_id: UUID) -> None:
    """Remove the bytes of a file that was taken away, unless it stands all the same."""
    for key in queries.unkept([file_id]):
        storage().remove(key)


def sweep_files() -> None:
    """Remove the bytes that no file stands for: of erased people, ended partnerships and requests that broke off."""
    if settings().files_directory is None:
        return
    kept_by = storage()
    keys = list(kept_by.keys(clock.now() - _UNDER_WAY))
    for start in range(0, len(keys), _AT_ONCE):
        for key in queries.unkept(keys[start : start + _AT_ONCE]):
            kept_by.remove(key)


def _kind(source: IO[bytes], sent_name: str) -> FileKind:
    kind = attachments.kind_of(sent_name, source)
    if kind is None:
        taken = ", ".join(FileKind)
        raise Invalid.field("file", Told("Files of this kind are not taken; these are: %(taken)s.", taken=taken))
    if not attachments.holds(kind, source):
        raise Invalid.field("file", Told("This is no %(kind)s file, or one with macros.", kind=kind.value))
    return kind


def _keep(kept_by: Storage, key: UUID, source: IO[bytes]) -> Kept:
    most = settings().file_limit
    try:
        kept = kept_by.keep(key, source, most)
    except TooLong as error:
        told = Told("The file is larger than %(most)d MiB.", most=most // 2**20)
        raise Invalid.field("file", told) from error
    if not kept.size:
        kept_by.remove(key)
        raise Invalid.field("file", "The file is empty.")
    return kept
