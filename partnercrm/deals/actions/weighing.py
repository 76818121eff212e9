"""Weighing a deal before it is registered: all that would refuse it, and whose place it would be, by one code path.

Trying it out and registering it both begin here; trying it out undoes what was done on the way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from partnercrm.accounts.actions.joint import open_joint_account
from partnercrm.accounts.models.joint import JointAccount
from partnercrm.accounts.queries import joint
from partnercrm.calendars import queries as calendars
from partnercrm.calendars.business_time import BusinessHours
from partnercrm.deals import conflicts, reviewing
from partnercrm.deals.conflicts import Claim, Evidence, EvidenceKind, Explanation
from partnercrm.deals.errors import AlreadyRegistered, DealIncomplete
from partnercrm.deals.models import Registration
from partnercrm.deals.queries import claims, coming
from partnercrm.deals.reviewing import Times
from partnercrm.enablement.actions.gating import ask_gate
from partnercrm.enablement.errors import NotEnabled
from partnercrm.enablement.items import Gated
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotFound, Refusal
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.errors import PartnershipPaused
from partnercrm.partnerships.models import Partnership

_NEEDED: Final = ("value", "close_on", "involvement")


class Sound(NamedTuple):
    """A deal that can be registered: where, with which company, on what grounds, and against whose claim if any."""

    partnership: Partnership
    account: JointAccount
    claim: Claim
    hours: BusinessHours
    times: Times
    holder: Registration | None
    conflict: Explanation | None

    @property
    def outweighed(self) -> Explanation | None:
        """Why the other side's claim holds, where it does."""
        told = self.conflict
        return told if told is not None and told.held_by != self.claim.organization_id else None


@dataclass(slots=True)
class Weighed:
    """What registering a deal would come to: what is wrong, what refuses it, what it rests on, who holds the place."""

    now: datetime
    partnership: Partnership | None = None
    account: JointAccount | None = None
    claim: Claim | None = None
    holder: Registration | None = None
    hours: BusinessHours | None = None
    missing: Sequence[Mapping[str, str]] = ()
    errors: list[FieldError] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def would_register(self) -> bool:
        """Whether nothing refuses it; one that is outweighed is on record all the same."""
        return not self.errors and not self.refusals

    @property
    def problems(self) -> list[dict[str, str | None]]:
        """Everything that refuses it: wrong fields, then what is no field's."""
        wrong: list[dict[str, str | None]] = [{"field": one.field, "message": one.message} for one in self.errors]
        return wrong + [{"field": None, "message": refusal.sentence} for refusal in self.refusals]

    @property
    def would_hold(self) -> bool:
        """Whether the own side's claim holds against the other's."""
        told = self.conflict
        return told is None or (self.claim is not None and told.held_by == self.claim.organization_id)

    @property
    def respond_by(self) -> datetime | None:
        """By when the other side would answer."""
        return self.times.respond_by if self.times else None

    @property
    def conflict(self) -> Explanation | None:
        """Which of two claims holds and why, where the other side has an open registration."""
        if self.claim is None or self.holder is None:
            return None
        return conflicts.explained(self.claim, self.holder.claim)

    @property
    def times(self) -> Times | None:
        """By when the other side would answer, and when the time for it would be over."""
        if self.partnership is None or self.hours is None:
            return None
        return reviewing.times(self.hours, self.now, self.partnership.terms.review_hours)


def sound(weighed: Weighed) -> Sound:
    """Return a deal that nothing refuses. Raises DealIncomplete with every wrong field, or what refuses it."""
    if weighed.errors:
        raise DealIncomplete(weighed.errors)
    for refusal in weighed.refusals:
        raise refusal
    whole: Any = (weighed.partnership, weighed.account, weighed.claim, weighed.hours, weighed.times)
    if None in whole:
        raise DealIncomplete
    return Sound._make((*whole, weighed.holder, weighed.conflict))


def weigh(actor: Actor, given: Mapping[str, Any]) -> Weighed:
    """Return what registering a deal as given would come to; whose place it is stays so until the transaction ends."""
    weighed = Weighed(db.now())
    weighed.errors += [FieldError(name, "This is needed.") for name in _NEEDED if given.get(name) is None]
    weighed.errors += _wrong_days(given, weighed.now)
    weighed.partnership = _partnership(actor, given, weighed)
    if weighed.partnership is None:
        return weighed
    if weighed.partnership.is_paused:
        weighed.refusals.append(PartnershipPaused())
    _ask_gate(actor, weighed.partnership, weighed)
    weighed.hours = calendars.hours_of_side(actor, weighed.partnership.other(actor.organization_id))
    weighed.errors += _wrong_line(weighed.partnership, given.get("product_line_id"))
    weighed.errors += _wrong_lead(actor, weighed.partnership, given.get("offer_id"))
    if not weighed.partnership.is_paused:
        weighed.account = _account(actor, weighed.partnership, given, weighed)
    if weighed.account is not None:
        _find_place(actor, weighed, weighed.account, given)
    return weighed


