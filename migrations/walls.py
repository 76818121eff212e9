"""The walls every migration builds, and the names of the roles. Only ever added to: old migrations depend on it."""

import re
from typing import NamedTuple

from alembic import op


class Roles(NamedTuple):
    """The installation's database roles."""

    owner: str
    app: str
    worker: str
    auth: str
    steps: str
    matcher: str


def roles() -> Roles:
    """Return the role names: the installation's prefix and what each is for."""
    config = op.get_context().config
    if config is None:
        raise RuntimeError("migrations run through env.py, which names the roles' prefix")
    prefix = config.attributes["role_prefix"]
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", prefix):
        raise ValueError(f"{prefix!r} cannot be the beginning of a role's name")
    return Roles(*(f"{prefix}_{kind}" for kind in Roles._fields))


def wall(table: str, condition: str) -> None:
    """Enable and force row security on the table with one RESTRICTIVE wall and a permissive policy per command."""
    people = f"{roles().app}, {roles().worker}"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY wall ON {table} AS RESTRICTIVE FOR ALL TO {people} USING ({condition}) WITH CHECK ({condition})"
    )
    op.execute(f"CREATE POLICY reads ON {table} FOR SELECT TO {people} USING (true)")
    op.execute(f"CREATE POLICY adds ON {table} FOR INSERT TO {people} WITH CHECK (true)")
    op.execute(f"CREATE POLICY changes ON {table} FOR UPDATE TO {people} USING (true) WITH CHECK (true)")
    op.execute(f"CREATE POLICY removes ON {table} FOR DELETE TO {people} USING (true)")


def owned(table: str, column: str = "organization_id") -> None:
    """Wall a table that only one organization ever reads."""
    wall(table, f"{column} = (SELECT ctx_org())")


def shared(table: str, one: str, other: str) -> None:
    """Wall a table whose rows the two organizations of a partnership read."""
    wall(table, f"(SELECT ctx_org()) IN ({one}, {other})")


def only_writer(table: str, column: str) -> None:
    """Let an organization add and change only rows of its own side of a shared table."""
    people = f"{roles().app}, {roles().worker}"
    mine = f"{column} = (SELECT ctx_org())"
    op.execute(f"CREATE POLICY own_adds ON {table} AS RESTRICTIVE FOR INSERT TO {people} WITH CHECK ({mine})")
    op.execute(f"CREATE POLICY own_changes ON {table} AS RESTRICTIVE FOR UPDATE TO {people} USING ({mine})")
    op.execute(f"CREATE POLICY own_removes ON {table} AS RESTRICTIVE FOR DELETE TO {people} USING ({mine})")


def grant(table: str, rights: str) -> None:
    """Grant rights on the table to the web server and the worker."""
    op.execute(f"GRANT {rights} ON {table} TO {roles().app}, {roles().worker}")


def grant_to(role: str, table: str, rights: str) -> None:
    """Grant rights to an owner of definer functions, with a policy of its own (FORCE blinds it otherwise)."""
    op.execute(f"GRANT {rights} ON {table} TO {role}")
    op.execute(f"CREATE POLICY for_{role} ON {table} TO {role} USING (true) WITH CHECK (true)")


def definer(role: str, signature: str) -> None:
    """Hand a function to the role it runs as and let only the web server and the worker call it."""
    op.execute(f"GRANT CREATE ON SCHEMA public TO {role}")
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {roles().app}, {roles().worker}")
    op.execute(f"ALTER FUNCTION {signature} OWNER TO {role}")
    op.execute(f"REVOKE CREATE ON SCHEMA public FROM {role}")


def append_only(table: str) -> None:
    """Refuse UPDATE, DELETE and TRUNCATE as statements, even to the owner."""
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
