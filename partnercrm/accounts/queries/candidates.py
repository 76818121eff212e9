"""Reading what one's own side is asked about: accounts that a partner may have too, and what was said of them."""

from collections.abc import Mapping as Values
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from partnercrm.accounts import queries as accounts
from partnercrm.accounts.candidates import Answer, Asked
from partnercrm.accounts.models import Account
from partnercrm.accounts.models.candidates import Candidate
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import NotFound
from partnercrm.partnerships.queries import is_open_to
from partnercrm.web.paging import Page, page

SORTS = {"told_at": Candidate.told_at}


@dataclass(frozen=True, slots=True)
class CandidateSeen:
    """A candidate as its side sees it: the own account, and no more of the other's than that there may be one."""

    candidate: Candidate
    account: Account

    @property
    def id(self) -> UUID:
        """The candidate's id."""
        return self.candidate.candidate_id

    @property
    def partnership_id(self) -> UUID:
        """The partnership in which it is asked."""
        return self.candidate.partnership_id


def candidates_seen_by(actor: Actor) -> Select[Candidate]:
    """Return what the actor's side is asked about now, in the living partnerships that the actor is a member of."""
    return select(Candidate).where(
        Candidate.organization_id == actor.organization_id,
        Candidate.closed_at.is_(None),
        is_open_to(actor, Candidate.partnership_id),
    )


def candidates(actor: Actor, given: Values[str, Any]) -> Page:
    """Return a page of what the actor's side is asked about: what waits for it, or what it said."""
    rows = _with_accounts(actor)
    if "partnership_id" in given:
        rows = rows.where(Candidate.partnership_id == given["partnership_id"])
    if "answered" in given:
        rows = rows.where(Candidate.answer.is_not(None) if given["answered"] else Candidate.answer.is_(None))
    return page(actor, rows, given, sorts=SORTS, key=Candidate.candidate_id, shown=_seen)


def candidate(actor: Actor, candidate_id: UUID, *, lock: bool = False) -> CandidateSeen:
    """Return one of these. Raises NotFound."""
    rows = _with_accounts(actor).where(Candidate.candidate_id == candidate_id)
    if lock:
        rows = rows.with_for_update(of=Candidate)
    found = db.session().execute(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return _seen(found)


def waiting(actor: Actor, partnership_id: UUID) -> Sequence[CandidateSeen]:
    """Return what waits for the actor's side in a partnership, oldest first."""
    given = {"partnership_id": partnership_id, "answered": False, "sort": "told_at", "limit": 50}
    return candidates(actor, given).items


def asked(partnership_id: UUID) -> list[Asked]:
    """Return, for the worker, every pair both sides were asked about that still is of the same two companies."""
    columns = ("id", "first_account_id", "second_account_id", "score", "first_answer", "second_answer")
    rows = select(func.matcher_candidates(partnership_id).table_valued(*columns))
    return [
        Asked(
            row.id,
            row.first_account_id,
            row.second_account_id,
            row.score,
            (_answer(row.first_answer), _answer(row.second_answer)),
        )
        for row in db.session().execute(rows)
    ]


def _answer(written: str | None) -> Answer | None:
    return Answer(written) if written else None


def _with_accounts(actor: Actor) -> Select[Candidate, Account]:
    own = (Account.organization_id == Candidate.organization_id) & (Account.id == Candidate.account_id)
    listed = accounts.accounts_seen_by(actor).with_only_columns(Account.id)
    return candidates_seen_by(actor).join(Account, own).where(Account.id.in_(listed)).add_columns(Account)


def _seen(row: Any) -> CandidateSeen:
    return CandidateSeen(row[0], row[1])
