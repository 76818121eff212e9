"""When something happens below, do something above: the only upward wiring."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from partnercrm.accounts import kept as accounts_kept
from partnercrm.accounts import notices as accounts
from partnercrm.accounts import sights as accounts_sights
from partnercrm.accounts import subject_access as accounts_access
from partnercrm.accounts.actions import leaving as accounts_leaving
from partnercrm.accounts.actions import populations, recognising
from partnercrm.accounts.queries.receipts import Source
from partnercrm.activity import sights as activity_sights
from partnercrm.activity.actions import Reaction, record_erasure
from partnercrm.activity.sights import Sight
from partnercrm.calendars import actions as calendars
from partnercrm.calendars import sights as calendars_sights
from partnercrm.calendars import subject_access as calendars_access
from partnercrm.cases import notices as cases
from partnercrm.cases import sights as cases_sights
from partnercrm.cases import subject_access as cases_access
from partnercrm.cases.actions import announcing as moderating
from partnercrm.cases.actions import leaving as cases_leaving
from partnercrm.cases.actions.exhibits import Exhibit
from partnercrm.deals import notices as deals
from partnercrm.deals import sights as deals_sights
from partnercrm.deals import subject_access as deals_access
from partnercrm.deals.actions import appealing, uniting
from partnercrm.deals.actions import leaving as deals_leaving
from partnercrm.deals.queries import receipts as deals_receipts
from partnercrm.enablement import kept as enablement_kept
from partnercrm.enablement import notices as enablement
from partnercrm.enablement import sights as enablement_sights
from partnercrm.enablement import subject_access as enablement_access
from partnercrm.enablement.actions import leaving as enablement_leaving
from partnercrm.identity import kept as identity_kept
from partnercrm.identity import sights as identity_sights
from partnercrm.identity import subject_access as identity_access
from partnercrm.identity.actions.erasing import Partnerships
from partnercrm.identity.actions.leaving import Holder
from partnercrm.identity.retention import Kind as RetentionKind
from partnercrm.identity.subject_access import Section
from partnercrm.incentives import notices as incentives
from partnercrm.incentives import sights as incentives_sights
from partnercrm.incentives import subject_access as incentives_access
from partnercrm.incentives.actions import earning
from partnercrm.integrations import kept as integrations_kept
from partnercrm.integrations import notices as integrations
from partnercrm.integrations import sights as integrations_sights
from partnercrm.integrations import subject_access as integrations_access
from partnercrm.integrations.actions import leaving as imports_leaving
from partnercrm.integrations.contents import ImportKind
from partnercrm.integrations.models import FileImport
from partnercrm.kernel.actor import Actor
from partnercrm.leads import kept as leads_kept
from partnercrm.leads import notices as leads
from partnercrm.leads import sights as leads_sights
from partnercrm.leads import subject_access as leads_access
from partnercrm.leads.actions import claiming, contesting, passing, rounds
from partnercrm.leads.actions import leaving as leads_leaving
from partnercrm.leads.queries import goals, standing
from partnercrm.leads.queries import receipts as leads_receipts
from partnercrm.notices import kept as notices_kept
from partnercrm.notices import sights as notices_sights
from partnercrm.notices import subject_access as notices_access
from partnercrm.notices.actions import linking, telling
from partnercrm.notices.kinds import Kind
from partnercrm.partnerships import notices as partnerships
from partnercrm.partnerships import queries as partnership_queries
from partnercrm.partnerships import sights as partnerships_sights
from partnercrm.partnerships import subject_access as partnerships_access
from partnercrm.partnerships.actions import announcing
from partnercrm.partnerships.actions import leaving as partnerships_leaving
from partnercrm.partnerships.queries.phases import GoalFigures

# What people are told of; each kind follows its verb.
KINDS: Final[Sequence[Kind]] = (
    *leads.KINDS,
    *deals.KINDS,
    *incentives.KINDS,
    *integrations.KINDS,
    *accounts.KINDS,
    *cases.KINDS,
    *enablement.KINDS,
    *partnerships.KINDS,
)


def _look_over(actor: Actor, verb: str, one: FileImport, activity_id: UUID) -> None:
    """Look through the organization's accounts again after a file brought some in, or was taken back."""
    if one.kind is ImportKind.ACCOUNTS:
        populations.count_later(actor)
        recognising.look_for_pairs(actor)


