"""What account mapping and joint accounts tell people."""

from typing import Any, Final

from flask_babel import lazy_gettext as _

from partnercrm.accounts.queries import plans, yeses
from partnercrm.activity.queries import Event
from partnercrm.kernel.actor import Actor
from partnercrm.notices.kinds import Kind, Tells, Told
from partnercrm.partnerships import queries as partnerships


def those_who_manage_it(actor: Actor, event: Event) -> Told:
    """Tell the managers of the partnership on this side, and who stands in for them."""
    if event.partnership_id is None:
        return Told()
    managers = {member.user_id for member in partnerships.own_managers(actor, event.partnership_id)}
    partner = partnerships.partner_name(actor, event.partnership_id)
    return Told(partnerships.and_deputies(actor, managers), {"partner": partner})


def the_one_who_said_it(actor: Actor, event: Event) -> Told:
    """Tell whoever of this side said yes, and nobody else."""
    if event.partnership_id is None:
        return Told()
    said = yeses.who_said(actor, event.subject_id)
    return Told({said} if said else (), {"partner": partnerships.partner_name(actor, event.partnership_id)})


def _of_mapping(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    return Kind(verb, title, sentence, "accounts_pages.mapping", "mapping_id", audience=those_who_manage_it, **more)


def _of_partnership(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    return Kind(
        verb, title, sentence, "accounts_pages.mappings", "partnership_id", audience=those_who_manage_it, **more
    )


def those_who_work_on_it(actor: Actor, event: Event) -> Told:
    """Tell who of this side works on a joint account, or its managers while nobody does, and who stands in for them."""
    if event.partnership_id is None:
        return Told()
    own = plans.team(actor, [event.subject_id], actor.organization_id)
    people = {member.user_id for member in own or partnerships.own_managers(actor, event.partnership_id)}
    partner = partnerships.partner_name(actor, event.partnership_id)
    return Told(partnerships.and_deputies(actor, people), {"partner": partner})


def _of_joint_account(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    audience = more.pop("audience", those_who_work_on_it)
    return Kind(verb, title, sentence, "accounts_pages.joint_account", "joint_account_id", audience=audience, **more)


_OF_JOINT_ACCOUNTS: Final = (
    _of_joint_account(
        "joint_account.proposed",
        _("A partner proposes to work on an account together"),
        _("%(partner)s names a company it would like to work on with you. Your side says yes or no."),
        audience=those_who_manage_it,
        urgent=True,
    ),
    _of_joint_account(
        "joint_account.agreed",
        _("You work on an account together"),
        _("Both sides agreed. The page of the account names your counterparts at %(partner)s."),
        tells=Tells.BOTH,
    ),
    _of_joint_account(
        "joint_account.declined",
        _("A joint account was declined"),
        _("%(partner)s would rather not work on the account you named."),
    ),
    _of_joint_account(
        "joint_account.closed",
        _("A joint account was closed"),
        _("%(partner)s works on one of your joint accounts no longer."),
    ),
    _of_joint_account(
        "joint_account.team_named",
        _("Meet your counterparts"),
        _("%(partner)s named who works on one of your joint accounts: see whom to ask."),
    ),
)
KINDS: Final = (
    *_OF_JOINT_ACCOUNTS,
    _of_mapping(
        "mapping.proposed",
        _("An account mapping was proposed"),
        _("%(partner)s proposes to compare accounts, and says how much both of you learn."),
        urgent=True,
    ),
    _of_mapping(
        "mapping.agreed",
        _("An account mapping was agreed"),
        _("%(partner)s agreed to compare accounts; both of you read the result of the next epoch."),
    ),
    _of_mapping(
        "mapping.declined",
        _("An account mapping was declined"),
        _("%(partner)s declined to compare these accounts."),
    ),
    _of_mapping(
        "mapping.withdrawn",
        _("A proposed account mapping was taken back"),
        _("%(partner)s took back the account mapping it proposed."),
    ),
    _of_mapping(
        "mapping.stopped",
        _("An account mapping was stopped"),
        _("An account mapping with %(partner)s was stopped: what it told is gone on both sides."),
        tells=Tells.BOTH,
        urgent=True,
    ),
    _of_partnership(
        "mapping.frozen",
        _("Account mapping is frozen"),
        _("The mapping with %(partner)s stopped before anything was told: a tripwire was touched. Both of you look."),
        tells=Tells.BOTH,
        urgent=True,
    ),
    _of_partnership(
        "freeze.lifted",
        _("A freeze was lifted by one side"),
        _("%(partner)s has looked and lifts the freeze of your account mapping."),
    ),
    Kind(
        "opening.made",
        _("Somebody at a partner would talk about an account, too"),
        _("You and somebody at %(partner)s both said yes to one account: each of you now reads who the other is."),
        *("accounts_pages.opening", "opening_id"),
        audience=the_one_who_said_it,
        tells=Tells.BOTH,
        urgent=True,
    ),
)
