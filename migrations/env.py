"""Alembic's door: runs the numbered migrations as the owner role, one transaction each."""

import sys
from pathlib import Path

from alembic import context
from sqlalchemy import create_engine, pool

sys.path.insert(0, str(Path(__file__).parent))

from partnercrm.kernel.db import Base
from partnercrm.settings import settings

config = context.config


def run() -> None:
    """Migrate the database that `partnercrm.kernel.migrations` names."""
    config.attributes.setdefault("role_prefix", settings().role_prefix)
    engine = create_engine(config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            compare_type=True,
            compare_server_default=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
