"""How two organizations share a deal, what that comes to, and what changes with another agreement. Pure and exact.

Splits, overlays and rates are integer millionths of an amount in minor units. Every fee is paid by one side to the
other: what one pays the other receives. Amounts of a refund are negative and mirror those of the sale.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple
from uuid import UUID

from partnercrm.deals.histories import State
from partnercrm.deals.registering import Involvement
from partnercrm.incentives.splits import WHOLE, overlay, split
from partnercrm.kernel.errors import FieldError, Told
from partnercrm.partnerships.agreements import EntryStage, PartnerRole, Payer, SplitTemplate
from partnercrm.partnerships.percents import PERCENT, percent


class Portion(StrEnum):
    """What an organization has of a deal: credit, credit on top, or a fee it pays (negative) or receives."""

    REVENUE_SPLIT = "revenue_split"
    OVERLAY_SPLIT = "overlay_split"
    REFERRAL_FEE = "referral_fee"
    REVENUE_SHARE = "revenue_share"


FEES: Final = (Portion.REFERRAL_FEE, Portion.REVENUE_SHARE)


class Fee(NamedTuple):
    """What one side pays the other of an amount, in millionths."""

    kind: Portion
    payer_id: UUID
    rate: int


class Sharing(NamedTuple):
    """What two organizations have of a deal: revenue splits of exactly the whole, overlays on top, and fees."""

    splits: Mapping[UUID, int]
    overlays: Mapping[UUID, int]
    fees: tuple[Fee, ...] = ()


class Posting(NamedTuple):
    """What a portion of a deal comes to for an organization, in minor units."""

    organization_id: UUID
    portion: Portion
    minor: int


class Mirror(NamedTuple):
    """What one organization has on record of a fee of an event: received (positive) or paid (negative)."""

    event_id: UUID
    portion: Portion
    currency: str
    minor: int


def portions(sharing: Sharing, minor: int) -> list[Posting]:
    """Return what each organization has of an amount, each portion that is not nothing, in a fixed order.

    The revenue splits sum to the amount, the overlays to their total rounded once, each fee to zero.
    """
    found = [Posting(who, Portion.REVENUE_SPLIT, part) for who, part in split(minor, sharing.splits).items()]
    if any(sharing.overlays.values()):
        found += [Posting(who, Portion.OVERLAY_SPLIT, part) for who, part in overlay(minor, sharing.overlays).items()]
    for fee in sharing.fees:
        paid = round(Fraction(minor * fee.rate, WHOLE))
        found += [Posting(who, fee.kind, -paid if who == fee.payer_id else paid) for who in sorted(sharing.splits)]
    return [one for one in found if one.minor]


def differences(old: Sharing | None, new: Sharing | None, minor: int) -> list[Posting]:
    """Return what is to be posted when a deal of this amount was shared by `old` and is to be by `new`.

    None is for a deal that nothing was, or is no longer, agreed about. Differences add up: along any row of agreements
    they come to what the last one gives; from an agreement to itself there are none.
    """
    after, before = _by_portion(new, minor), _by_portion(old, minor)
    order = sorted(after.keys() | before.keys(), key=lambda one: (list(Portion).index(one[1]), one[0]))
    return [Posting(*one, after[one] - before[one]) for one in order if after[one] != before[one]]


def unmirrored(ours: Iterable[Mirror], theirs: Iterable[Mirror]) -> list[Mirror]:
    """Return where two organizations' records of their fees differ: each event and portion with what is too much.

    None where what one paid the other received, to the minor unit; the difference is ours plus theirs.
    """
    sums: Counter[tuple[UUID, Portion, str]] = Counter()
    for one in (*ours, *theirs):
        sums[one.event_id, one.portion, one.currency] += one.minor
    return [Mirror(*key, minor) for key, minor in sorted(sums.items()) if minor]


def came_in(states: Sequence[State]) -> EntryStage | None:
    """Return the stage at which the partner came in: that of the first state in which both sell together."""
    ordered = sorted(states, key=lambda one: one.version)
    both = (one.facts.stage.value for one in ordered if one.facts.involvement is Involvement.CO_SELL)
    return next((EntryStage(stage) for stage in both if stage in set(EntryStage)), None)


def template_for(
    templates: Iterable[SplitTemplate], origin_id: UUID, role: PartnerRole, stage: EntryStage
) -> SplitTemplate | None:
    """Return the template for a deal: one for this origin before one for either, of these the one from the last stage.

    None where the partners agreed none for it.
    """
    stages = list(EntryStage)
    fitting = [one for one in templates if fits(one, origin_id, role, stage)]
    return max(fitting, key=lambda one: (one.origin_id is not None, stages.index(one.from_stage)), default=None)


def fits(template: SplitTemplate, origin_id: UUID, role: PartnerRole, stage: EntryStage) -> bool:
    """Tell whether a template is for deals of this origin, with a partner in this role who came in at this stage."""
    stages = list(EntryStage)
    came_late_enough = stages.index(template.from_stage) <= stages.index(stage)
    return template.origin_id in {origin_id, None} and template.role is role and came_late_enough


def applied(template: SplitTemplate, origin_id: UUID, partner_id: UUID) -> Sharing:
    """Return how a template shares a deal that `origin_id` created with `partner_id`."""
    payers = {Payer.SOURCE: origin_id, Payer.PARTNER: partner_id}
    fees = (
        (Portion.REFERRAL_FEE, template.referral_payer, template.referral_fee),
        (Portion.REVENUE_SHARE, template.revenue_payer, template.revenue_share),
    )
    return Sharing(
        {origin_id: template.source_split, partner_id: WHOLE - template.source_split},
        {origin_id: template.source_overlay, partner_id: template.partner_overlay},
        tuple(Fee(kind, payers[payer], rate) for kind, payer, rate in fees if payer and rate),
    )


def faults(sharing: Sharing, sides: Iterable[UUID], cap_percent: int) -> list[FieldError]:
    """Return everything that is wrong with how a deal is to be shared, by field: the sum, the cap, who pays."""
    known = set(sides)
    found = []
    if sharing.splits.keys() != known:
        found.append(FieldError("shares", "Name each of the two partners once."))
    elif (total := sum(sharing.splits.values())) != WHOLE:
        message = Told("The revenue splits come to %(sum)s %%, not to 100 %%.", sum=percent(total))
        found.append(FieldError("shares", message))
    if (total := sum(sharing.overlays.values())) > cap_percent * PERCENT:
        message = Told(
            "The overlays come to %(sum)s %%, more than the agreed %(cap)d %%.", sum=percent(total), cap=cap_percent
        )
        found.append(FieldError("shares", message))
    strangers = [fee for fee in sharing.fees if fee.payer_id not in known]
    return found + [FieldError(f"{fee.kind}.payer_id", "This is neither of the two partners.") for fee in strangers]


def _by_portion(sharing: Sharing | None, minor: int) -> Counter[tuple[UUID, Portion]]:
    return Counter(
        {(one.organization_id, one.portion): one.minor for one in portions(sharing, minor)} if sharing else {}
    )
