"""Publishing the figures of teams, in groups nobody can take apart; looking at one person's, which is noted."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from partnercrm.activity.actions import note_look
from partnercrm.identity import queries as identity
from partnercrm.kernel import clock, db
from partnercrm.kernel.actor import Actor
from partnercrm.leads import figures
from partnercrm.leads.models import FigureMonth, TeamFigure
from partnercrm.leads.queries import figures as queries
from partnercrm.leads.queries.figures import PersonMonth, Seller
from partnercrm.leads.spans import Span


def publish_figures(actor: Actor, month: str) -> None:
    """Divide a month's figures into groups of enough people and keep them as they are now; again changes nothing.

    A figure read from living rows would tell a person, as soon as they change their team, as the difference.
    """
    begun = insert(FigureMonth).values(organization_id=actor.organization_id, month=month, published_at=clock.now())
    if not db.session().execute(begun.on_conflict_do_nothing().returning(FigureMonth.month)).first():
        return
    teams = [team.id for team in db.session().scalars(identity.teams_seen_by(actor))]
    for measure, company in queries.contributions(actor.organization_id, month).items():
        for place, group in enumerate(figures.groups(company, teams)):
            db.session().add(
                TeamFigure(
                    organization_id=actor.organization_id,
                    month=month,
                    measure=measure,
                    place=place,
                    team_ids=sorted((team for team in group.teams if team), key=str),
                    with_teamless=None in group.teams,
                    amount=group.amount,
                )
            )
    db.session().flush()


def publish_all(actor: Actor) -> None:
    """Publish every month that is over and was not published."""
    organization_id: UUID = actor.organization_id
    for month in queries.months_to_publish(organization_id, clock.now().strftime("%Y-%m")):
        publish_figures(actor, month)


def look_at_figures(actor: Actor, user_id: UUID) -> Sequence[PersonMonth]:
    """Return one person's figures; that somebody else looked is noted, for that person to read.

    Raises NotFound, FiguresArePrivate.
    """
    person = identity.user(actor, user_id)
    found = queries.person_figures(actor, person)
    if person.id != actor.user_id:
        note_look(actor, person, "figures")
    return found


def look_at_sellers(actor: Actor, partnership_id: UUID, window: Span) -> Sequence[Seller]:
    """Return the figures of one exchange by seller of the actor's side; each who was looked at reads that.

    Raises NotFound.
    """
    found = queries.sellers(actor, partnership_id, window)
    for seller in found:
        if seller.user_id != actor.user_id:
            note_look(actor, identity.user(actor, seller.user_id), "figures")
    return found
