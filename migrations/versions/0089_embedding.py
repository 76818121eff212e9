"""Which addresses of an organization's own may show its cards, and for whom a card's link acts."""

import walls
from alembic import op

revision = "0089"
down_revision = "0088"

ORIGIN = r"https://[a-z0-9.-]+(:[0-9]{1,5})?"
# A link acts for its seller as long as both the seller and the token it was made with may sign in.
CARD = """
    CREATE FUNCTION auth_card(company uuid, seller uuid, through uuid)
    RETURNS TABLE (name text, roles text[], locale text, partnership_ids uuid[],
                   asked_by uuid, asked_as text[], origins text[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT u.name, u.roles, u.locale, auth_partnerships(u.id), b.id, b.roles, o.embedding_origins
        FROM organizations o
        JOIN users u ON u.organization_id = o.id AND u.id = seller AND u.disabled_at IS NULL
        JOIN api_tokens t ON t.organization_id = o.id AND t.id = through
                         AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp()
        JOIN users b ON b.organization_id = o.id AND b.id = t.user_id AND b.disabled_at IS NULL
        WHERE o.id = company AND 'accounts:read' = ANY (t.scopes)
    $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        f"""
        ALTER TABLE organizations
            ADD COLUMN embedding_origins text[] NOT NULL DEFAULT '{{}}'
                CONSTRAINT ck_organizations_embedding_origins CHECK (
                    cardinality(embedding_origins) <= 10
                    AND array_to_string(embedding_origins, ' ', ' ') ~ '^({ORIGIN}( {ORIGIN})*)?$'
                ),
            ADD COLUMN embedding_version bigint NOT NULL DEFAULT 0
        """
    )
    walls.grant("organizations", "UPDATE (embedding_origins, embedding_version)")
    op.execute(CARD)
    walls.definer(walls.roles().auth, "auth_card(uuid,uuid,uuid)")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION auth_card(uuid, uuid, uuid)")
    roles = walls.roles()
    op.execute(
        f"REVOKE UPDATE (embedding_origins, embedding_version) ON organizations FROM {roles.app}, {roles.worker}"
    )
    op.execute("ALTER TABLE organizations DROP COLUMN embedding_origins, DROP COLUMN embedding_version")
