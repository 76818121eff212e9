"""What identity's pages hang on, and what they tell every template: who is looking."""

from typing import Any

from partnercrm.activity import words as activity
from partnercrm.identity import queries
from partnercrm.identity.scopes import Role
from partnercrm.identity.words import WORDS
from partnercrm.kernel import db
from partnercrm.web import authentication, frame
from partnercrm.web.page import Pages

pages = Pages("identity", "partnercrm.identity", {**WORDS, **activity.WORDS})


@pages.app_context_processor
def viewer() -> dict[str, Any]:
    """Tell every template who is looking; on an error page, outside a transaction, without the company."""
    actor = authentication.present()
    if actor is None:
        return {"viewer": None}
    organization = queries.organization(actor).name if db.is_open() else ""
    roles = [frame.words(Role(role)) for role in sorted(actor.roles)]
    seen = {"name": actor.name, "organization": organization, "roles": roles, "scopes": actor.scopes}
    return {"viewer": seen | {"organization_id": actor.organization_id}}
