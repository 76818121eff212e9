"""What registrations tell people, and whom."""

from typing import Any, Final
from uuid import UUID

from flask_babel import lazy_gettext as _

from partnercrm.activity.queries import Event
from partnercrm.deals import queries
from partnercrm.deals.queries import notifying, selling, working
from partnercrm.deals.registering import Party
from partnercrm.kernel.actor import Actor
from partnercrm.notices.kinds import Kind, Tells, Told
from partnercrm.partnerships import queries as partnerships


def those_who_review(actor: Actor, event: Event) -> Told:
    """Tell the managers of the side that reviews."""
    seen = queries.registration(actor, event.subject_id)
    people = notifying.managers(actor, seen.partnership_id) if seen.party is Party.REVIEWER else ()
    return Told(people, {"partner": partnerships.partner_name(actor, seen.partnership_id)})


def who_registered(actor: Actor, event: Event) -> Told:
    """Tell who works on it on the side that registered it."""
    seen = queries.registration(actor, event.subject_id)
    people = notifying.who_registered(actor, seen.registration) if seen.party is Party.REGISTRANT else ()
    return Told(people, {"partner": partnerships.partner_name(actor, seen.partnership_id)})


def both_ends(actor: Actor, event: Event) -> Told:
    """Tell who registered it on the one side, and the managers of the other."""
    registered = who_registered(actor, event)
    return registered if registered.people else those_who_review(actor, event)


def who_works_on(actor: Actor, event: Event) -> Told:
    """Tell who of one side works on a deal."""
    seen = selling.deal(actor, event.subject_id)
    people = notifying.who_works_on(actor, seen.deal)
    return Told(people, {"partner": partnerships.partner_name(actor, seen.partnership_id)})


def who_is_mentioned(actor: Actor, event: Event) -> Told:
    """Tell who of one side is mentioned and works on the deal, but for who wrote it."""
    mentioned = {UUID(one) for one in event.facts.get("mentioned", ())}
    people = working.users_of(actor, event.subject_id, mentioned) - {event.user_id} if mentioned else set()
    partner = partnerships.partner_name(actor, event.partnership_id) if people and event.partnership_id else ""
    return Told(people, {"partner": partner})


def _of_deal(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    return Kind(f"deal.{verb}", title, sentence, "deals_pages.deal", "deal_id", who_works_on, **more)


def _kind(verb: str, title: Any, sentence: Any, **more: Any) -> Kind:
    return Kind(f"registration.{verb}", title, sentence, "deals_pages.registration", "registration_id", **more)


KINDS: Final = (
    _kind(
        "submitted",
        _("A deal waits for your review"),
        _("%(partner)s registered a deal with you."),
        audience=those_who_review,
        urgent=True,
    ),
    _kind("review_due", _("A deal is to be answered"), _("%(partner)s waits to hear about a deal."), urgent=True),
    _kind(
        "review_late",
        _("The answer about a deal is late"),
        _("The agreed time to answer %(partner)s about a deal has passed."),
        urgent=True,
    ),
    _kind(
        "reviewed",
        _("Your deal is being looked at"),
        _("%(partner)s has begun to review a deal you registered."),
        audience=who_registered,
    ),
    _kind(
        "returned",
        _("Something is asked about your deal"),
        _("%(partner)s asks you to fill in or mend something of a deal you registered."),
        audience=who_registered,
        urgent=True,
    ),
    _kind(
        "resubmitted",
        _("A deal was filled in"),
        _("%(partner)s filled in what you asked for; a deal waits for your review."),
        audience=those_who_review,
        urgent=True,
    ),
    _kind(
        "approved",
        _("Your deal is approved"),
        _("A deal you registered with %(partner)s is approved and protected."),
        audience=who_registered,
        tells=Tells.BOTH,
        urgent=True,
    ),
    _kind(
        "rejected",
        _("Your deal was not approved"),
        _("%(partner)s did not approve a deal you registered and says why."),
        audience=who_registered,
        urgent=True,
    ),
    _kind(
        "extended",
        _("A deal's protection was extended"),
        _("%(partner)s logged a step; a deal you approved is protected for longer."),
        audience=those_who_review,
    ),
    _kind(
        "withdrawn",
        _("A registered deal was taken back"),
        _("%(partner)s took back a deal it had registered."),
        audience=those_who_review,
    ),
    _kind(
        "expired",
        _("A registered deal has ended"),
        _("The time of a deal registered between you and %(partner)s is over."),
        audience=both_ends,
        tells=Tells.BOTH,
    ),
    _kind(
        "displaced",
        _("Your claim to a deal was outweighed"),
        _("%(partner)s has an earlier step on record for a deal you registered. You can appeal."),
        audience=both_ends,
        tells=Tells.BOTH,
        urgent=True,
    ),
    _kind(
        "outweighed",
        _("A deal met your registration"),
        _("%(partner)s registered a deal that is yours by earlier evidence."),
        audience=both_ends,
    ),
    _kind(
        "appealed",
        _("A conflict over a deal is appealed"),
        _("%(partner)s appeals that your claim to a deal holds; a case is open."),
        audience=those_who_review,
        urgent=True,
    ),
    _kind(
        "reinstated",
        _("An appeal gave a deal back"),
        _("You and %(partner)s found that a deal belongs to the side that appealed."),
        audience=both_ends,
        tells=Tells.BOTH,
        urgent=True,
    ),
    _kind(
        "upheld",
        _("An appeal about a deal is decided"),
        _("You and %(partner)s found that a conflict over a deal stays as it was decided."),
        audience=both_ends,
        tells=Tells.BOTH,
    ),
    _of_deal("moved", _("A deal moved"), _("%(partner)s moved a deal you work on together to another stage.")),
    _of_deal("won", _("A deal is won"), _("%(partner)s says that a deal you work on together is won."), urgent=True),
    _of_deal("lost", _("A deal is lost"), _("%(partner)s says that a deal you work on together is lost, and why.")),
    _of_deal("changed", _("A deal changed"), _("%(partner)s changed what both read of a deal you work on together.")),
    _of_deal("undone", _("A change of a deal was undone"), _("%(partner)s undid its last change of a deal.")),
    *(
        Kind(
            verb,
            _("You are mentioned on a deal"),
            _("Somebody mentions you on a deal with %(partner)s."),
            "deals_pages.deal",
            "deal_id",
            who_is_mentioned,
            Tells.BOTH,
        )
        for verb in ("deal.commented", "deal.planned")
    ),
)
