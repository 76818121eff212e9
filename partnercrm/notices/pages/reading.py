"""The list of what a person was told."""

from uuid import UUID

from flask import render_template, url_for

from partnercrm.kernel.actor import Actor
from partnercrm.notices import queries
from partnercrm.notices.actions import reading
from partnercrm.notices.pages.blueprint import pages
from partnercrm.notices.schemas import NoticeQuery
from partnercrm.web.page import Form


@pages.show("/notices", scope="notices:read")
def notices(actor: Actor, form: Form | None = None, notice_id: UUID | None = None) -> str:
    """Show what the person was told."""
    filters = Form.asked()
    found = queries.notices(actor, filters.load(NoticeQuery))
    first_url, next_url = filters.pages("notices_pages.notices", found.next)
    return render_template(
        "notices/notices.html",
        notices=found.items,
        unread=queries.unread_count(actor),
        only_unread=filters.values.get("unread") == "true",
        first_url=first_url,
        next_url=next_url,
    )


@pages.act("/notices/<uuid:notice_id>/open", scope="notices:write", again=notices)
def open_notice(actor: Actor, notice_id: UUID, form: Form) -> str:
    """Mark a notice as read and lead to what it is about."""
    seen = reading.read_notice(actor, notice_id)
    return url_for(seen.what.page, **seen.what.places(seen.subject_id, seen.partnership_id))


@pages.act("/notices/read", scope="notices:write", again=notices)
def read_notices(actor: Actor, form: Form) -> str:
    """Mark everything as read."""
    reading.read_notices(actor)
    return url_for("notices_pages.notices")
