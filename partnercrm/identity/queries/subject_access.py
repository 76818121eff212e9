"""Reading what is kept of a person, section by section; every section starts from the organization's own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import text

from partnercrm.identity.models import User
from partnercrm.identity.queries import users_seen_by
from partnercrm.identity.subject_access import Section, sections
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor

MOST: Final = 10_000


class Written(NamedTuple):
    """One section with its rows, oldest or first first, and whether there are more than are written."""

    kind: str
    rows: Sequence[Mapping[str, Any]]
    cut_off: bool


def account(actor: Actor, email: str, *, lock: bool = False) -> User | None:
    """Return the account of the person with this address, if there is one."""
    rows = users_seen_by(actor).where(User.email == email)
    return db.session().scalars(rows.with_for_update() if lock else rows).one_or_none()


def kept_of(actor: Actor, email: str) -> Iterator[Written]:
    """Yield every section that holds something of the person with this address (in lower case)."""
    user = account(actor, email)
    about = {"organization_id": actor.organization_id, "email": email, "user_id": user.id if user else None}
    for section in sections():
        rows = db.session().execute(text(_statement(section)), about | {"most": MOST + 1}).mappings().all()
        if rows:
            yield Written(section.kind, [dict(row) for row in rows[:MOST]], len(rows) > MOST)


def _statement(section: Section) -> str:
    columns = ", ".join(f"r.{column}" for column in section.columns)
    return (
        f"SELECT {columns} FROM {section.table} r WHERE {section.whose} AND {section.about}"  # noqa: S608 - of the code's own words
        " ORDER BY 1 LIMIT :most"
    )
