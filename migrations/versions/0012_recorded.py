"""Terms are recorded when they are recorded, by a function of their own: they are no part of the sealed chains."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        CREATE FUNCTION recorded_at_now() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
        BEGIN
            NEW.recorded_at := clock_timestamp();
            RETURN NEW;
        END $$
        """
    )
    _record_terms_by("recorded_at_now")


def _record_terms_by(function: str) -> None:
    op.execute("DROP TRIGGER recorded_now ON partnership_terms")
    op.execute(
        f"CREATE TRIGGER recorded_now BEFORE INSERT ON partnership_terms FOR EACH ROW EXECUTE FUNCTION {function}()"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _record_terms_by("recorded_now")
    op.execute("DROP FUNCTION recorded_at_now()")