# What was sent to an address reaches whoever gets an account with it.
_REACHED: Final[Sequence[Reaction]] = (announcing.reach_addressee, moderating.reach_moderator)
_FOLLOWS: Final[Mapping[str, Sequence[Reaction]]] = {
    "case.decided": (contesting.settle_contest, claiming.settle_claim, appealing.settle_appeal),
    "deal.won": (earning.record_win,),
    "joint_account.merged": (uniting.settle_merged,),
    "user.added": _REACHED,
    "user.edited": (linking.void_links_of_disabled, passing.pass_on_later, *_REACHED),
    "import.applied": (_look_over,),
    "import.undone": (_look_over,),
    "partnership.paused": (rounds.return_of_paused,),
    "user.rights_lost": (partnerships_leaving.step_down, passing.pass_on_later),
    "member.released": (passing.pass_on_later,),
    **dict.fromkeys(
        ("user.closed", "user.password_changed", "user.password_chosen", "user.password_reset"), (linking.void_links,)
    ),
}
_TOLD: Final = {kind.verb for kind in KINDS if kind.audience}

REACTIONS: Final[Mapping[str, Sequence[Reaction]]] = {
    verb: (*_FOLLOWS.get(verb, ()), *((telling.react,) if verb in _TOLD else ())) for verb in {*_FOLLOWS, *_TOLD}
}

# What a leaver holds, and how it passes on: members are named before offers pass to them.
HOLDERS: Final[Sequence[Holder]] = (
    Holder(partnerships_leaving.held_by, partnerships_leaving.hand_over, partnerships_leaving.let_go),
    Holder(cases_leaving.held_by, cases_leaving.hand_over),
    Holder(enablement_leaving.held_by, enablement_leaving.hand_over),
    Holder(leads_leaving.held_by, leads_leaving.hand_over),
    Holder(deals_leaving.held_by, deals_leaving.hand_over),
    Holder(accounts_leaving.held_by, accounts_leaving.hand_over),
    Holder(imports_leaving.held_by, imports_leaving.hand_over),
    Holder(calendars.held_by, calendars.hand_over, calendars.let_go),
)

# What is kept for a time, in the order in which the page of retention shows it.
KEPT_FOR_A_TIME: Final[Sequence[RetentionKind]] = (
    *leads_kept.KINDS,
    *accounts_kept.KINDS,
    *enablement_kept.KINDS,
    *integrations_kept.KINDS,
    *notices_kept.KINDS,
    *identity_kept.KINDS,
)

# What cases can copy in: the records of things above them.
EXHIBITS: Final[Mapping[str, Exhibit]] = {"offers": standing.exhibit}

# What above accounts tells partners of companies.
RECEIPTS: Final[Sequence[Source]] = (leads_receipts.of_account, deals_receipts.of_account)

# Who counts the goals of a partnership that the record of leads has figures for.
GOAL_FIGURES: Final[GoalFigures] = goals.goal_figures


# What is known of people, with the queries and rules that grant it.
SIGHTS: Final[Sequence[Sight]] = (
    *identity_sights.SIGHTS,
    *calendars_sights.SIGHTS,
    *partnerships_sights.SIGHTS,
    *enablement_sights.SIGHTS,
    *accounts_sights.SIGHTS,
    *leads_sights.SIGHTS,
    *deals_sights.SIGHTS,
    *incentives_sights.SIGHTS,
    *cases_sights.SIGHTS,
    *integrations_sights.SIGHTS,
    *notices_sights.SIGHTS,
    *activity_sights.SIGHTS,
)

# What is written out for a person, section by section.
SECTIONS: Final[Sequence[Section]] = (
    *identity_access.SECTIONS,
    *notices_access.SECTIONS,
    *calendars_access.SECTIONS,
    *partnerships_access.SECTIONS,
    *cases_access.SECTIONS,
    *enablement_access.SECTIONS,
    *accounts_access.SECTIONS,
    *leads_access.SECTIONS,
    *deals_access.SECTIONS,
    *incentives_access.SECTIONS,
    *integrations_access.SECTIONS,
)


def _tell_partnership(actor: Actor, partnership_id: UUID, erasure_id: UUID) -> None:
    """Record for both sides of a partnership that a person was erased in it."""
    record_erasure(actor, partnership_queries.partnership(actor, partnership_id), erasure_id)


# What erasing a person does to partnerships.
ERASED_FROM: Final = Partnerships(hold=partnership_queries.hold_all, tell=_tell_partnership)
