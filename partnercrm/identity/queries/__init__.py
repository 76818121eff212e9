"""Reading people, teams and tokens; and the look-ups that precede the tenant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, func, select, text

from partnercrm.identity.agreements import GROUP_MINIMUM, Names, PersonFigures, may_see_person
from partnercrm.identity.models import (
    Invitation,
    Organization,
    PasswordReset,
    Team,
    User,
    WorksAgreement,
)
from partnercrm.identity.scopes import Role, scopes_of
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.web.paging import Page, page
from partnercrm.web.rate_limits import COUNT

USER_SORTS = {"name": User.name, "created_at": User.created_at}
INVITATION_SORTS = {"created_at": Invitation.created_at}


@dataclass(frozen=True, slots=True)
class Agreed:
    """The works agreement as it stands."""

    organization_id: UUID
    newest: WorksAgreement | None

    @property
    def version(self) -> int:
        """The number of the version in force; 0 while nothing was agreed."""
        return self.newest.version if self.newest else 0

    @property
    def person_figures(self) -> PersonFigures:
        """Who may see figures about one person, beside that person; nobody unless it was agreed."""
        return self.newest.person_figures if self.newest else PersonFigures.OFF

    @property
    def reason(self) -> str | None:
        """What was agreed, with whom and when; None while nothing was."""
        return self.newest.reason if self.newest else None

    @property
    def decided_at(self) -> datetime | None:
        """Since when it is in force; None while nothing was agreed."""
        return self.newest.decided_at if self.newest else None

    @property
    def group_minimum(self) -> int:
        """The fewest people of whom a figure is shown to anybody else."""
        return GROUP_MINIMUM

    @property
    def version_tag(self) -> str:
        """The agreement's version, as an ETag names it."""
        return f"{self.organization_id.hex}.{self.version}"


def users_seen_by(actor: Actor) -> Select[User]:
    """Return the people of the actor's own organization."""
    return select(User).where(User.organization_id == actor.organization_id)


def invitations_seen_by(actor: Actor) -> Select[Invitation]:
    """Return whom the actor's own organization invited."""
    return select(Invitation).where(Invitation.organization_id == actor.organization_id)


def teams_seen_by(actor: Actor) -> Select[Team]:
    """Return the teams of the actor's own organization."""
    return select(Team).where(Team.organization_id == actor.organization_id)


def organization(actor: Actor) -> Organization:
    """Return the actor's own organization."""
    return db.session().scalars(select(Organization).where(Organization.id == actor.organization_id)).one()


