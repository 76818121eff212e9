"""Erasing a person from everywhere one organization wrote them down, the copies at its partners included."""

import erasing
import walls
from alembic import op

revision = "0027"
down_revision = "0026"

READ = {
    "users": ("id", "organization_id", "email", "name", "disabled_at", "version"),
    "leads": ("version",),
    "offer_details": ("offer_id", "giver_id", "receiver_id", "revealed_at"),
    "offers": ("id", "giver_id", "receiver_id", "giver_member_id", "receiver_member_id"),
    "proposals": ("id",),
    "received_proposals": ("proposal_id",),
    "lead_imports": ("state", "ended_at", "version"),
    "idempotency_keys": ("organization_id", "subject_id", "body"),
    "partnership_members": ("id", "organization_id", "other_id", "partnership_id", "user_id", "name"),
    "activities": ("id", "organization_id", "facts", "request_id", "salt", "erased_by"),
    "shared_activities": (
        *("id", "partnership_id", "first_organization_id", "second_organization_id"),
        *("acting_organization_id", "subject_id", "facts", "salt", "erased_by"),
    ),
    "invitations": ("organization_id", "email", "name"),
    "lead_import_pieces": ("organization_id",),
    "api_tokens": ("organization_id", "user_id"),
    "passwords": ("organization_id", "user_id"),
    "password_resets": ("organization_id", "user_id"),
    "notices": ("organization_id", "user_id"),
    "mail_actions": ("organization_id", "user_id"),
    "reset_requests": ("email",),
    "partnerships": ("id", "proposer_id", "addressee_id", "version"),
}
CHANGED = {
    "users": ("email", "name", "disabled_at", "version"),
    "leads": ("version",),
    "lead_imports": ("state", "ended_at", "version"),
    "partnership_members": ("name",),
    "activities": ("facts", "request_id", "salt", "erased_by"),
    "shared_activities": ("facts", "salt", "erased_by"),
    "partnerships": ("version",),
}
DELETED = (
    *("invitations", "lead_import_pieces", "api_tokens", "passwords", "password_resets"),
    *("notices", "mail_actions", "reset_requests"),
)
CONSENTED = ("term_changes", "phase_moves")
APPENDED = ("activities", "shared_activities", "partnership_terms", "works_agreements")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _let_erasing_pass()
    erasing.grant(erasing.FIRST)
    _rights("GRANT", "TO")
    for table in _walled():
        op.execute(f"CREATE POLICY for_erasure ON {table} TO {walls.roles().steps} USING (true) WITH CHECK (true)")
    _patterns()
    erasing.define(erasing.FIRST)


def _rights(verb: str, direction: str) -> None:
    steps = walls.roles().steps
    for right, columns in (("SELECT", READ), ("UPDATE", CHANGED)):
        for table, names in sorted(columns.items()):
            op.execute(f"{verb} {right} ({', '.join(names)}) ON {table} {direction} {steps}")
    for table in DELETED:
        op.execute(f"{verb} DELETE ON {table} {direction} {steps}")


def _walled() -> list[str]:
    return sorted({*READ, *erasing.FIRST.changed(), *DELETED})


def _let_erasing_pass() -> None:
    """Let the guards of what is written once make way for erasing, and for nothing else."""
    op.execute(
        f"""
        CREATE FUNCTION erasing() RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
            SELECT coalesce(current_setting('partnercrm.erasing', true), '') = 'on'
                   AND current_user = '{walls.roles().steps}'
        $$
        """
    )
    for table in APPENDED:
        op.execute(f"DROP TRIGGER append_only ON {table}")
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT WHEN (NOT erasing()) EXECUTE FUNCTION refuse_change()"
        )
    for table in CONSENTED:
        op.execute(f"DROP TRIGGER mutual ON {table}")
        op.execute(
            f"CREATE TRIGGER mutual BEFORE UPDATE ON {table} FOR EACH ROW"
            " WHEN (NOT erasing()) EXECUTE FUNCTION consent_is_mutual()"
        )


def _patterns() -> None:
    """What to look for: the address, and the names beside which the organization wrote it, as whole words.

    What stands in its place takes no more room than the text had: a column's limit must not refuse an erasure.

    A letter beyond ASCII is said to be one: under the locale C the database itself would not know.
    """
    op.execute(
        r"""
        CREATE FUNCTION erased_text(said text, sought text[]) RETURNS text
        LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
        DECLARE
            room int := greatest(length(said), length('[erased]'));
            one text;
        BEGIN
            FOREACH one IN ARRAY sought LOOP
                said := regexp_replace(said, one, '[erased]', 'gi');
            END LOOP;
            RETURN left(said, room);
        END $$
        """
    )
    op.execute(
        r"""
        CREATE FUNCTION erased_json(said jsonb, sought text[]) RETURNS jsonb
        LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
        BEGIN
            RETURN CASE jsonb_typeof(said)
                WHEN 'string' THEN to_jsonb(erased_text(said #>> '{}', sought))
                WHEN 'array' THEN coalesce(
                    (SELECT jsonb_agg(erased_json(e.one, sought) ORDER BY e.place)
                     FROM jsonb_array_elements(said) WITH ORDINALITY AS e (one, place)), '[]')
                WHEN 'object' THEN coalesce(
                    (SELECT jsonb_object_agg(e.key, erased_json(e.value, sought)) FROM jsonb_each(said) AS e), '{}')
                ELSE said END;
        END $$
        """
    )
    op.execute(
        r"""
        CREATE FUNCTION erasure_patterns(address text, known text[]) RETURNS text[]
        LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
            SELECT array_agg(pattern) FROM (
                SELECT '(?<![[:alnum:]._%+-])' || regexp_replace(address, '([^[:alnum:]])', '\\\1', 'g')
                       || '(?![[:alnum:]-]|\.[[:alnum:]])' AS pattern
                UNION
                SELECT '(?<![[:alnum:]\u0080-\uffff])' || regexp_replace(one, '([^[:alnum:][:space:]])', '\\\1', 'g')
                       || '(?![[:alnum:]\u0080-\uffff])'
                FROM unnest(known) AS one WHERE length(one) >= 4
            ) AS found
        $$
        """
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_erase_person(text, uuid)")
    op.execute("DROP FUNCTION erasure_patterns(text, text[])")
    op.execute("DROP FUNCTION erased_json(jsonb, text[])")
    op.execute("DROP FUNCTION erased_text(text, text[])")
    for table in _walled():
        op.execute(f"DROP POLICY for_erasure ON {table}")
    _rights("REVOKE", "FROM")
    erasing.revoke(erasing.FIRST)
    op.execute(f"GRANT UPDATE (company_name) ON offers TO {walls.roles().steps}")
    for table in APPENDED:
        op.execute(f"DROP TRIGGER append_only ON {table}")
        walls.append_only(table)
    for table in CONSENTED:
        op.execute(f"DROP TRIGGER mutual ON {table}")
        op.execute(f"CREATE TRIGGER mutual BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION consent_is_mutual()")
    op.execute("DROP FUNCTION erasing()")
