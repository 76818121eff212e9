"""What to say to a customer: found in two keystrokes, checked with one question, proposed and agreed on."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from marshmallow import fields

from partnercrm.enablement.actions import proposing
from partnercrm.enablement.pages.blueprint import pages
from partnercrm.enablement.propositions import LANGUAGES, PropositionStatus
from partnercrm.enablement.queries import propositions
from partnercrm.enablement.queries.propositions import Pitch
from partnercrm.enablement.schemas.propositions import CheckProposition, ProposeProposition
from partnercrm.kernel.actor import Actor
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.queries import answering
from partnercrm.web.page import Form
from partnercrm.web.shapes import Shape, Text

_RIGHT = "*"


class AskPitch(Shape):
    """What is typed while somebody is on the phone."""

    q = Text(most=100, least=0, example="rail")


class ProposeOnPage(Shape):
    """Three sentences, each in a field; answers a line each, the right one marked."""

    locale = fields.String(required=True)
    industry = fields.String()
    sentence_1 = fields.String(required=True)
    sentence_2 = fields.String(required=True)
    sentence_3 = fields.String(required=True)
    question = fields.String(required=True)
    answers = fields.String(required=True)


@pages.show("/value-propositions", scope="enablement:read")
def pitches(actor: Actor) -> str:
    """Show what to say to a customer, all that fits what is typed: partner, industry, or words of it."""
    asked = Form.asked()
    sought = asked.load(AskPitch).get("q", "").casefold()
    partners = _partners(actor)
    found = [one for one in propositions.pitches(actor, industry=sought) if sought in _words_of(one, partners)]
    return render_template(
        "enablement/pitches.html",
        pitches=found,
        partners=partners,
        filters=asked,
        keeps=[(key, name) for key, name in partners.items() if key in actor.partnership_ids]
        if actor.has("enablement:all")
        else [],
        waiting=[one for key in partners if key in actor.partnership_ids for one in propositions.waiting(actor, key)],
    )


@pages.show("/value-propositions/<uuid:proposition_id>", scope="enablement:read")
def pitch(actor: Actor, proposition_id: UUID, form: Form | None = None) -> str:
    """Show one version, whether one knows it, and who is to answer it."""
    found = propositions.proposition(actor, proposition_id)
    is_ours = found.organization_id == actor.organization_id
    waits = found.status is PropositionStatus.PROPOSED and actor.has("enablement:all")
    return render_template(
        "enablement/pitch.html",
        proposition=found,
        partner=partnerships.partner_name(actor, found.partnership_id),
        is_known=bool(propositions.known_by(actor, [found.id])),
        may_answer=waits and not is_ours,
        may_withdraw=waits and is_ours,
        may_check=found.status is PropositionStatus.AGREED and actor.has("enablement:write"),
        language=_language(found.locale),
        form=form or Form(),
    )


@pages.act("/value-propositions/<uuid:proposition_id>/check", scope="enablement:write", again=pitch)
def check_pitch(actor: Actor, proposition_id: UUID, form: Form) -> str:
    """Acknowledge it, with the answer to its question."""
    checked = proposing.check_proposition(actor, proposition_id, form.load(CheckProposition))
    flash(_("Right: noted that you know it.") if checked.is_right else _("Not quite: read it once more."))
    return url_for("enablement_pages.pitch", proposition_id=proposition_id)


@pages.act("/value-propositions/<uuid:proposition_id>/agree", scope="enablement:all", again=pitch)
def agree_pitch(actor: Actor, proposition_id: UUID, form: Form) -> str:
    """Agree with it."""
    proposing.agree_proposition(actor, proposition_id)
    flash(_("Both sides say this from now on."))
    return url_for("enablement_pages.pitch", proposition_id=proposition_id)


@pages.act("/value-propositions/<uuid:proposition_id>/decline", scope="enablement:all", again=pitch)
def decline_pitch(actor: Actor, proposition_id: UUID, form: Form) -> str:
    """Decline it."""
    proposing.decline_proposition(actor, proposition_id)
    return url_for("enablement_pages.pitch", proposition_id=proposition_id)


@pages.act("/value-propositions/<uuid:proposition_id>/withdraw", scope="enablement:all", again=pitch)
def withdraw_pitch(actor: Actor, proposition_id: UUID, form: Form) -> str:
    """Take it back."""
    proposing.withdraw_proposition(actor, proposition_id)
    return url_for("enablement_pages.pitch", proposition_id=proposition_id)


@pages.show("/partnerships/<uuid:partnership_id>/value-propositions/new", scope="enablement:all")
def new_pitch(actor: Actor, partnership_id: UUID, form: Form | None = None) -> str:
    """Show the form that proposes what to say."""
    partnerships.joined_partnership(actor, partnership_id)
    return render_template(
        "enablement/new_pitch.html",
        partnership_id=partnership_id,
        partner=partnerships.partner_name(actor, partnership_id),
        languages=[(one, _language(one)) for one in LANGUAGES],
        form=form or Form({"locale": actor.locale}),
    )


@pages.act("/partnerships/<uuid:partnership_id>/value-propositions/new", scope="enablement:all", again=new_pitch)
def propose_pitch(actor: Actor, partnership_id: UUID, form: Form) -> str:
    """Propose what to say."""
    proposed = proposing.propose_proposition(actor, partnership_id, _read(form))
    flash(_("Proposed: the other side is told."))
    return url_for("enablement_pages.pitch", proposition_id=proposed.id)


def _read(form: Form) -> dict[str, Any]:
    """Read the form by the API's shape. Raises Invalid."""
    given = form.load(ProposeOnPage)
    lines = [line.strip() for line in given["answers"].splitlines() if line.strip()]
    marked = [place for place, line in enumerate(lines) if line.startswith(_RIGHT)]
    values = {"locale": given["locale"], "industry": given.get("industry", ""), "question": given["question"]}
    values |= {f"sentences.{place}": given[f"sentence_{place + 1}"] for place in range(3)}
    values |= {f"answers.{place}": line.removeprefix(_RIGHT).strip() for place, line in enumerate(lines)}
    values |= {"right_answer": str(marked[0])} if marked else {}
    return Form(values).load(ProposeProposition)


def _words_of(one: Pitch, partners: Mapping[UUID, str]) -> str:
    return " ".join((partners.get(one.partnership_id, ""), one.industry, *one.sentences)).casefold()


def _partners(actor: Actor) -> dict[UUID, str]:
    return {one.id: one.name_of(one.other(actor.organization_id)) for one in answering.living_partnerships(actor)}


def _language(locale: str) -> str:
    here = get_locale()
    return str(here.languages.get(locale, locale)) if here else locale
