"""Reading value propositions: what both agreed for all colleagues, what waits for an answer for members."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from partnercrm.enablement.models.propositions import PropositionCheck, ValueProposition
from partnercrm.enablement.propositions import PropositionStatus, in_force, to_say
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships import queries as partnerships
from partnercrm.web.paging import Page, page

SORTS: Final[Mapping[str, Any]] = {"proposed_at": ValueProposition.proposed_at}
_AGREED: Final[ColumnElement[bool]] = ValueProposition.status == PropositionStatus.AGREED


@dataclass(frozen=True, slots=True)
class Pitch:
    """A proposition in force, with whether its reader has acknowledged and understood it."""

    proposition: ValueProposition
    is_known: bool

    def __getattr__(self, name: str) -> Any:
        """Read everything else from the proposition."""
        return getattr(self.proposition, name)


def propositions_seen_by(actor: Actor) -> Select[ValueProposition]:
    """Return what both sides of living partnerships agreed on; to members also what was proposed."""
    mine = actor.organization_id
    return select(ValueProposition).where(
        or_(ValueProposition.organization_id == mine, ValueProposition.other_id == mine),
        partnerships.lives(ValueProposition.partnership_id),
        or_(_AGREED, ValueProposition.partnership_id.in_(actor.partnership_ids)),
    )


def propositions(actor: Actor, given: Mapping[str, Any]) -> Page:
    """Return a page of value propositions, every version of them."""
    rows = propositions_seen_by(actor)
    for name in ("partnership_id", "status", "locale"):
        if name in given:
            rows = rows.where(getattr(ValueProposition, name) == given[name])
    return page(actor, rows, given, sorts=SORTS, key=ValueProposition.id)


def proposition(actor: Actor, proposition_id: UUID, *, lock: bool = False) -> ValueProposition:
    """Return one version. Raises NotFound."""
    rows = propositions_seen_by(actor).where(ValueProposition.id == proposition_id)
    if lock:
        rows = rows.with_for_update(of=ValueProposition).execution_options(populate_existing=True)
    found = db.session().scalars(rows).one_or_none()
    if found is None:
        raise NotFound
    return found


def pitches(actor: Actor, *, industry: str = "", partnership_id: UUID | None = None) -> Sequence[Pitch]:
    """Return what there is to say to a customer now, best first; at most 200."""
    rows = propositions_seen_by(actor).where(_AGREED)
    if partnership_id is not None:
        rows = rows.where(ValueProposition.partnership_id == partnership_id)
    agreed = db.session().scalars(rows.order_by(ValueProposition.partnership_id, ValueProposition.id).limit(1000)).all()
    standing = [one for each in _by_partnership(agreed) for one in in_force(each)]
    known = known_by(actor, [one.id for one in standing])
    return [Pitch(one, one.id in known) for one in to_say(standing, actor.locale, industry)][:200]


def waiting(actor: Actor, partnership_id: UUID) -> Sequence[ValueProposition]:
    """Return what was proposed in a partnership and waits for an answer."""
    rows = propositions_seen_by(actor).where(
        ValueProposition.partnership_id == partnership_id, ValueProposition.status == PropositionStatus.PROPOSED
    )
    return db.session().scalars(rows.order_by(ValueProposition.proposed_at, ValueProposition.id).limit(50)).all()


def known_by(actor: Actor, proposition_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return which of these the actor acknowledged with the right answer."""
    rows = select(PropositionCheck.proposition_id).where(
        PropositionCheck.organization_id == actor.organization_id,
        PropositionCheck.user_id == actor.user_id,
        PropositionCheck.proposition_id.in_(proposition_ids),
        PropositionCheck.is_right,
    )
    return frozenset(db.session().scalars(rows))


def next_version(of: ValueProposition) -> int:
    """Return the number the version gets that is agreed on next, for whoever holds the partnership."""
    rows = select(func.coalesce(func.max(ValueProposition.version), 0) + 1).where(
        ValueProposition.partnership_id == of.partnership_id,
        ValueProposition.locale == of.locale,
        func.lower(ValueProposition.industry) == func.lower(of.industry),
    )
    return db.session().execute(rows).scalar_one() or 1


def _by_partnership(agreed: Sequence[ValueProposition]) -> list[list[ValueProposition]]:
    found: dict[UUID, list[ValueProposition]] = {}
    for one in agreed:
        found.setdefault(one.partnership_id, []).append(one)
    return list(found.values())
