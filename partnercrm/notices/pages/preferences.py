"""How a person wishes to be told."""

from typing import Any
from zoneinfo import available_timezones

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnercrm.kernel.actor import Actor
from partnercrm.notices import kinds, queries
from partnercrm.notices.actions import preferring
from partnercrm.notices.kinds import Channel
from partnercrm.notices.pages.blueprint import pages
from partnercrm.notices.queries import Wishes
from partnercrm.notices.schemas import Prefer
from partnercrm.notices.words import LANGUAGES
from partnercrm.web import frame
from partnercrm.web.page import Form

_EMPTY_MEANS_NONE = ("digest_hour", "quiet_from", "quiet_until")


@pages.show("/notices/preferences", scope="notices:write")
def preferences(actor: Actor, form: Form | None = None) -> str:
    """Show how the person is told, and the form that changes it."""
    wishes = queries.wishes(actor)
    return render_template(
        "notices/preferences.html",
        form=form or _filled(wishes),
        version=wishes.version_tag,
        kinds=[(kind, _chosen(kind.verb, wishes, form)) for kind in kinds.every()],
        channels=frame.choices(Channel),
        zones=[(name, name.replace("_", " ")) for name in sorted(available_timezones())],
        hours=[(str(hour), f"{hour:02}:00") for hour in range(24)],
        languages=list(LANGUAGES.items()),
    )


@pages.act("/notices/preferences", scope="notices:write", again=preferences)
def prefer(actor: Actor, form: Form) -> str:
    """Change how the person is told."""
    when = {name: value for name, value in form.values.items() if name in Prefer().fields}
    given = Form(when).load(Prefer)
    given |= {name: None for name in _EMPTY_MEANS_NONE if name not in given}
    given["channels"] = [
        {"kind": kind.verb, "channels": [channel for channel in Channel if channel in _ticked(form, kind.verb)]}
        for kind in kinds.every()
    ]
    preferring.prefer(actor, given, form.values.get("version"))
    flash(_("From now on you are told as you chose."))
    return url_for("notices_pages.preferences")


def _filled(wishes: Wishes) -> Form:
    values: dict[str, Any] = {
        "zone": wishes.zone,
        "digest_hour": "" if wishes.digest_hour is None else str(wishes.digest_hour),
        "language": wishes.language,
    }
    for name in ("quiet_from", "quiet_until"):
        moment = getattr(wishes, name)
        values[name] = f"{moment:%H:%M}" if moment else ""
    return Form(values)


def _chosen(verb: str, wishes: Wishes, form: Form | None) -> frozenset[str]:
    if form is not None:
        return frozenset(_ticked(form, verb))
    kind = kinds.known(verb)
    return frozenset(wishes.channels(kind)) if kind else frozenset()


def _ticked(form: Form, verb: str) -> list[str]:
    return list(form.chosen.get(f"channels.{verb}", ()))
