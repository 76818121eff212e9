"""Keys of a company's need by what its words mean: those kept before are made anew by the same job, as in 0073.

On the way back those kept since stay as they are: what a need was called is not to be read from its key.
"""

from alembic import op

revision = "0087"
down_revision = "0086"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kept_by(3)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _kept_by(2)


def _kept_by(version: int) -> None:
    """Let what comes from now on be by this rule, and what is of an earlier one be found."""
    op.execute(f"ALTER TABLE offer_details ALTER COLUMN keys_version SET DEFAULT {version}")
    op.execute("DROP INDEX ix_offer_details_keys_version")
    op.execute(
        "CREATE INDEX ix_offer_details_keys_version ON offer_details (giver_id, offer_id)"
        f" WHERE keys_version < {version}"
    )
