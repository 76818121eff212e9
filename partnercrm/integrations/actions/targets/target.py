"""What a kind of things is to the database, and the statements over an import's rows that follow from it.

Statements know the rows as `r`, the things as `l` and an import's changes as `c`; all go set by set.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

MINE: Final = "r.organization_id = :organization_id AND r.import_id = :import_id"
RIGHT: Final = f"{MINE} AND r.faults IS NULL"
# Whoever left is followed by their successor; where nobody is, who has the thing keeps it.
_OWNER: Final = """
    CASE WHEN jsonb_exists(CAST(:followers AS jsonb), CAST(f.owner_id AS text))
        THEN coalesce(CAST(CAST(:followers AS jsonb) ->> CAST(f.owner_id AS text) AS uuid), l.owner_id)
        ELSE f.owner_id END
"""


class Beside(NamedTuple):
    """What rows say beside a thing's own columns: a list in a table of its own, or another thing by its key.

    `differs` compares a row with its thing, `former` are noted of the thing; the statements follow those over columns.
    All are templates over the target's own names.
    """

    differs: str
    former: Mapping[str, str]
    follows_entering: tuple[str, ...]
    follows_putting_back: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Target:
    """Tables and columns of a kind of things, and what is its own in entering and taking back.

    `columns` are filled as the row has them, `defaulted` ones with a value of their own where a new thing's row has
    none; `becomes` says of a column what it gets from a row where that is not the row's value or else the former one.
    `refusals` mark rows that cannot be entered by who asks. A thing is changed only where it `stands`, put back only
    where it was `left` alone, discarded only where `unused`: conditions on the thing. `stamped` are the moments of its
    making, `touched` those of any change.
    """

    rows: str
    changes: str
    things: str
    thing_id: str
    columns: tuple[str, ...]
    defaulted: Mapping[str, str]
    types: Mapping[str, str]
    becomes: Mapping[str, str]
    refusals: tuple[str, ...]
    left: str
    unused: str
    owner: str = "coalesce(r.owner_id, :user_id)"
    stands: str = "true"
    stamped: tuple[str, ...] = ("created_at",)
    touched: tuple[str, ...] = ()
    beside: tuple[Beside, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """Every column that a row can change."""
        return (*self.columns, *self.defaulted, "owner_id")

    def type_of(self, column: str) -> str:
        """Return a staged column's type."""
        return {"owner_id": "uuid", "number": "bigint", "line": "bigint", **self.types}.get(column, "text")

    @cached_property
    def known(self) -> str:
        """The rows whose thing is there already, with it."""
        return (
            f"{self.rows} r JOIN {self.things} l ON l.organization_id = r.organization_id"
            " AND l.connector = :connector AND l.external_id = r.external_id"
        )

    @cached_property
    def _becomes(self) -> Mapping[str, str]:
        return {name: f"coalesce(r.{name}, l.{name})" for name in self.values} | dict(self.becomes)

    @cached_property
    def _differs(self) -> str:
        new = ", ".join(self._becomes[name] for name in self.values)
        old = ", ".join(f"l.{name}" for name in self.values)
        changed = [f"({new}) IS DISTINCT FROM ({old})", *(self._named(one.differs) for one in self.beside)]
        return f"({self.stands} AND ({' OR '.join(changed)}))"

    def _named(self, template: str) -> str:
        names = {"rows": self.rows, "changes": self.changes, "things": self.things, "thing_id": self.thing_id}
        return template.format(mine=MINE, right=RIGHT, known=self.known, **names)

    def staging(self, fields: tuple[str, ...]) -> str:
        """Return the statement that stages rows sent as columns, each one text parted by a sign that no cell can hold.

        COPY is refused to roles behind row security; rows as lines, cut into cells one by one, took three times as
        long.
        """
        names = ("number", "line", *("owner_id" if name == "owner_email" else name for name in fields))
        texts = ", ".join(f"string_to_array(:column_{place}, E'\\x1f', '')" for place in range(len(names)))
        values = ", ".join(f"CAST({name} AS {self.type_of(name)})" for name in names)
        return (
            f"INSERT INTO {self.rows} (organization_id, import_id, {self.thing_id}, {', '.join(names)})"  # noqa: S608 - composed of the code's own names, as all below
            f" SELECT :organization_id, :import_id, gen_random_uuid(), {values}"
            f" FROM unnest({texts}) AS sent ({', '.join(names)})"
        )

    @cached_property
    def twice(self) -> str:
        """Mark rows whose key stands in an earlier line."""
        return f"""
            UPDATE {self.rows} AS r
            SET faults = jsonb_build_array(jsonb_build_object(
                'field', 'external_id', 'column', CAST(:key_column AS int),
                'message', format('The key %L stands in line %s already.', left(r.external_id, 60), twice.first),
                'sentence', CAST(:twice AS text),
                'values', jsonb_build_object('key', quote_literal(left(r.external_id, 60)), 'line', twice.first)))
            FROM (
                SELECT number, min(line) OVER same AS first, row_number() OVER same AS place
                FROM {self.rows} r WHERE {RIGHT}
                WINDOW same AS (PARTITION BY external_id ORDER BY number)
            ) AS twice
            WHERE {MINE} AND r.number = twice.number AND twice.place > 1
        """  # noqa: S608

    @cached_property
    def refused(self) -> tuple[str, ...]:
        """Mark rows that cannot be entered by who asks."""
        return tuple(map(self._named, self.refusals))

    @cached_property
    def given_to_leavers(self) -> str:
        """Mark rows that give a thing to anybody but those who stay."""
        return f"""
            UPDATE {self.rows} AS r
            SET faults = jsonb_build_array(jsonb_build_object(
                'field', 'owner_email', 'column', CAST(:key_column AS int),
                'message', 'This person cannot be given {self.things} any more.'))
            WHERE {RIGHT} AND r.owner_id IS NOT NULL AND r.owner_id <> ALL(CAST(:staying AS uuid[]))
        """  # noqa: S608

    @cached_property
    def count(self) -> str:
        """Count what is wrong and what would become of the others."""
        return f"""
            SELECT count(*) FILTER (WHERE is_wrong) AS wrong,
                   count(*) FILTER (WHERE NOT is_wrong AND NOT is_known) AS entered,
                   count(*) FILTER (WHERE is_changed) AS updated,
                   count(*) FILTER (WHERE NOT is_changed) AS unchanged
            FROM (
                SELECT r.faults IS NOT NULL AS is_wrong, l.id IS NOT NULL AS is_known,
                       CASE WHEN r.faults IS NULL AND l.id IS NOT NULL THEN {self._differs} END AS is_changed
                FROM {self.known.replace(" JOIN ", " LEFT JOIN ")}
                WHERE {MINE}
            ) AS weighed
        """  # noqa: S608

    @cached_property
    def lock(self) -> str:
        """Lock known things in the order of their keys, as all who write many take them; nobody waits in a circle."""
        return f"""
            SELECT count(*) FROM (
                SELECT l.id FROM {self.known} WHERE {RIGHT} ORDER BY l.external_id COLLATE "C" FOR UPDATE OF l
            ) AS locked
        """  # noqa: S608

    @cached_property
    def note_changes(self) -> str:
        """Note the former values of what differs."""
        noted = {name: f"l.{name}" for name in self.values}
        for one in self.beside:
            noted |= {name: self._named(held) for name, held in one.former.items()}
        former = ", ".join(f"'{name}', {held}" for name, held in noted.items())
        return f"""
            INSERT INTO {self.changes} (organization_id, import_id, {self.thing_id}, version, former)
            SELECT l.organization_id, :import_id, l.id, l.version + 1, jsonb_build_object({former})
            FROM {self.known} WHERE {RIGHT} AND {self._differs}
        """  # noqa: S608

    @cached_property
    def update(self) -> str:
        """Bring what is noted as a change up to date."""
        sets = ", ".join(f"{name} = {self._becomes[name]}" for name in self.values) + self._touch
        return f"""
            UPDATE {self.things} AS l SET {sets}, version = l.version + 1
            FROM {self.rows} r, {self.changes} c
            WHERE {RIGHT} AND l.organization_id = r.organization_id AND l.connector = :connector
              AND l.external_id = r.external_id
              AND c.organization_id = r.organization_id AND c.import_id = r.import_id AND c.{self.thing_id} = l.id
        """  # noqa: S608

    @cached_property
    def _touch(self) -> str:
        return "".join(f", {name} = :now" for name in self.touched)

    @cached_property
    def after_entering(self) -> tuple[str, ...]:
        """Enter and change what stands beside columns."""
        return tuple(self._named(follows) for one in self.beside for follows in one.follows_entering)

    @cached_property
    def enter(self) -> str:
        """Enter what is not there yet."""
        given = {name: f"coalesce(r.{name}, {default})" for name, default in self.defaulted.items()}
        given |= dict.fromkeys(self.stamped, ":now") | {name: f"r.{name}" for name in self.columns}
        return f"""
            INSERT INTO {self.things} (id, organization_id, owner_id, connector, external_id, {", ".join(given)})
            SELECT r.{self.thing_id}, r.organization_id, {self.owner}, :connector, r.external_id,
                   {", ".join(given.values())}
            FROM {self.rows} r
            WHERE {RIGHT} AND NOT EXISTS (
                SELECT FROM {self.things} l
                WHERE l.organization_id = r.organization_id AND l.connector = :connector
                  AND l.external_id = r.external_id)
            ORDER BY r.external_id COLLATE "C"
        """  # noqa: S608

    @cached_property
    def lock_touched(self) -> str:
        """Lock what an import entered or changed, in the same order."""
        return f"""
            SELECT count(*) FROM (
                SELECT l.id FROM {self.things} l
                WHERE l.organization_id = :organization_id AND l.connector = :connector AND (
                    l.id IN (SELECT r.{self.thing_id} FROM {self.rows} r WHERE {MINE})
                    OR l.id IN (SELECT r.{self.thing_id} FROM {self.changes} r WHERE {MINE}))
                ORDER BY l.external_id COLLATE "C" FOR UPDATE OF l
            ) AS locked
        """  # noqa: S608

    @cached_property
    def put_back(self) -> str:
        """Put former values back where nobody changed the thing since."""
        back = ", ".join(f"{name} = {_OWNER if name == 'owner_id' else f'f.{name}'}" for name in self.values)
        shape = ", ".join(f"{name} {self.type_of(name)}" for name in self.values)
        return f"""
            WITH back AS (
                UPDATE {self.things} AS l SET {back}{self._touch}, version = l.version + 1
                FROM {self.changes} r, jsonb_to_record(r.former) AS f({shape})
                WHERE {MINE} AND l.organization_id = r.organization_id AND l.id = r.{self.thing_id}
                  AND l.version = r.version AND {self.left}
                RETURNING l.id
            )
            UPDATE {self.changes} AS r SET put_back = true FROM back WHERE {MINE} AND r.{self.thing_id} = back.id
        """  # noqa: S608

    @cached_property
    def discard(self) -> str:
        """Remove what was entered and nobody touched since."""
        return f"""
            DELETE FROM {self.things} AS l USING {self.rows} r
            WHERE {RIGHT} AND l.organization_id = r.organization_id AND l.id = r.{self.thing_id} AND l.version = 1
              AND {self.unused}
        """  # noqa: S608

    @cached_property
    def after_putting_back(self) -> tuple[str, ...]:
        """Put back what stands beside columns."""
        return tuple(self._named(follows) for one in self.beside for follows in one.follows_putting_back)