def users(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of the organization's people."""
    return page(actor, users_seen_by(actor), given, sorts=USER_SORTS, key=User.id)


def colleagues(actor: Actor) -> Sequence[User]:
    """Return everyone in the organization who can sign in, by name; at most 1,000."""
    rows = users_seen_by(actor).where(User.disabled_at.is_(None)).order_by(User.name, User.id)
    return db.session().scalars(rows.limit(1000)).all()


def user(actor: Actor, user_id: UUID, *, lock: bool = False) -> User:
    """Return one of the organization's people. Raises NotFound."""
    rows = users_seen_by(actor).where(User.id == user_id)
    found = db.session().scalars(rows.with_for_update() if lock else rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def colleague(actor: Actor, user_id: UUID) -> Actor:
    """Return one of the organization's people as they would be recognised now, for what is done in their name.

    Raises NotFound.
    """
    found = db.session().execute(text("SELECT * FROM auth_colleague(:whose)"), {"whose": user_id}).one_or_none()
    if found is None:
        raise NotFound
    return Actor(
        organization_id=actor.organization_id,
        user_id=found.user_id,
        name=found.name,
        roles=frozenset(found.roles),
        scopes=scopes_of(found.roles),
        partnership_ids=frozenset(found.partnership_ids),
        locale=found.locale,
    )


def oneself(actor: Actor) -> User:
    """Return the person who acts. Raises NotFound when nobody does."""
    if actor.user_id is None:
        raise NotFound
    return user(actor, actor.user_id)


def administrators(actor: Actor) -> Sequence[User]:
    """Return the organization's administrators, locked in one order so that two cannot resign at once."""
    rows = users_seen_by(actor).where(User.roles.contains(["admin"]), User.disabled_at.is_(None))
    return db.session().scalars(rows.order_by(User.id).with_for_update()).all()


def teams(actor: Actor) -> Page:
    """Return the organization's teams, at most 1,000."""
    return Page(db.session().scalars(teams_seen_by(actor).order_by(Team.name).limit(1000)).all(), None)


def team_sizes(actor: Actor) -> Mapping[UUID, int]:
    """Return how many enabled people each team has, by its id."""
    rows = users_seen_by(actor).where(User.disabled_at.is_(None), User.team_id.is_not(None))
    counted = rows.with_only_columns(User.team_id, func.count()).group_by(User.team_id)
    return {team_id: count for team_id, count in db.session().execute(counted) if team_id}


def team(actor: Actor, team_id: UUID) -> Team:
    """Return one of the organization's teams. Raises NotFound."""
    found = db.session().scalars(teams_seen_by(actor).where(Team.id == team_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def invitations(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of the organization's invitations."""
    return page(actor, invitations_seen_by(actor), given, sorts=INVITATION_SORTS, key=Invitation.id)


def unanswered_invitations(actor: Actor) -> Sequence[Invitation]:
    """Return the invitations nobody accepted or withdrew, newest first; at most 200."""
    rows = invitations_seen_by(actor).where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    return db.session().scalars(rows.order_by(Invitation.created_at.desc(), Invitation.id).limit(200)).all()


def invitation(actor: Actor, invitation_id: UUID, *, lock: bool = False) -> Invitation:
    """Return one invitation. Raises NotFound."""
    rows = invitations_seen_by(actor).where(Invitation.id == invitation_id)
    found = db.session().scalars(rows.with_for_update() if lock else rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def has_user_with(actor: Actor, email: str) -> bool:
    """Tell whether somebody of the organization has this address."""
    return user_with(actor, email) is not None


def user_with(actor: Actor, email: str) -> User | None:
    """Return who of the organization has this address, if anybody."""
    return db.session().scalars(users_seen_by(actor).where(User.email == email)).one_or_none()


def reset_of(user: User) -> PasswordReset | None:
    """Return the link by which this person may choose another password, locked, if there is one."""
    key = (user.organization_id, user.id)
    return db.session().get(PasswordReset, key, with_for_update=True, populate_existing=True)


def behind_invitation(secret_hash: bytes) -> Row[*tuple[Any, ...]] | None:
    """Return who is invited under this secret, and where to; precedes the tenant."""
    found = db.session().execute(text("SELECT * FROM auth_by_invitation(:hash)"), {"hash": secret_hash})
    return found.one_or_none()


def behind_reset(secret_hash: bytes) -> Row[*tuple[Any, ...]] | None:
    """Return who may choose another password under this secret; precedes the tenant."""
    found = db.session().execute(text("SELECT * FROM auth_by_reset(:hash)"), {"hash": secret_hash})
    return found.one_or_none()


def accounts_by_email(email: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return (organization_id, user_id, hash) of the enabled accounts with this address; precedes the tenant."""
    return db.session().execute(text("SELECT * FROM auth_by_email(:email)"), {"email": email}).all()


_BY_SESSION: Final = text("SELECT * FROM auth_by_session(:hash)")
_BY_TOKEN: Final = text("SELECT * FROM auth_by_token(:hash)")
_COUNTED_BY_TOKEN: Final = text(
    f"WITH counted AS ({COUNT}) SELECT * FROM counted LEFT JOIN auth_by_token(:hash) ON true"  # noqa: S608 - ours
)


def behind_session(secret_hash: bytes) -> Row[*tuple[Any, ...]] | None:
    """Return who is signed in under this secret; precedes the tenant and any transaction."""
    return next(iter(db.alone(_BY_SESSION, {"hash": secret_hash})), None)


def behind_token(secret_hash: bytes) -> Row[*tuple[Any, ...]] | None:
    """Return for whom this API token acts; precedes the tenant and any transaction."""
    return next(iter(db.alone(_BY_TOKEN, {"hash": secret_hash})), None)


def arrival(secret_hash: bytes | None, counter: Mapping[str, Any]) -> Row[*tuple[Any, ...]]:
    """Count a request and return, in one exchange, the count and for whom its API token acts, if for anybody.

    The count stands whatever becomes of the request.
    """
    [found] = db.alone(_COUNTED_BY_TOKEN, {"hash": secret_hash, **counter})
    return found


def agreements_seen_by(actor: Actor) -> Select[WorksAgreement]:
    """Return the versions of the works agreement of the actor's own organization; all its people may read them."""
    return select(WorksAgreement).where(WorksAgreement.organization_id == actor.organization_id)


def agreement(actor: Actor) -> Agreed:
    """Return the works agreement in force; nothing agreed is version 0: off."""
    rows = agreements_seen_by(actor).order_by(WorksAgreement.version.desc()).limit(1)
    return Agreed(actor.organization_id, db.session().scalars(rows).one_or_none())


def agreement_versions(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of the versions of the works agreement."""
    rows = agreements_seen_by(actor)
    return page(actor, rows, given, sorts={"version": WorksAgreement.version}, key=WorksAgreement.version)


def sees_figures_of(actor: Actor, user_id: UUID | None) -> bool:
    """Tell whether the actor may see figures about one of the organization's people, or lists by that person.

    With None: about every one of them.
    """
    if user_id is not None and user_id == actor.user_id:
        return True
    if not actor.has("leads:all") or Role.INTEGRATION in actor.roles:
        return False
    agreed = agreements_seen_by(actor).with_only_columns(WorksAgreement.person_figures)
    newest = db.session().execute(agreed.order_by(WorksAgreement.version.desc()).limit(1)).scalar_one_or_none()
    return may_see_person(newest or PersonFigures.OFF, is_oneself=False, oversees=True, is_program=False)


def names_in_lists(actor: Actor) -> Names:
    """Return whom lists may name to the actor, under the works agreement in force."""
    return Names(actor.user_id, actor.organization_id, sees_figures_of(actor, None))


def tells_in_lists(viewer: Actor, person: Actor) -> bool:
    """Tell whether lists name a person to the viewer."""
    return names_in_lists(viewer).may_tell(person.organization_id, person.user_id)


def tenants() -> Sequence[UUID]:
    """Return every organization there is; for jobs that go through them one by one."""
    return db.session().scalars(text("SELECT * FROM sweep_organizations()")).all()
