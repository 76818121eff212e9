"""The audit trail: what was done, the chains that seal it, and one entry opened with its person."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from flask import Response, make_response, render_template
from werkzeug.wrappers import Response as AnyResponse

from partnercrm.activity import actions, queries
from partnercrm.activity.chains import Flaw
from partnercrm.activity.models import AuditChain, SharedAuditChain
from partnercrm.activity.queries import Chain, ends
from partnercrm.identity.pages.blueprint import pages
from partnercrm.identity.queries import seen
from partnercrm.identity.schemas.privacy import AskChains, AskTrail, OpenEntry
from partnercrm.kernel.actor import Actor
from partnercrm.web import frame
from partnercrm.web.page import Form

MOST_READ: Final = 20_000
"""The longest chain a page reads from its beginning; the nightly check and the command read any."""
SHOWN: Final = 5
"""How many partnerships' chains stand above the trail; all of them have a page of their own."""


class ChainSeen(NamedTuple):
    """A chain as the page shows it: what it is over, its end, how many rows wait to be sealed."""

    partnership_id: UUID | None
    partner: str
    end: AuditChain | SharedAuditChain
    waiting: int


@pages.show("/audit", scope="activity:read")
def audit(actor: Actor) -> str:
    """Show the first chains with their state, and what was done, newest first."""
    asked = Form.asked()
    found = queries.audit_trail(actor, asked.load(AskTrail))
    shared = ends.shared_chains(actor, AskChains().load({"limit": SHOWN}))
    first_url, next_url = asked.pages("identity_pages.audit", found.next)
    return render_template(
        "identity/audit.html",
        chains=_all_seen(actor, [ends.own_chain(actor), *shared.items]),
        more=shared.next is not None,
        entries=found.items,
        names=seen.names_of(actor, [one.user_id for one in found.items if one.user_id]),
        filters=asked,
        first_url=first_url,
        next_url=next_url,
    )


@pages.show("/audit/chains", scope="activity:read")
def audit_chains(actor: Actor) -> str:
    """Show the chains over what is shared, each partnership's with its state."""
    asked = Form.asked()
    found = ends.shared_chains(actor, asked.load(AskChains))
    first_url, next_url = asked.pages("identity_pages.audit_chains", found.next)
    chains = _all_seen(actor, found.items)
    return render_template("identity/audit_chains.html", chains=chains, first_url=first_url, next_url=next_url)


@pages.show("/audit/heads.json", scope="activity:read")
def audit_heads(actor: Actor) -> Response:
    """Hand out the ends of all chains as a file, to be kept where this installation cannot write."""
    told = {"heads": [queries.head_told(end) for end in queries.heads(actor)]}
    written = orjson.dumps(told, option=orjson.OPT_INDENT_2)
    response = Response(written, content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="heads.json"'
    return response


@pages.show("/audit/chains/own", scope="activity:read")
def own_chain(actor: Actor) -> str:
    """Read the company's own chain from its beginning and say what is wrong with it."""
    return _chain(actor, None)


@pages.show("/audit/chains/<uuid:partnership_id>", scope="activity:read")
def partnership_chain(actor: Actor, partnership_id: UUID) -> str:
    """Read a partnership's chain from its beginning and say what is wrong with it."""
    return _chain(actor, partnership_id)


@pages.show("/audit/<uuid:activity_id>", scope="activity:read")
def audit_entry(actor: Actor, activity_id: UUID, form: Form | None = None) -> str:
    """Show one entry without its person, and ask for what it is to be opened."""
    return _entry(queries.Noted(actor, queries.activity(actor, activity_id)), actor, form or Form())


@pages.act("/audit/<uuid:activity_id>/open", scope="activity:read", again=audit_entry)
def open_entry(actor: Actor, activity_id: UUID, form: Form) -> AnyResponse:
    """Show one entry with its person, this once; they read that it was opened, and for what."""
    opened = actions.open_activity(actor, activity_id, form.load(OpenEntry)["purpose"])
    return make_response(_entry(opened, actor, Form(), is_open=True))


def _entry(entry: Any, actor: Actor, form: Form, *, is_open: bool = False) -> str:
    names = seen.names_of(actor, [entry.user_id] if entry.user_id else [])
    return render_template("identity/audit_entry.html", entry=entry, names=names, is_open=is_open, form=form)


def _chain(actor: Actor, partnership_id: UUID | None) -> str:
    chain, end = ends.chain_with_end(actor, partnership_id)
    flaws: list[Flaw] | None = actions.flaws_of(chain, end, {}) if end.length <= MOST_READ else None
    return render_template("identity/audit_chain.html", chain=_seen(actor, end), flaws=flaws)


def _all_seen(actor: Actor, found: Sequence[AuditChain | SharedAuditChain | None]) -> list[ChainSeen]:
    return [_seen(actor, end) for end in found if end]


def _seen(actor: Actor, end: AuditChain | SharedAuditChain) -> ChainSeen:
    partnership_id = end.partnership_id if isinstance(end, SharedAuditChain) else None
    partner = "".join(frame.panels("chain", actor, partnership_id)) if partnership_id else ""
    waiting = ends.waiting(Chain.of(actor, partnership_id), end.settled)
    return ChainSeen(partnership_id, partner, end, waiting)
