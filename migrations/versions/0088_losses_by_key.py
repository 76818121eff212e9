"""Losses that a CRM tells by its own key, kept as taken back once their owner says so; a colleague as recognised."""

import walls
from alembic import op

revision = "0088"
down_revision = "0087"

# A colleague as they would be recognised now, for what the house does in their name.
COLLEAGUE = """
    CREATE FUNCTION auth_colleague(whose uuid)
    RETURNS TABLE (user_id uuid, name text, roles text[], locale text, partnership_ids uuid[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT u.id, u.name, u.roles, u.locale, auth_partnerships(u.id)
        FROM users u WHERE u.id = whose AND u.organization_id = (SELECT ctx_org())
    $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        """
        ALTER TABLE account_losses
            ADD COLUMN connector text
                CONSTRAINT ck_account_losses_connector CHECK (length(connector) BETWEEN 1 AND 60),
            ADD COLUMN external_id text
                CONSTRAINT ck_account_losses_external_id CHECK (length(external_id) BETWEEN 1 AND 200),
            ADD COLUMN withdrawn_at timestamptz,
            ADD CONSTRAINT ck_account_losses_key CHECK (num_nulls(connector, external_id) IN (0, 2)),
            ADD CONSTRAINT ck_account_losses_withdrawn CHECK (withdrawn_at IS NULL OR connector IS NOT NULL),
            ADD CONSTRAINT uq_account_losses_key UNIQUE (organization_id, connector, external_id),
            DROP CONSTRAINT uq_account_losses_once
        """
    )
    op.execute(
        """
        CREATE UNIQUE INDEX uq_account_losses_once
        ON account_losses (organization_id, user_id, account_id, lost_on) WHERE withdrawn_at IS NULL
        """
    )
    walls.grant("account_losses", "UPDATE (account_id, lost_on, connector, external_id, withdrawn_at)")
    op.execute(COLLEAGUE)
    walls.definer(walls.roles().auth, "auth_colleague(uuid)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION auth_colleague(uuid)")
    roles = walls.roles()
    op.execute(
        "REVOKE UPDATE (account_id, lost_on, connector, external_id, withdrawn_at) ON account_losses"
        f" FROM {roles.app}, {roles.worker}"
    )
    op.execute("DELETE FROM account_losses WHERE withdrawn_at IS NOT NULL")
    op.execute("DROP INDEX uq_account_losses_once")
    op.execute(
        """
        ALTER TABLE account_losses
            DROP COLUMN withdrawn_at, DROP COLUMN external_id, DROP COLUMN connector,
            ADD CONSTRAINT uq_account_losses_once UNIQUE (organization_id, user_id, account_id, lost_on)
        """
    )
