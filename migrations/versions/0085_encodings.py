"""Which encodings of a file are in question, whether somebody said it, and what was said of files of the same source."""

from alembic import op

revision = "0085"
down_revision = "0084"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "ALTER TABLE lead_imports ADD COLUMN encodings text[] NOT NULL DEFAULT '{}',"
        " ADD COLUMN encoding_said boolean NOT NULL DEFAULT false"
    )
    op.execute("ALTER TABLE import_mappings ADD COLUMN encoding text")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE import_mappings DROP COLUMN encoding")
    op.execute("ALTER TABLE lead_imports DROP COLUMN encodings, DROP COLUMN encoding_said")
