"""Whose deal it is by what was logged: one side sourced it, the other may have influenced it. Pure, by written rules.

*Sourced* is by version 1 the side whose registration holds the deal, which the earliest evidence decides; by version 2
the side whose lead became the deal comes before it, the earliest where there were several. Always one, and so no value
is counted twice under it. *Influenced* is the other side, where it did something that the rules name inside the
look-back before the deal was closed, or before the moment asked about while it is open. What was not on record at that
moment counts for nothing, so that any day can be recounted; what is logged late counts from no more than 90 days before
it was recorded, as evidence does. Rules once written stay; others have another version and a day from which
they hold, for deals that are open then or closed later.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.deals.conflicts import BACKDATING
from partnercrm.deals.histories import DealAct, State, as_of
from partnercrm.deals.stages import CLOSED, OPEN_STAGES


class Deed(StrEnum):
    """What a side did for a deal."""

    REGISTERED = "registered"
    PROPOSAL_SENT = "proposal_sent"
    NEED_CONFIRMED = "need_confirmed"
    MEETING_HELD = "meeting_held"
    ADVANCED = "advanced"
    LEAD_GIVEN = "lead_given"


class Credit(StrEnum):
    """What a deed counts as."""

    SOURCED = "sourced"
    INFLUENCED = "influenced"


class Rules(NamedTuple):
    """By what deals are attributed from a day on: how far back influence is sought, what it is, and if leads source."""

    version: int
    from_on: date
    look_back: timedelta
    influences: frozenset[Deed]
    leads_source: bool = False


class Done(NamedTuple):
    """One deed: whose, what, when it happened, and when the database's clock recorded it."""

    organization_id: UUID
    deed: Deed
    happened_at: datetime
    recorded_at: datetime

    @property
    def counts_from(self) -> datetime:
        """From which moment it counts."""
        return max(self.happened_at, self.recorded_at - BACKDATING)


class Counted(NamedTuple):
    """A deed and what it counts as."""

    organization_id: UUID
    deed: Deed
    credit: Credit
    happened_at: datetime
    recorded_at: datetime
    counts_from: datetime


class Attribution(NamedTuple):
    """Who sourced a deal, who influenced it if anybody, and every deed that says so, oldest first."""

    rules: Rules
    as_of: datetime
    sourced_by: UUID
    influenced_by: UUID | None
    evidence: Sequence[Counted]

    @property
    def rules_version(self) -> int:
        """Which rules."""
        return self.rules.version

    @property
    def look_back_days(self) -> int:
        """How many days back influence is looked for."""
        return self.rules.look_back.days


_FIRST: Final = Rules(
    version=1,
    from_on=date(2000, 1, 1),
    look_back=timedelta(days=180),
    influences=frozenset({Deed.PROPOSAL_SENT, Deed.NEED_CONFIRMED, Deed.MEETING_HELD, Deed.ADVANCED}),
)
RULES: Final = (_FIRST, _FIRST._replace(version=2, from_on=date(2026, 11, 23), leads_source=True))


def rules_at(moment: datetime, written: Sequence[Rules] = RULES) -> Rules:
    """Return the rules that hold at a moment: the last that had begun, in UTC."""
    return max((one for one in written if one.from_on <= moment.astimezone(UTC).date()), key=lambda one: one.from_on)


def attributed(
    states: Sequence[State], deeds: Iterable[Done], moment: datetime, written: Sequence[Rules] = RULES
) -> Attribution | None:
    """Return whose a deal was by what was on record at a moment; None where it was not open yet.

    `states` are all it has been in; `deeds` what either side logged for it, its registrations' evidence among them.
    """
    state = as_of(states, moment)
    if state is None:
        return None
    end = state.happened_at if state.facts.stage in CLOSED else moment
    rules = rules_at(end, written)
    known = sorted((one for one in {*deeds, *advances(states)} if one.recorded_at <= moment), key=_order)
    source = _source(known, rules, end) or state.facts.origin_id
    evidence = [
        Counted(one.organization_id, one.deed, credit, one.happened_at, one.recorded_at, one.counts_from)
        for one in known
        if (credit := _credit(one, source, rules, end)) is not None
    ]
    influencers = {one.organization_id for one in evidence if one.credit is Credit.INFLUENCED}
    return Attribution(rules, moment, source, next(iter(influencers), None), evidence)


def advances(states: Sequence[State]) -> list[Done]:
    """Return by whom a deal came further than it had ever been, each time."""
    found, furthest = [], 0
    for state in sorted(states, key=lambda one: one.version):
        reached = OPEN_STAGES.index(state.facts.stage) if state.facts.stage in OPEN_STAGES else 0
        if reached > furthest and state.act is DealAct.MOVED:
            found.append(Done(state.acting_id, Deed.ADVANCED, state.happened_at, state.recorded_at))
        furthest = max(furthest, reached)
    return found


def _source(known: Sequence[Done], rules: Rules, end: datetime) -> UUID | None:
    """Return whose lead became the deal, the earliest, where the rules name leads and there is one."""
    given = [one for one in known if one.deed is Deed.LEAD_GIVEN and one.counts_from <= end]
    return given[0].organization_id if given and rules.leads_source else None


def _credit(one: Done, source: UUID, rules: Rules, end: datetime) -> Credit | None:
    if one.deed is Deed.LEAD_GIVEN and not rules.leads_source:
        return None
    if one.organization_id == source:
        return Credit.SOURCED if one.deed is not Deed.ADVANCED and one.counts_from <= end else None
    inside = end - rules.look_back <= one.counts_from <= end
    return Credit.INFLUENCED if inside and one.deed in rules.influences else None


def _order(one: Done) -> tuple[datetime, datetime, str, str]:
    return one.counts_from, one.recorded_at, one.deed.value, str(one.organization_id)
