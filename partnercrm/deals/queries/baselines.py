"""Reading one's own side's joint deals beside what it says it wins alone; the other side reads none of it."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Select, and_, case, cast, func, or_, select

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.joint import JointAccountSide
from partnercrm.accounts.models.mapping import ClusterMember, JointCluster
from partnercrm.accounts.queries.overlaps import clusters_seen_by
from partnercrm.accounts.relationships import Relationship
from partnercrm.deals.baselines import Against, Middle, factor, middle, middles, rates
from partnercrm.deals.involving import VALIDATED, Outcome
from partnercrm.deals.models import Registration, RegistrationSide
from partnercrm.deals.models.baselines import SalesBaseline
from partnercrm.deals.models.books import DealBook
from partnercrm.deals.models.deals import Deal
from partnercrm.deals.queries import registrations_seen_by
from partnercrm.deals.queries.selling import deals_seen_by
from partnercrm.deals.stages import CLOSED, Stage
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.money import Money
from partnercrm.leads.intervals import Interval
from partnercrm.leads.spans import Span, months_until
from partnercrm.partnerships import queries as partnerships


class Opened(NamedTuple):
    """Own open opportunities on accounts in common, those that were registered, and those before validation."""

    eligible: int
    registered: int
    before_validation: int


class OwnSales(NamedTuple):
    """Joint deals closed in some months beside what the own side says it wins alone.

    `sizes` is of won deals whose value is known in the baseline's currency, `left_out` how many others were won.
    """

    partnership_id: UUID
    window: Span
    baseline: SalesBaseline | None
    joint: Outcome
    sizes: Middle | None
    left_out: int
    days: Middle | None
    opened: Opened

    @property
    def values(self) -> dict[str, Money] | None:
        """What won deals are worth, in the baseline's currency."""
        if self.sizes is None or self.baseline is None or self.baseline.currency is None:
            return None
        return {name: Money(minor, self.baseline.currency) for name, minor in self.sizes._asdict().items()}

    @property
    def rate(self) -> Against:
        """How often joint deals are won, against deals alone."""
        return rates(self.joint, self.alone)

    @property
    def factor(self) -> Interval | None:
        """Between which factors joint deals are won more often than deals alone; None where too few tell."""
        return factor(self.joint, self.alone)

    @property
    def alone(self) -> Outcome | None:
        """What was won and lost alone, as it was stated."""
        one = self.baseline
        return None if one is None else Outcome(one.won + one.lost, one.won, one.lost)

    @property
    def value(self) -> Against:
        """How large joint deals are, against deals alone."""
        return middles(self.sizes, self.baseline.value_minor if self.baseline else None)

    @property
    def duration(self) -> Against:
        """How long joint deals take, against deals alone."""
        return middles(self.days, self.baseline.days if self.baseline else None)


def sales_baselines_seen_by(actor: Actor) -> Select[SalesBaseline]:
    """Return what the actor's organization says it wins alone, in partnerships that the actor is a member of."""
    return select(SalesBaseline).where(
        SalesBaseline.organization_id == actor.organization_id,
        partnerships.is_open_to(actor, SalesBaseline.partnership_id),
    )


def own_sales(actor: Actor, partnership_id: UUID, months: int) -> OwnSales:
    """Return joint deals beside what the own side wins alone. Raises NotFound."""
    partnerships.joined_partnership(actor, partnership_id)
    window = months_until(db.now(), months)
    rows = sales_baselines_seen_by(actor).where(SalesBaseline.partnership_id == partnership_id)
    baseline = db.session().scalars(rows.execution_options(populate_existing=True)).one_or_none()
    closed = db.session().execute(_closed(actor, partnership_id, window)).all()
    won = [(minor, currency, days) for stage, minor, currency, days in closed if stage is Stage.CLOSED_WON]
    known = [minor for minor, currency, _ in won if baseline and minor is not None and currency == baseline.currency]
    return OwnSales(
        partnership_id=partnership_id,
        window=window,
        baseline=baseline,
        joint=Outcome(len(closed), len(won), len(closed) - len(won)),
        sizes=middle(known),
        left_out=len(won) - len(known),
        days=middle([days for _, _, days in won]),
        opened=_opened(actor, partnership_id),
    )


def _closed(actor: Actor, partnership_id: UUID, window: Span) -> Select[Stage, int | None, str, int]:
    """Return closed deals: how they ended, what they are worth as far as the own side knows, and in how many days."""
    mine = actor.organization_id
    kept = and_(DealBook.organization_id == mine, DealBook.deal_id == Deal.id)
    ours = and_(RegistrationSide.organization_id == mine, RegistrationSide.registration_id == Deal.registration_id)
    has_own = DealBook.value_minor.is_not(None)
    minor = case((has_own, DealBook.value_minor), else_=func.coalesce(RegistrationSide.value_minor, Deal.value_minor))
    currency = case((has_own, DealBook.value_currency), else_=Deal.currency)
    days = func.extract("day", Deal.happened_at - Deal.opened_at)
    return (
        deals_seen_by(actor)
        .where(Deal.partnership_id == partnership_id, Deal.stage.in_(CLOSED), Deal.happened_at >= window.begins_at)
        .outerjoin(DealBook, kept)
        .outerjoin(RegistrationSide, ours)
        .with_only_columns(Deal.stage, minor, currency, cast(days, BigInteger))
    )


def _opened(actor: Actor, partnership_id: UUID) -> Opened:
    """Count own accounts with an open opportunity that both have or work on, and those it registered."""
    mine = actor.organization_id
    common = (
        clusters_seen_by(actor)
        .join(ClusterMember, ClusterMember.cluster_id == JointCluster.id)
        .where(JointCluster.partnership_id == partnership_id, ClusterMember.organization_id == mine)
        .with_only_columns(ClusterMember.account_id)
    )
    sides = select(JointAccountSide).where(
        JointAccountSide.organization_id == mine, JointAccountSide.partnership_id == partnership_id
    )
    joint = sides.with_only_columns(JointAccountSide.account_id).where(JointAccountSide.account_id.is_not(None))
    eligible = accounts.accounts_seen_by(actor).where(
        Account.relationship == Relationship.OPEN_OPPORTUNITY, or_(Account.id.in_(common), Account.id.in_(joint))
    )
    registered = (
        registrations_seen_by(actor)
        .join(JointAccountSide, JointAccountSide.joint_account_id == Registration.joint_account_id)
        .where(
            Registration.partnership_id == partnership_id,
            Registration.organization_id == mine,
            JointAccountSide.organization_id == mine,
            JointAccountSide.account_id.in_(eligible.with_only_columns(Account.id)),
        )
        .with_only_columns(
            func.count(JointAccountSide.account_id.distinct()),
            func.count(JointAccountSide.account_id.distinct()).filter(Registration.entry_stage.not_in(VALIDATED)),
        )
    )
    counted = eligible.with_only_columns(func.count(Account.id))
    return Opened(db.session().scalar(counted) or 0, *_two(db.session().execute(registered).one()))


def _two(row: Sequence[int]) -> tuple[int, int]:
    return row[0], row[1]
