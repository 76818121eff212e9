"""Bringing a database up to its newest migration, and telling how far it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection


def head(folder: Path) -> str:
    """Return the number of the newest migration in `folder`; migrations are numbered, so nothing is imported."""
    return max(path.name[:4] for path in (folder / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def standing(connection: "Connection[Any]") -> str | None:
    """Return the number of the migration the database stands at, or None where none has run."""
    if not connection.execute("SELECT 1 WHERE to_regclass('public.alembic_version') IS NOT NULL").fetchone():
        return None
    found = connection.execute("SELECT version_num FROM public.alembic_version").fetchone()
    return str(found[0]) if found else None


def upgrade(folder: Path, owner_url: str) -> None:
    """Run every migration the database lacks, as the owner role, one transaction each."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"url": owner_url})
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    command.upgrade(config, "head")
