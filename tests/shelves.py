"""Databases that serve test after test: what one of them wrote is taken away, and what it took away is put back."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, Self

import psycopg
from psycopg import sql

from tests.servers import TestServer

Table = tuple[str, str]

# What was deleted stays in the files; and who wrote much is sooner copied than cleaned up after.
USES: Final = 25
ROWS: Final = 2_000
_TABLES: Final = """
    SELECT schemaname, relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables ORDER BY 1, 2
"""
_SEQUENCES: Final = """
    SELECT format('SELECT pg_catalog.setval(%L, %s, %L)', format('%I.%I', schemaname, sequencename),
                  coalesce(last_value, start_value), last_value IS NOT NULL)
      FROM pg_sequences ORDER BY 1
"""
_ALONE: Final = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass
class Shelf:
    """Copies of a database, as good as new, and what stands in each table of the one they are copied from."""

    server: TestServer
    original: str
    rows: dict[Table, bytes]
    sequences: list[str]
    spare: list[str] = field(default_factory=list)
    uses: Counter[str] = field(default_factory=Counter)

    @classmethod
    def beside(cls, server: TestServer, original: str) -> Self:
        """Read the original once."""
        rows: dict[Table, bytes] = {}
        with psycopg.connect(server.inside(original), autocommit=True) as connection:
            for schema, table, _ in connection.execute(_TABLES).fetchall():
                with connection.cursor().copy(_command("COPY {} TO STDOUT (FORMAT binary)", (schema, table))) as copy:
                    rows[schema, table] = b"".join(copy)
            sequences = [row[0] for row in connection.execute(_SEQUENCES)]
        return cls(server, original, rows, sequences)

    def take(self) -> str:
        """Return the name of a database that nobody else works on."""
        return self.spare.pop() if self.spare else self.server.copy(self.original)

    def put_back(self, database: str) -> None:
        """Make it what it was; drop it where it may be built otherwise now, or where a copy is cheaper."""
        self.uses[database] += 1
        if database not in self.server.opened and self.uses[database] < USES and self._cleaned(database):
            self.spare.append(database)
        else:
            self.server.drop(database)

    def clear(self) -> None:
        """Drop all of them."""
        while self.spare:
            self.server.drop(self.spare.pop())

    def _cleaned(self, database: str) -> bool:
        """Give every table that was written to the rows of the original; false where these are too many."""
        with psycopg.connect(self.server.inside(database), autocommit=True) as connection:
            # Who leaves tells what they wrote; whoever is still there is seen off first.
            connection.execute(_ALONE)
            written = {(schema, table): rows for schema, table, rows in connection.execute(_TABLES) if rows}
            if sum(written.values()) > ROWS:
                return False
            with connection.transaction():
                # No trigger, and so no foreign key, stands in the way; the rows fit, as they did in the original.
                connection.execute("SET LOCAL session_replication_role = replica")
                for table in written:
                    connection.execute(_command("DELETE FROM {}", table))
                for table in written:
                    with connection.cursor().copy(_command("COPY {} FROM STDIN (FORMAT binary)", table)) as copy:
                        copy.write(self.rows[table])
                for sequence in self.sequences:
                    connection.execute(sequence.encode())
            connection.execute("SELECT pg_stat_force_next_flush()")
            connection.execute("SELECT pg_stat_reset()")
        return True


def _command(written: str, table: Table) -> sql.Composed:
    return sql.SQL(written).format(sql.Identifier(*table))  # type: ignore[arg-type]
