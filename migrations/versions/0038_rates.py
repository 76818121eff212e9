"""Exchange rates: one append-only table for the installation; a corrected rate is an entry of a later version."""

import walls
from alembic import op

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE TABLE rate_versions (
            version bigint CONSTRAINT pk_rate_versions PRIMARY KEY
                CONSTRAINT ck_rate_versions_version CHECK (version >= 1),
            last_on date NOT NULL,
            entries bigint NOT NULL CONSTRAINT ck_rate_versions_entries CHECK (entries >= 1),
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        CREATE TABLE exchange_rates (
            currency text NOT NULL CONSTRAINT ck_exchange_rates_currency CHECK (currency ~ '^[A-Z]{3}$'),
            on_day date NOT NULL,
            version bigint NOT NULL CONSTRAINT ck_exchange_rates_version CHECK (version >= 1),
            rate numeric NOT NULL CONSTRAINT ck_exchange_rates_rate CHECK (rate > 0),
            recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            CONSTRAINT pk_exchange_rates PRIMARY KEY (currency, on_day, version)
        )
        """
    )
    for table in ("rate_versions", "exchange_rates"):
        walls.append_only(table)
        # Rates belong to the installation: whoever runs it enters them; the web server only reads.
        op.execute(f"GRANT SELECT ON {table} TO {walls.roles().app}, {walls.roles().worker}")
        op.execute(f"GRANT INSERT ON {table} TO {walls.roles().worker}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP TABLE exchange_rates")
    op.execute("DROP TABLE rate_versions")
