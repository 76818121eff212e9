"""Reading coverage by months, of both sides alike and of the own groups; and pulses, told once they are over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select

from partnercrm.calendars.models import Calendar
from partnercrm.enablement.coverage import Counted, share
from partnercrm.enablement.models.coverage import CoverageGroup, CoverageMonth, PulseGiver, PulseRound
from partnercrm.identity.errors import FiguresArePrivate
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships import queries as partnerships
from partnercrm.web.paging import Page, page

PULSE_SORTS: Final[Mapping[str, Any]] = {"opened_at": PulseRound.opened_at}
_MONTHS_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class PulseSeen:
    """A round as its readers see it: while it is open nothing of it is told, and then a tenth of eight or more."""

    round: PulseRound
    has_answered: bool

    @property
    def is_open(self) -> bool:
        """Whether it still takes answers."""
        return clock.now() < self.round.closes_at

    @property
    def trusting_percent(self) -> int | None:
        """How many of those who took part trust the partner, in tenths; None while it is open, and of too few."""
        return None if self.is_open else share(Counted(self.round.answers, self.round.trusting))

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the round."""
        return getattr(self.round, name)


def months_of(actor: Actor) -> Select[CoverageMonth]:
    """Return the coverage of both sides, month by month, in partnerships of which the actor is a member."""
    mine = actor.organization_id
    return select(CoverageMonth).where(
        or_(CoverageMonth.organization_id == mine, CoverageMonth.other_id == mine),
        partnerships.is_open_to(actor, CoverageMonth.partnership_id),
    )


def groups_of(actor: Actor) -> Select[CoverageGroup]:
    """Return the coverage of the own side's groups in living partnerships."""
    return select(CoverageGroup).where(
        CoverageGroup.organization_id == actor.organization_id, partnerships.lives(CoverageGroup.partnership_id)
    )


def pulses_of(actor: Actor) -> Select[PulseRound]:
    """Return the own side's pulses in living partnerships."""
    return select(PulseRound).where(
        PulseRound.organization_id == actor.organization_id, partnerships.lives(PulseRound.partnership_id)
    )


def months(actor: Actor, partnership_id: UUID) -> Sequence[CoverageMonth]:
    """Return the coverage of both sides, newest month first, each month by organization. Raises NotFound."""
    partnerships.joined_partnership(actor, partnership_id, loading=())
    rows = months_of(actor).where(CoverageMonth.partnership_id == partnership_id)
    ordered = rows.order_by(CoverageMonth.month.desc(), CoverageMonth.organization_id)
    return db.session().scalars(ordered.limit(2 * _MONTHS_SHOWN)).all()


def groups(actor: Actor, partnership_id: UUID) -> Sequence[CoverageGroup]:
    """Return the own groups of the last month that was counted. Raises NotFound, FiguresArePrivate."""
    partnerships.joined_partnership(actor, partnership_id, loading=())
    if not actor.has("leads:all"):
        raise FiguresArePrivate
    rows = groups_of(actor).where(CoverageGroup.partnership_id == partnership_id)
    by_month = rows.with_only_columns(CoverageGroup.month).order_by(CoverageGroup.month.desc())
    newest = db.session().scalar(by_month.limit(1))
    shown = rows.where(CoverageGroup.month == newest).order_by(CoverageGroup.dimension, CoverageGroup.place)
    return db.session().scalars(shown).all()


def counted_months(actor: Actor, partnership_id: UUID) -> frozenset[str]:
    """Return the months of which the own side's coverage is kept."""
    rows = select(CoverageMonth.month).where(
        CoverageMonth.organization_id == actor.organization_id, CoverageMonth.partnership_id == partnership_id
    )
    return frozenset(db.session().scalars(rows))


def countries_of_teams(actor: Actor) -> tuple[Mapping[UUID, str], str]:
    """Return in which country each team works, by whose holidays it keeps, and the organization's; empty: not said."""
    rows = select(Calendar.team_id, Calendar.holidays).where(
        Calendar.organization_id == actor.organization_id, Calendar.user_id.is_(None), Calendar.holidays.is_not(None)
    )
    found = {team_id: (holidays or "")[:2] for team_id, holidays in db.session().execute(rows)}
    return {team_id: country for team_id, country in found.items() if team_id}, found.get(None, "")


def pulses(actor: Actor, partnership_id: UUID, given: Mapping[str, Any]) -> Page:
    """Return a page of the own side's pulses. Raises NotFound."""
    partnerships.joined_partnership(actor, partnership_id, loading=())
    rows = pulses_of(actor).where(PulseRound.partnership_id == partnership_id)
    given_by = _given_by(actor)
    return page(
        actor,
        rows,
        given,
        sorts=PULSE_SORTS,
        key=PulseRound.id,
        shown=lambda row: PulseSeen(row[0], row[0].id in given_by),
    )


def pulse(actor: Actor, round_id: UUID, *, lock: bool = False) -> PulseRound:
    """Return one pulse. Raises NotFound."""
    rows = pulses_of(actor).where(PulseRound.id == round_id)
    if lock:
        rows = rows.with_for_update(of=PulseRound).execution_options(populate_existing=True)
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def open_pulse(actor: Actor, partnership_id: UUID, at: datetime) -> PulseRound | None:
    """Return the pulse that takes answers at a moment, if one does."""
    rows = pulses_of(actor).where(PulseRound.partnership_id == partnership_id, PulseRound.closes_at > at)
    return db.session().scalars(rows.order_by(PulseRound.opened_at.desc()).limit(1)).first()


def pulse_seen(actor: Actor, round_id: UUID) -> PulseSeen:
    """Return one pulse as the actor sees it. Raises NotFound."""
    return PulseSeen(pulse(actor, round_id), round_id in _given_by(actor))


def _given_by(actor: Actor) -> frozenset[UUID]:
    rows = select(PulseGiver.round_id).where(
        PulseGiver.organization_id == actor.organization_id, PulseGiver.user_id == actor.user_id
    )
    return frozenset(db.session().scalars(rows))
