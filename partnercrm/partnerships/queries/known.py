"""Which versions of the terms had been recorded by a moment, whatever was agreed since."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from partnercrm.kernel import db
from partnercrm.partnerships.models import Partnership, Terms


def terms_known(partnership: Partnership, known_by: datetime) -> Sequence[Terms]:
    """Return the versions of the terms that had been recorded by a moment, the first one always; oldest first."""
    return terms_known_of_each([partnership.id], known_by)[partnership.id]


def terms_known_of_each(partnership_ids: Sequence[UUID], known_by: datetime) -> Mapping[UUID, Sequence[Terms]]:
    """Return `terms_known` of several partnerships, in one question."""
    known = or_(Terms.recorded_at <= known_by, Terms.version == 1)
    rows = select(Terms).where(Terms.partnership_id.in_(partnership_ids), known).order_by(Terms.version)
    found: dict[UUID, list[Terms]] = {one: [] for one in partnership_ids}
    for terms in db.session().scalars(rows):
        found[terms.partnership_id].append(terms)
    return found
