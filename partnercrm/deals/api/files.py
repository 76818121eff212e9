"""Files of a deal over the API: put there, listed, read, taken away."""

from typing import Any, Final
from uuid import UUID

from flask import Response, request

from partnercrm.deals.actions import attaching as actions
from partnercrm.deals.errors import FileNotYours, FilesNotKept, TooManyFiles
from partnercrm.deals.models.files import DealFile
from partnercrm.deals.queries import files as queries
from partnercrm.deals.schemas.files import AttachFile, DealFileQuery, DealFileView
from partnercrm.kernel.actor import Actor
from partnercrm.web import attachments
from partnercrm.web.endpoint import Door
from partnercrm.web.paging import Page

api = Door("files", prefix="/api/v1", description="Files that either side puts to a deal.")
_OF_DEAL: Final = "/deals/<uuid:deal_id>/files"
_ONE: Final = "/deal-files/<uuid:file_id>"


@api.get(_OF_DEAL, scope="deals:read", answers=DealFileView, query=DealFileQuery, pages=True)
def list_deal_files(actor: Actor, deal_id: UUID, query: dict[str, Any]) -> Page:
    """List the files of a deal, newest first."""
    return queries.files(actor, deal_id, query)


@api.post(
    _OF_DEAL,
    scope="deals:write",
    form=AttachFile,
    answers=DealFileView,
    status=201,
    refuses=(TooManyFiles, FilesNotKept),
    rechecks=queries.file,
)
def attach_deal_file(actor: Actor, deal_id: UUID, given: dict[str, Any]) -> DealFile:
    """Put a file (part `file`) to a deal; both sides read it, and you work on the deal from then on."""
    upload = request.files.get("file")
    source, name = (upload.stream, upload.filename or "") if upload else (None, "")
    return actions.attach_file(actor, deal_id, source, name)


@api.get(_ONE, scope="deals:read", answers=DealFileView)
def read_deal_file(actor: Actor, file_id: UUID) -> DealFile:
    """Read what a file is called, how large it is and who put it there."""
    return queries.file(actor, file_id)


@api.get(f"{_ONE}/content", scope="deals:read", files=(attachments.KIND,), refuses=(FilesNotKept,))
def read_deal_file_content(actor: Actor, file_id: UUID) -> Response:
    """Read a file's bytes, to be saved."""
    found, source = actions.opened(actor, file_id)
    return attachments.attachment(found.name, found.size, source)


@api.post(f"{_ONE}/remove", scope="deals:write", status=204, refuses=(FileNotYours,))
def remove_deal_file(actor: Actor, file_id: UUID) -> None:
    """Take a file away for both sides and for good: your own, or as a manager one of your side's."""
    actions.remove_file(actor, file_id)
