"""Figures of one person, for that person; of teams, as they were published. They count what the report counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, exists, extract, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from partnercrm.identity import queries as identity
from partnercrm.identity.errors import FiguresArePrivate
from partnercrm.identity.models import User
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import Invalid
from partnercrm.leads.figures import Contribution, Figure
from partnercrm.leads.lifecycle import OfferStatus
from partnercrm.leads.models import FigureMonth, LeadStep, Offer, TeamFigure
from partnercrm.leads.queries import contests
from partnercrm.leads.queries.reports import taken_back
from partnercrm.leads.queries.spans import in_span
from partnercrm.leads.spans import Span
from partnercrm.partnerships import queries as partnerships
from partnercrm.partnerships.models import Member

MONTHS_SHOWN: Final = 12
_happened_in: ColumnElement[Any] = func.to_char(func.timezone("UTC", LeadStep.happened_at), "YYYY-MM")
_TAKEN: Final = extract("epoch", Offer.answered_at - Offer.offered_at)
GIVEN: Final = {
    OfferStatus.OFFERED: Figure.GIVEN,
    OfferStatus.ACCEPTED: Figure.ACCEPTED,
    OfferStatus.QUALIFIED: Figure.QUALIFIED,
    OfferStatus.WON: Figure.WON,
}


class Qualified(NamedTuple):
    """A lead that somebody gave and the partner qualified."""

    offer_id: UUID
    user_id: UUID
    qualified_at: datetime


@dataclass(frozen=True, slots=True)
class PersonMonth:
    """One person's figures of one month (UTC)."""

    month: str
    figures: Mapping[Figure, int]


@dataclass(frozen=True, slots=True)
class Seller:
    """One person's figures of one exchange, in the months that were asked for."""

    user_id: UUID
    name: str
    figures: Mapping[Figure, int]


@dataclass(frozen=True, slots=True)
class TeamMonth:
    """A published month: each group of teams with what it shows, and whether anything may be shown at all."""

    month: str
    groups: Sequence[TeamFigure]


def published_months_seen_by(actor: Actor) -> Select[FigureMonth]:
    """Return the months whose team figures the actor's own organization published."""
    return select(FigureMonth).where(FigureMonth.organization_id == actor.organization_id)


def team_figures_seen_by(actor: Actor) -> Select[TeamFigure]:
    """Return the published figures of the actor's own organization."""
    return select(TeamFigure).where(TeamFigure.organization_id == actor.organization_id)


def person_figures(actor: Actor, person: User) -> Sequence[PersonMonth]:
    """Return a person's figures of their last twelve active months, newest first.

    Raises FiguresArePrivate unless it is the actor or the works agreement opens them.
    """
    if not identity.sees_figures_of(actor, person.id):
        raise FiguresArePrivate
    by_month: dict[str, dict[Figure, int]] = {}
    for figure, rows in _counted(actor.organization_id).items():
        mine = rows.where(Member.user_id == person.id).add_columns(_happened_in).group_by(_happened_in)
        for _user_id, amount, month in db.session().execute(mine):
            by_month.setdefault(month, dict.fromkeys(Figure, 0))[figure] = int(amount)
    return [PersonMonth(month, by_month[month]) for month in sorted(by_month, reverse=True)[:MONTHS_SHOWN]]


def sellers(actor: Actor, partnership_id: UUID, window: Span) -> Sequence[Seller]:
    """Return the figures of one exchange by seller of the actor's side, by name: the actor, and whoever contributed.

    Colleagues are among them only where the works agreement opens their figures to the actor. Raises NotFound.
    """
    partnerships.joined_partnership(actor, partnership_id)
    sees_all = identity.sees_figures_of(actor, None)
    found = {user_id: dict.fromkeys(Figure, 0) for user_id in [actor.user_id] if user_id}
    for figure, counted in _counted(actor.organization_id).items():
        rows = counted.where(LeadStep.partnership_id == partnership_id, in_span(window, LeadStep.happened_at))
        for user_id, amount in db.session().execute(rows if sees_all else rows.where(Member.user_id == actor.user_id)):
            found.setdefault(user_id, dict.fromkeys(Figure, 0))[figure] = int(amount)
    people = select(User.id, User.name).where(User.organization_id == actor.organization_id, User.id.in_(found))
    named = db.session().execute(people.order_by(User.name, User.id))
    return [Seller(user_id, name, found[user_id]) for user_id, name in named]


def contributions(organization_id: UUID, month: str) -> Mapping[Figure, Sequence[Contribution]]:
    """Return what everybody contributed in a month, be it nothing, with the team each is in now; for publishing alone.

    Also of who left: whether they contributed is theirs as well.
    """
    found = {}
    for figure, rows in _counted(organization_id).items():
        counted = rows.where(_happened_in == month).subquery()
        amount: ColumnElement[Any] = counted.columns[1]
        teams = select(User.id, User.team_id, func.coalesce(amount, 0)).outerjoin(
            counted, counted.columns[0] == User.id
        )
        own = teams.where(User.organization_id == organization_id)
        found[figure] = [Contribution(row[0], row[1], int(row[2])) for row in db.session().execute(own)]
    return found