def _partnership(actor: Actor, given: Mapping[str, Any], weighed: Weighed) -> Partnership | None:
    if (which := given.get("partnership_id")) is None:
        weighed.errors.append(FieldError("partnership_id", "This is needed."))
        return None
    try:
        return partnerships.held_partnership(actor, which)
    except NotFound:
        weighed.errors.append(FieldError("partnership_id", "You are not a member of such a partnership."))
        return None


def _ask_gate(actor: Actor, partnership: Partnership, weighed: Weighed) -> None:
    """Note what the actor has yet to know of the partnership; where the gate is shut, that refuses the deal."""
    try:
        found = ask_gate(actor, partnership.id, Gated.REGISTERING, weighed.now)
    except NotEnabled as refusal:
        weighed.refusals.append(refusal)
        weighed.missing = refusal.facts["missing"]
    else:
        weighed.missing = [{"title": one.title, "link": one.link} for one in found.missing]


def _wrong_days(given: Mapping[str, Any], now: datetime) -> list[FieldError]:
    wrong = []
    if (on := given.get("close_on")) is not None and on < now.date():
        wrong.append(FieldError("close_on", "This day has passed."))
    for place, step in enumerate(given.get("evidence", ())):
        if step["happened_at"] > now:
            wrong.append(FieldError(f"evidence.{place}.happened_at", "This has not happened yet."))
    return wrong


def _wrong_line(partnership: Partnership, line_id: UUID | None) -> list[FieldError]:
    known = {line.id for line in partnership.terms.product_lines}
    if (line_id is None and not known) or line_id in known:
        return []
    return [FieldError("product_line_id", "Choose one of the product lines that the terms in force name.")]


def _wrong_lead(actor: Actor, partnership: Partnership, offer_id: UUID | None) -> list[FieldError]:
    if offer_id is None:
        return []
    if not coming.is_worked_on(actor, partnership.id, offer_id):
        return [FieldError("offer_id", "Name a lead that this partner gave you and that you work on.")]
    if coming.is_registered(actor, partnership.id, offer_id):
        return [FieldError("offer_id", "Another open registration of your side names this lead.")]
    return []


def _account(actor: Actor, partnership: Partnership, given: Mapping[str, Any], weighed: Weighed) -> JointAccount | None:
    """Return the joint account: the one named by its id, else the one that is this company, new where none is."""
    if account_id := given.get("joint_account_id"):
        rows = joint.joint_accounts_seen_by(actor).where(
            JointAccount.id == account_id, JointAccount.partnership_id == partnership.id
        )
        found = db.session().scalars(rows).one_or_none()
        if found is None:
            weighed.errors.append(FieldError("joint_account_id", "There is no such joint account among those you see."))
        return found
    company = given.get("account")
    if company is None:
        weighed.errors.append(FieldError("account", "Name the company, or one of your joint accounts."))
        return None
    domains = [company["domain"]] if company.get("domain") else []
    try:
        return open_joint_account(
            actor, partnership.id, name=company["name"], domains=domains, numbers=(), country=company.get("country")
        )
    except Invalid as refusal:
        weighed.errors += [error._replace(field=_of_company(error.field)) for error in refusal.errors]
        return None


def _of_company(name: str) -> str:
    return f"account.{'domain' if name.startswith('domains') else name}"


def _find_place(actor: Actor, weighed: Weighed, account: JointAccount, given: Mapping[str, Any]) -> None:
    line_id = given.get("product_line_id")
    claims.lock_place(account.partnership_id, account.id, line_id)
    weighed.now = db.now()
    logged = [Evidence(step["kind"], step["happened_at"], weighed.now) for step in given.get("evidence", ())]
    begun = Evidence(EvidenceKind.REGISTERED, weighed.now, weighed.now)
    weighed.claim = Claim(actor.organization_id, (*logged, begun))
    for one in claims.holders(actor, account.partnership_id, account.id, line_id):
        if one.organization_id == actor.organization_id:
            weighed.refusals.append(AlreadyRegistered(registration_id=str(one.id)))
        else:
            weighed.holder = weighed.holder or one
