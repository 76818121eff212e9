"""What a moderator sees: the invitations, and the file of a case submitted to them until it is closed."""

from typing import Any, Final
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.cases import lifecycle, queries, schemas
from partnercrm.cases.actions import moderating
from partnercrm.cases.lifecycle import Outcome
from partnercrm.cases.pages.blueprint import pages
from partnercrm.cases.pages.retelling import retold
from partnercrm.kernel import clock
from partnercrm.kernel.actor import Actor
from partnercrm.web import frame
from partnercrm.web.page import Form

_ALL: Final = {"sort": "recorded_at", "limit": 200}


@pages.show("/moderations", scope="cases:read")
def moderations(actor: Actor, form: Form | None = None, **_places: Any) -> str:
    """Show the cases the viewer is asked to moderate."""
    asked = Form.asked()
    found = queries.moderations(actor, asked.load(schemas.ModerationQuery))
    first_url, next_url = asked.pages("cases_pages.moderations", found.next)
    return render_template(
        "cases/moderations.html",
        moderations=found.items,
        submitted=queries.submitted(actor),
        may_answer=actor.has("cases:write"),
        first_url=first_url,
        next_url=next_url,
        form=form or Form(),
    )


@pages.act("/moderations/<uuid:moderation_id>/accept", scope="cases:write", again=moderations)
def accept_moderation(actor: Actor, moderation_id: UUID, form: Form) -> str:
    """Accept to moderate, declaring what ties there are."""
    moderating.accept_moderation(actor, moderation_id, form.load(schemas.AcceptModeration))
    flash(_("Thank you. The case appears here once one of the two sides submits it."))
    return url_for("cases_pages.moderations")


@pages.act("/moderations/<uuid:moderation_id>/decline", scope="cases:write", again=moderations)
def decline_moderation(actor: Actor, moderation_id: UUID, form: Form) -> str:
    """Decline to moderate."""
    moderating.decline_moderation(actor, moderation_id)
    return url_for("cases_pages.moderations")


@pages.show("/case-files/<uuid:case_id>", scope="cases:read")
def file(actor: Actor, case_id: UUID, form: Form | None = None) -> str:
    """Show the file of a case to its moderator."""
    found = queries.file(actor, case_id)
    return render_template(
        "cases/file.html",
        case=found,
        mine=actor.organization_id,
        entries=retold(queries.file_entries(actor, case_id, _ALL).items),
        today=clock.now().date(),
        may_decide=actor.has("cases:write") and lifecycle.is_live(found.status),
        outcomes=frame.choices(Outcome),
        form=form or Form(),
    )


@pages.act("/case-files/<uuid:case_id>/ask", scope="cases:write", again=file)
def ask_sides(actor: Actor, case_id: UUID, form: Form) -> str:
    """Ask or tell both sides something."""
    moderating.ask_sides(actor, case_id, form.load(schemas.MakeStatement))
    return url_for("cases_pages.file", case_id=case_id)


@pages.act("/case-files/<uuid:case_id>/decide", scope="cases:write", again=file)
def decide_case(actor: Actor, case_id: UUID, form: Form) -> str:
    """Decide the case."""
    moderating.decide_case(actor, case_id, form.load(schemas.ProposeOutcome))
    return url_for("cases_pages.file", case_id=case_id)
