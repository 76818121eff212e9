"""Files of a deal on pages: put there by a form, saved by a link, taken away by a button."""

from typing import BinaryIO, cast
from uuid import UUID

from flask import Response, flash, request, url_for
from flask_babel import gettext as _

from partnercrm.deals.actions import attaching as actions
from partnercrm.deals.pages.blueprint import pages
from partnercrm.deals.pages.selling import deal
from partnercrm.deals.queries import files as queries
from partnercrm.kernel.actor import Actor
from partnercrm.web import attachments
from partnercrm.web.page import Form


@pages.act("/deals/<uuid:deal_id>/files", scope="deals:write", again=deal, takes_files=True)
def attach_deal_file(actor: Actor, deal_id: UUID, form: Form) -> str:
    """Put a file to the deal."""
    upload = request.files.get("file")
    source, name = (cast("BinaryIO", upload.stream), upload.filename or "") if upload else (None, "")
    actions.attach_file(actor, deal_id, source, name)
    flash(_("The file is there; both sides can save it."))
    return url_for("deals_pages.deal", deal_id=deal_id)


@pages.show("/deal-files/<uuid:file_id>/content", scope="deals:read")
def deal_file_content(actor: Actor, file_id: UUID) -> Response:
    """Answer with the file, to be saved."""
    found, source = actions.opened(actor, file_id)
    return attachments.attachment(found.name, found.size, source)


@pages.show("/deal-files/<uuid:file_id>", scope="deals:read")
def deal_file(actor: Actor, file_id: UUID, form: Form | None = None) -> str:
    """Show the deal that a file lies with."""
    shown: str = deal(actor, queries.file(actor, file_id).deal_id, form)
    return shown


@pages.act("/deal-files/<uuid:file_id>/remove", scope="deals:write", again=deal_file)
def remove_deal_file(actor: Actor, file_id: UUID, form: Form) -> str:
    """Take a file away."""
    deal_id = queries.file(actor, file_id).deal_id
    actions.remove_file(actor, file_id)
    flash(_("The file is removed, for both sides."))
    return url_for("deals_pages.deal", deal_id=deal_id)