def sees_team_figures(actor: Actor) -> bool:
    """Tell whether the actor may read figures of groups: who oversees all leads."""
    return actor.has("leads:all")


def team_figures(actor: Actor, month: str, team_id: UUID | None) -> TeamMonth:
    """Return what was published for a month, of one team's group or of all. Raises Invalid, FiguresArePrivate."""
    if not sees_team_figures(actor):
        raise FiguresArePrivate
    is_published = exists(published_months_seen_by(actor).where(FigureMonth.month == month).with_only_columns(1))
    if not db.session().execute(select(is_published)).scalar_one():
        raise Invalid.field("month", "The figures of this month are not published; a month is, once it is over.")
    rows = team_figures_seen_by(actor).where(TeamFigure.month == month)
    if team_id is not None:
        rows = rows.where(TeamFigure.team_ids.contains([team_id]))
    found = db.session().scalars(rows.order_by(TeamFigure.measure, TeamFigure.place)).all()
    return TeamMonth(month, found)


def published_months(actor: Actor) -> Sequence[str]:
    """Return the months whose team figures are published, newest first, at most 36."""
    rows = published_months_seen_by(actor).with_only_columns(FigureMonth.month).order_by(FigureMonth.month.desc())
    return db.session().scalars(rows.limit(36)).all()


def months_to_publish(organization_id: UUID, before: str) -> Sequence[str]:
    """Return the months before this one in which something happened, and which were not published."""
    mine = or_(LeadStep.giver_id == organization_id, LeadStep.receiver_id == organization_id)
    months = select(_happened_in.label("month")).where(mine).distinct().subquery().c
    done = exists().where(FigureMonth.organization_id == organization_id, FigureMonth.month == months.month)
    rows = select(months.month).where(months.month < before, ~done).order_by(months.month)
    return db.session().scalars(rows).all()


def qualified_leads(
    organization_id: UUID, other_than: Select[UUID], after: tuple[datetime, UUID] | None, most: int
) -> Sequence[Qualified]:
    """Return some leads that a person of the organization gave and that count as qualified, oldest first; for jobs."""
    at = func.min(LeadStep.happened_at)
    rows = (
        select(LeadStep.offer_id, Member.user_id, at)
        .join_from(LeadStep, Offer, Offer.id == LeadStep.offer_id)
        .join(Member, Member.id == Offer.giver_member_id)
        .where(LeadStep.giver_id == organization_id, _counts(OfferStatus.QUALIFIED))
        .where(Member.organization_id == organization_id, LeadStep.offer_id.not_in(other_than))
        .group_by(LeadStep.offer_id, Member.user_id)
        .order_by(at, LeadStep.offer_id)
        .limit(most)
    )
    if after is not None:
        rows = rows.having(tuple_(at, LeadStep.offer_id) > after)
    return [Qualified(*row) for row in db.rows(rows)]


def _counted(organization_id: UUID) -> Mapping[Figure, Select[Any]]:
    """Return for each figure the statement that counts it, by person of the organization."""
    figures: dict[Figure, Select[Any]] = {
        figure: _steps(organization_id, _counts(step), Offer.giver_member_id, LeadStep.giver_id, func.count())
        for step, figure in GIVEN.items()
    }
    in_time = func.sum(case((Offer.answered_at <= Offer.respond_by, 1), else_=0))
    hours = func.greatest(cast(func.round(func.sum(_TAKEN) / 3600), BigInteger), 1)
    for figure, amount in (
        (Figure.ANSWERED, func.count()),
        (Figure.IN_TIME, in_time),
        (Figure.RESPONSE_HOURS, hours),
    ):
        figures[figure] = _steps(
            organization_id, _counts(OfferStatus.ACCEPTED), Offer.receiver_member_id, LeadStep.receiver_id, amount
        )
    return figures


def _counts(step: OfferStatus) -> ColumnElement[bool]:
    """Tell whether a step counts as this one: not a lead taken back; as qualified also one wrongly disqualified."""
    is_it = LeadStep.step == step
    if step is OfferStatus.OFFERED:
        return and_(is_it, ~taken_back())
    return or_(is_it, contests.is_corrected()) if step is OfferStatus.QUALIFIED else is_it


def _steps(
    organization_id: UUID,
    counts: ColumnElement[bool],
    member_id: InstrumentedAttribute[Any],
    side_id: InstrumentedAttribute[UUID],
    amount: ColumnElement[Any],
) -> Select[Any]:
    return (
        select(Member.user_id, amount.label("amount"))
        .join_from(LeadStep, Offer, Offer.id == LeadStep.offer_id)
        .join(Member, Member.id == member_id)
        .where(side_id == organization_id, counts, Member.organization_id == organization_id)
        .group_by(Member.user_id)
    )
