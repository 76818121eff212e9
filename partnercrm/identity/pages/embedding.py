"""Where the company's cards may be shown: the addresses, one a line."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.identity.actions import embedding as actions
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.queries import embedding as queries
from partnercrm.identity.schemas.embedding import ChangeEmbedding
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, Told
from partnercrm.web.page import Form


@pages.show("/organization/embedding", scope="identity:write")
def embedding(actor: Actor, form: Form | None = None) -> str:
    """Show whose pages may show cards."""
    found = queries.embedding(actor)
    shown = form or Form({"version": found.version_tag, "origins": "\n".join(found.origins)})
    return render_template("identity/embedding.html", origins=found.origins, form=shown)


@pages.act("/organization/embedding", scope="identity:write", again=embedding)
def change_embedding(actor: Actor, form: Form) -> str:
    """Say whose pages may show cards."""
    actions.change_embedding(actor, _read(form), form.values.get("version", ""))
    flash(_("Saved. Cards are shown at these addresses, and nowhere else."))
    return url_for("identity_pages.embedding")


def _read(form: Form) -> dict[str, list[str]]:
    """Return the addresses that stand in the field, one a line. Raises Invalid."""
    lines = form.values.get("origins", "").split()
    if not lines:
        return {"origins": []}
    try:
        return Form({"origins": lines[0]}, {"origins": lines}).load(ChangeEmbedding)
    except Invalid as refusal:
        raise Invalid([_about(error, lines) for error in refusal.errors]) from refusal


def _about(error: FieldError, lines: list[str]) -> FieldError:
    """Return what is wrong with a line as what is wrong with the field."""
    _name, _dot, number = error.field.partition(".")
    if not number.isdigit():
        return error
    told = Told("%(line)s: %(message)s", line=lines[int(number)][:80], message=Told.of(error.message))
    return FieldError("origins", told)
