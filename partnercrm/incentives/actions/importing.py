"""Taking in earnings that another system computed: each key once, a changed one by the difference; all rows or none."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, NamedTuple
from uuid import UUID

from partnercrm.incentives.actions.posting import Draft, Line, post, write
from partnercrm.incentives.models.ledgers import ImportedEarning
from partnercrm.incentives.posting import Account, Kind
from partnercrm.incentives.queries import accruing
from partnercrm.incentives.queries import importing as queries
from partnercrm.kernel import db
from partnercrm.kernel.actor import Actor
from partnercrm.kernel.errors import FieldError, Invalid, NotAllowed, Told


class Imported(NamedTuple):
    """What a batch did."""

    posted: int
    unchanged: int


class _Row(NamedTuple):
    """What a key is to come to, beside what it came to last."""

    given: Mapping[str, Any]
    user_id: UUID
    before: ImportedEarning | None

    @property
    def is_unchanged(self) -> bool:
        """Whether it says what was said before."""
        if self.before is None:
            return False
        if not self.before.minor and not self.given["minor"]:
            # Nothing after nothing is nothing, on whatever day and whosoever.
            return True
        names = ("minor", "currency", "earned_on")
        return self.before.user_id == self.user_id and all(
            getattr(self.before, name) == self.given[name] for name in names
        )


def import_earnings(actor: Actor, given: Mapping[str, Any]) -> Imported:
    """Post what another system computed; it is due at once, for holding is that system's affair.

    What a key came to before is taken back and what it comes to now is given, in one journal; the same again posts
    nothing. Nobody brings in their own. Raises NotAllowed, and Invalid naming every wrong row.
    """
    if actor.user_id is None:
        raise NotAllowed
    accruing.lock(actor)
    rows = _weighed(actor, given["connector"], given["earnings"])
    changed = [one for one in rows if not one.is_unchanged]
    ids = post(actor, [_draft(one) for one in changed])
    kept = [
        {
            "organization_id": actor.organization_id,
            "connector": given["connector"],
            "external_id": one.given["external_id"],
            "revision": one.before.revision + 1 if one.before else 1,
            "user_id": one.user_id,
            "minor": one.given["minor"],
            "currency": one.given["currency"],
            "earned_on": one.given["earned_on"],
            "journal_id": journal_id,
        }
        for one, journal_id in zip(changed, ids, strict=True)
    ]
    write(ImportedEarning, kept)
    return Imported(len(changed), len(rows) - len(changed))


def _weighed(actor: Actor, connector: str, given: Sequence[Mapping[str, Any]]) -> list[_Row]:
    """Return the rows beside what stands under their keys. Raises Invalid naming everything that is wrong."""
    people = queries.people_called(actor, {one["email"].lower() for one in given})
    earlier = queries.imported_earnings(actor, connector, {one["external_id"] for one in given})
    today = db.now().astimezone(UTC).date()
    first: dict[str, int] = {}
    rows, wrong = list[_Row](), list[FieldError]()
    for place, one in enumerate(given):
        user_id, before = people.get(one["email"].lower()), earlier.get(one["external_id"])
        faults = []
        if user_id is None:
            faults.append(("email", "There is nobody like this in your organization."))
        if actor.user_id in {user_id, before.user_id if before else None}:
            faults.append(("email", "Somebody else has to bring in what is yours."))
        if one["earned_on"] > today:
            faults.append(("earned_on", "This has not come yet."))
        if not one["minor"] and before is None:
            faults.append(("amount", "Nothing is posted of nothing; only a key that stands is taken back by it."))
        if before and before.minor and one["minor"] and before.currency != one["currency"]:
            told = "This key stands in %(currency)s: take it back with 0 first, then bring it in anew."
            faults.append(("currency", Told(told, currency=before.currency)))
        if first.setdefault(one["external_id"], place) != place:
            faults.append(("external_id", Told("Row %(row)d has the same key.", row=first[one["external_id"]])))
        wrong += [FieldError(f"earnings.{place}.{field}", message) for field, message in faults]
        if user_id is not None:
            rows.append(_Row(one, user_id, before))
    if wrong:
        raise Invalid(wrong)
    return rows


def _draft(row: _Row) -> Draft:
    lines: list[Line] = []
    if row.before is not None and row.before.minor:
        lines += _lines(row.before.user_id, -row.before.minor, row.before.currency)
    if row.given["minor"]:
        lines += _lines(row.user_id, row.given["minor"], row.given["currency"])
    return Draft(Kind.IMPORT, row.given["earned_on"], lines)


def _lines(user_id: UUID, minor: int, currency: str) -> list[Line]:
    of = {"user_id": user_id}
    return [Line(Account.COMMISSION, minor, currency, of), Line(Account.DUE, -minor, currency, of)]
