"""The exchange at a glance: how each partnership stands, and what to do next; a fixed number of questions for all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from partnercrm.calendars import queries as calendars
from partnercrm.cases import queries as cases
from partnercrm.cases.models import Case
from partnercrm.kernel.actor import Actor
from partnercrm.leads.drift import Signal
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models.drifting import DriftReading
from partnercrm.leads.nextsteps import Next, Seen, ToDo, next_steps
from partnercrm.leads.queries import drifting, requests, standing
from partnercrm.leads.queries.indexes import Index, indexes
from partnercrm.leads.queries.requests import Standing
from partnercrm.leads.queries.standing import Gave, Waiting
from partnercrm.leads.reciprocity import written
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Partnership


@dataclass(frozen=True, slots=True)
class Glance:
    """One exchange as its members see it at a glance.

    `given` is told by side in their order; `counts` is what the report counts now, `reading` how the last completed
    month was read; `advance` is how far an agreed one has gone.
    """

    partnership: Partnership
    partner: str
    given: Sequence[tuple[str, Gave]]
    waiting: Waiting
    counts: Index
    reading: DriftReading | None
    cases: Sequence[Case]
    advance: Standing | None

    @property
    def shares(self) -> tuple[int, int] | None:
        """The share given in whole percent by side; None before the first lead that counts."""
        share = self.counts.exchange.share_first
        if share is None:
            return None
        first = int(written(share * 100, 0) or 0)
        return first, 100 - first

    @property
    def words(self) -> str:
        """Whose turn it is, as the report says."""
        turn = self.counts.turn
        if self.shares is None:
            return str(_("No lead counts for the share yet."))
        if turn is None:
            return str(_("Within the agreed tolerance."))
        return str(
            _(
                "Next to give: %(name)s (%(count)s)",
                name=self.partnership.sides_by_id[turn.place].name,
                count=turn.leads,
            )
        )

    @property
    def read(self) -> str:
        """What was read of the last completed month: where the share lies when chance is allowed for."""
        read = self.reading
        if read is None or not read.first + read.second:
            return ""
        told = _(
            "Until %(month)s: %(low)s to %(high)s %% from %(first)s but for chance, agreed %(agreed)s ± %(points)s.",
            month=format_date(date.fromisoformat(f"{read.month}-01"), "MMMM y"),
            low=(read.low_permille or 0) // 10,
            high=-(-(read.high_permille or 0) // 10),
            first=self.given[0][0],
            agreed=read.share_percent,
            points=read.tolerance_points,
        )
        if read.signal is Signal.LEFT:
            return f"{told} {_('More than chance moved the share.')}"
        return str(told)


def glances(actor: Actor) -> list[Glance]:
    """Return each partnership of the actor: what both sides gave, what waits, what was read, what is to be settled."""
    given, waiting = standing.given_counts(actor), standing.waiting(actor)
    read, live = drifting.latest_by_partnership(actor), _live(actor)
    joined = partnerships.joined_partnerships(actor)
    counts = indexes(joined)
    advances = requests.turns(joined, {key: gave.offered for key, gave in given.items()})
    return [
        Glance(
            partnership=one,
            partner=one.name_of(one.other(actor.organization_id)),
            given=[(side.name, given.get((one.id, side.organization_id), Gave())) for side in one.sides_by_id],
            waiting=waiting.get(one.id, Waiting()),
            counts=counts[one.id],
            reading=read.get(one.id),
            cases=live.get(one.id, []),
            advance=advance if advance.trust_advance else None,
        )
        for one, advance in zip(joined, advances, strict=True)
    ]


def _live(actor: Actor) -> Mapping[UUID, list[Case]]:
    found: dict[UUID, list[Case]] = {}
    if actor.has("cases:read"):
        for case in cases.all_live(actor):
            found.setdefault(case.partnership_id, []).append(case)
    return found


def to_do(actor: Actor, found: Sequence[Glance]) -> list[tuple[str, str]]:
    """Return what to do next in words, and where: at most three things over these exchanges, most urgent first."""
    by_id = {one.partnership.id: one for one in found}
    today = calendars.today(actor)
    return [_worded(one, by_id[one.where]) for one in next_steps(_seen(actor, glance, today) for glance in found)]


def _seen(actor: Actor, glance: Glance, today: date) -> Seen[UUID]:
    mine = [side.organization_id for side in glance.partnership.sides_by_id].index(actor.organization_id)
    turn = glance.counts.turn
    kinds = Counter(("overdue" if case.due_on < today else "search") for case in glance.cases if _counts(case, today))
    return Seen(
        glance.partnership.id,
        late_here=glance.waiting.ours_late,
        waiting_here=glance.waiting.ours,
        late_there=glance.waiting.theirs_late,
        overdue=kinds["overdue"],
        searches=kinds["search"],
        to_give=turn.leads if turn and turn.place == mine else 0,
    )


def _counts(case: Case, today: date) -> bool:
    return case.due_on < today or case.is_of_the_record


def _worded(one: Next[UUID], glance: Glance) -> tuple[str, str]:
    """Return one thing to do in words, and the page where it is done."""
    return str(_words(one.what, one.number, glance.partner)), _where(one.what, glance)


def _words(what: ToDo, count: int, partner: str) -> Any:
    match what:
        case ToDo.ANSWER_LATE:
            return ngettext(
                "Answer %(num)d lead from %(partner)s: the agreed time has passed",
                "Answer %(num)d leads from %(partner)s: the agreed time has passed",
                count,
                partner=partner,
            )
        case ToDo.SETTLE_OVERDUE:
            return ngettext(
                "Settle %(num)d case with %(partner)s that is due",
                "Settle %(num)d cases with %(partner)s that are due",
                count,
                partner=partner,
            )
        case ToDo.LOOK_FOR_CAUSE:
            return _("Look for the cause with %(partner)s: the fact sheet is filled", partner=partner)
        case ToDo.ANSWER:
            return ngettext(
                "Answer %(num)d lead from %(partner)s", "Answer %(num)d leads from %(partner)s", count, partner=partner
            )
        case ToDo.GIVE:
            return ngettext(
                "Give %(partner)s %(num)d lead: it is your turn",
                "Give %(partner)s %(num)d leads: it is your turn",
                count,
                partner=partner,
            )
        case ToDo.ASK_PARTNER:
            return ngettext(
                "Ask %(partner)s for %(num)d answer that is late",
                "Ask %(partner)s for %(num)d answers that are late",
                count,
                partner=partner,
            )


def _where(what: ToDo, glance: Glance) -> str:
    if what in {ToDo.SETTLE_OVERDUE, ToDo.LOOK_FOR_CAUSE}:
        about = (one for one in glance.cases if what is ToDo.SETTLE_OVERDUE or one.is_of_the_record)
        return url_for("cases_pages.case", case_id=next(about).id)
    if what is ToDo.GIVE:
        return url_for("leads_pages.new_offer")
    waits: dict[str, Any] = {"partnership_id": glance.partnership.id, "status": OfferStatus.OFFERED.value}
    page = "offers_given" if what is ToDo.ASK_PARTNER else "offers_received"
    return url_for(f"leads_pages.{page}", **waits, sort="respond_by")
