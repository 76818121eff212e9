"""Erasing a person from everywhere one organization wrote them down, the copies at its partners included."""

import walls
from alembic import op

revision = "0027"
down_revision = "0026"

MINE = "organization_id = ctx_org()"
OTHERS = "organization_id = ANY (partners)"
BOTH = "ctx_org() IN (first_organization_id, second_organization_id)"
SIDES = "ctx_org() IN (organization_id, other_id)"
GIVEN = "ctx_org() IN (giver_id, receiver_id)"
KEYS = {
    GIVEN: ("giver_id", "receiver_id"),
    BOTH: ("first_organization_id", "second_organization_id"),
    SIDES: ("organization_id", "other_id"),
}
TEXTS = (
    ("leads", MINE, ("notes", "need", "company_name")),
    ("proposals", f"({MINE} OR {OTHERS})", ("addressee", "message")),
    ("received_proposals", f"({MINE} OR {OTHERS})", ("proposed_by_name", "message")),
    ("works_agreements", MINE, ("reason",)),
    ("api_tokens", MINE, ("name",)),
    ("lead_imports", MINE, ("file_name", "problem")),
    ("lead_import_rows", MINE, ("contact_name", "contact_email", "notes", "need", "company_name")),
    ("offers", GIVEN, ("note", "need", "company_name")),
    ("offer_questions", GIVEN, ("question", "answer")),
    ("offer_details", "SEEN", ("message", "company_name")),
    ("partnership_terms", BOTH, ("moderator_email",)),
    ("term_drafts", MINE, ("note", "moderator_email")),
    ("term_changes", SIDES, ("note", "answer", "moderator_email")),
    ("phase_moves", SIDES, ("note", "waiver", "waiver_of_other", "answer")),
    ("criterion_marks", SIDES, ("evidence",)),
    ("goal_readings", SIDES, ("note",)),
    ("case_entries", BOTH, ("title", "text", "next_step")),
    ("case_moderators", BOTH, ("address", "moderator_name", "declares")),
    ("moderations", f"({MINE} OR {OTHERS})", ("declares",)),
)
JSONS = (
    ("lead_import_changes", MINE, ("former",)),
    ("lead_import_rows", MINE, ("faults",)),
    ("notices", f"({MINE} OR {OTHERS})", ("facts",)),
    ("partnership_terms", BOTH, ("goals", "criteria")),
    ("term_drafts", MINE, ("goals", "criteria")),
    ("term_changes", SIDES, ("goals", "criteria")),
    ("case_entries", BOTH, ("facts",)),
)
OTHER_COLUMNS = {
    "users": ("id", "organization_id", "email", "name", "disabled_at", "version"),
    "leads": ("organization_id", "contact_name", "contact_email", "contact_basis", "version"),
    "offer_details": ("offer_id", "giver_id", "receiver_id", "revealed_at", "contact_name", "contact_email"),
    "offers": ("giver_id", "receiver_id"),
    "partnership_members": ("organization_id", "other_id", "partnership_id", "user_id", "name"),
    "activities": ("id", "organization_id", "facts", "request_id", "salt", "erased_by"),
    "shared_activities": (
        *("id", "partnership_id", "first_organization_id", "second_organization_id"),
        *("facts", "salt", "erased_by"),
    ),
    "invitations": ("organization_id", "email", "name"),
    "lead_import_pieces": ("organization_id", "content"),
    "api_tokens": ("organization_id", "user_id", "revoked_at"),
    "partnerships": ("id", "proposer_id", "addressee_id", "version"),
}
DELETED = ("passwords", "invitations", "lead_import_pieces", "api_tokens", "password_resets", "notices", "mail_actions")
CONSENTED = ("term_changes", "phase_moves")
APPENDED = ("activities", "shared_activities", "partnership_terms", "works_agreements")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _let_erasing_pass("erasing")
    for table, columns in sorted(_columns().items()):
        listed = ", ".join(columns)
        op.execute(f"GRANT SELECT ({listed}), UPDATE ({listed}) ON {table} TO {walls.roles().steps}")
    for table in DELETED:
        op.execute(f"GRANT DELETE ON {table} TO {walls.roles().steps}")
        op.execute(f"GRANT SELECT (organization_id) ON {table} TO {walls.roles().steps}")
    for table in ("passwords", "password_resets", "notices", "mail_actions"):
        op.execute(f"GRANT SELECT (user_id) ON {table} TO {walls.roles().steps}")
    op.execute(f"GRANT SELECT (email), DELETE ON reset_requests TO {walls.roles().steps}")
    for table in _walled():
        op.execute(f"CREATE POLICY for_erasure ON {table} TO {walls.roles().steps} USING (true) WITH CHECK (true)")
    _patterns()
    _erase()


def _columns() -> dict[str, list[str]]:
    """Return the columns erasing reads and changes; it may do so with a few already, by an earlier migration."""
    found: dict[str, list[str]] = {table: list(columns) for table, columns in OTHER_COLUMNS.items()}
    for table, whose, columns in (*TEXTS, *JSONS):
        known = found.setdefault(table, [])
        keys = KEYS.get(whose, ())
        mine = ("organization_id",) if MINE in whose else ()
        known += [name for name in (*columns, *keys, *mine) if name not in known]
    found["offers"].remove("company_name")
    return found


def _walled() -> list[str]:
    return sorted({*_columns(), *DELETED})


def _let_erasing_pass(condition: str) -> None:
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
            f" FOR EACH STATEMENT WHEN (NOT {condition}()) EXECUTE FUNCTION refuse_change()"
        )
    for table in CONSENTED:
        op.execute(f"DROP TRIGGER mutual ON {table}")
        op.execute(
            f"CREATE TRIGGER mutual BEFORE UPDATE ON {table} FOR EACH ROW"
            f" WHEN (NOT {condition}()) EXECUTE FUNCTION consent_is_mutual()"
        )


def _patterns() -> None:
    """What to look for: the address, and the names under which the organization knew it, as whole words."""
    op.execute(
        r"""
        CREATE FUNCTION erased_text(said text, sought text[]) RETURNS text
        LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
        DECLARE
            one text;
        BEGIN
            FOREACH one IN ARRAY sought LOOP
                said := regexp_replace(said, one, '[erased]', 'gi');
            END LOOP;
            RETURN said;
        END $$
        """
    )
    op.execute(
        r"""
        CREATE FUNCTION erasure_patterns(address text, known text[]) RETURNS text[]
        LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
            SELECT array_agg(pattern) FROM (
                SELECT regexp_replace(address, '([^[:alnum:]])', '\\\1', 'g') AS pattern
                UNION
                SELECT '\y' || regexp_replace(one, '([^[:alnum:][:space:]])', '\\\1', 'g') || '\y'
                FROM unnest(known) AS one WHERE length(one) >= 4
            ) AS found
        $$
        """
    )


def _erase() -> None:
    texts = "\n".join(
        _update(table, whose, columns, "{0} = erased_text({0}, sought)", "{0} ~* ANY (sought)")
        for table, whose, columns in TEXTS
    )
    jsons = "\n".join(
        _update(table, whose, columns, "{0} = erased_text({0}::text, sought)::jsonb", "{0}::text ~* ANY (sought)")
        for table, whose, columns in JSONS
    )
    op.execute(
        f"""
        CREATE FUNCTION step_erase_person(address text, own_event uuid) RETURNS jsonb
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        #variable_conflict use_column
        DECLARE
            gone uuid := (SELECT id FROM users WHERE organization_id = ctx_org() AND email = lower(address));
            partners uuid[] := ARRAY(
                SELECT CASE proposer_id WHEN ctx_org() THEN addressee_id ELSE proposer_id END
                FROM partnerships WHERE ctx_org() IN (proposer_id, addressee_id)
                UNION SELECT proposer_id FROM received_proposals WHERE organization_id = ctx_org()
                UNION SELECT organization_id FROM received_proposals
                      WHERE proposer_id = ctx_org() AND organization_id IS NOT NULL
            );
            sought text[];
            counted jsonb := '{{}}';
            touched jsonb := '{{}}';
            others jsonb := '{{}}';
            rows bigint;
            event uuid;
            one uuid;
        BEGIN
            PERFORM set_config('partnercrm.erasing', 'on', true);
            sought := erasure_patterns(address, ARRAY(
                SELECT name FROM users WHERE id = gone
                UNION SELECT name FROM invitations WHERE {MINE} AND email = lower(address)
                UNION SELECT contact_name FROM leads WHERE {MINE} AND lower(contact_email) = lower(address)
                UNION SELECT contact_name FROM lead_import_rows WHERE {MINE} AND lower(contact_email) = lower(address)
                UNION SELECT contact_name FROM offer_details
                      WHERE {_seen()} AND lower(contact_email) = lower(address)
            ));

            UPDATE leads SET contact_name = NULL, contact_email = NULL, contact_basis = NULL, version = version + 1
            WHERE {MINE} AND (lower(contact_email) = lower(address) OR contact_name ~* ANY (sought));
            GET DIAGNOSTICS rows = ROW_COUNT;
            counted := counted || jsonb_build_object('leads', rows);
            UPDATE offer_details SET contact_name = NULL, contact_email = NULL
            WHERE {_seen()} AND (lower(contact_email) = lower(address) OR contact_name ~* ANY (sought));
            GET DIAGNOSTICS rows = ROW_COUNT;
            counted := counted || jsonb_build_object('offers', rows);
{texts}
{jsons}
            UPDATE idempotency_keys SET body = NULL
            WHERE ({MINE} OR {OTHERS}) AND body IS NOT NULL AND encode(body, 'escape') ~* ANY (sought);
            DELETE FROM lead_import_pieces WHERE {MINE} AND encode(content, 'escape') ~* ANY (sought);
            DELETE FROM invitations WHERE {MINE} AND (email = lower(address) OR name ~* ANY (sought));
            DELETE FROM reset_requests WHERE lower(email) = lower(address);
            UPDATE partnership_members SET name = 'Erased person' WHERE organization_id = ctx_org() AND user_id = gone;
            DELETE FROM mail_actions WHERE {MINE} AND user_id = gone;
            DELETE FROM notices WHERE {MINE} AND user_id = gone;
            DELETE FROM passwords WHERE {MINE} AND user_id = gone;
            DELETE FROM password_resets WHERE {MINE} AND user_id = gone;
            DELETE FROM sessions WHERE {MINE} AND user_id = gone;
            DELETE FROM api_tokens WHERE {MINE} AND user_id = gone;
            UPDATE users SET email = 'erased.' || replace(id::text, '-', '') || '@erased.invalid', name = 'Erased person',
                   disabled_at = coalesce(disabled_at, clock_timestamp()), version = version + 1
            WHERE {MINE} AND id = gone;
            GET DIAGNOSTICS rows = ROW_COUNT;
            counted := counted || jsonb_build_object('users', rows);

            UPDATE activities SET facts = '{{}}', request_id = '', salt = gen_random_uuid(), erased_by = own_event
            WHERE {MINE} AND (facts::text ~* ANY (sought) OR request_id ~* ANY (sought));
            GET DIAGNOSTICS rows = ROW_COUNT;
            counted := counted || jsonb_build_object('activities', rows);
            FOR one IN SELECT id FROM partnerships WHERE ctx_org() IN (proposer_id, addressee_id) LOOP
                event := gen_random_uuid();
                UPDATE shared_activities SET facts = '{{}}', salt = gen_random_uuid(), erased_by = event
                WHERE partnership_id = one AND facts::text ~* ANY (sought);
                GET DIAGNOSTICS rows = ROW_COUNT;
                IF rows > 0 OR EXISTS (SELECT FROM partnership_members WHERE partnership_id = one AND user_id = gone)
                   OR (counted->>'offers')::bigint > 0 THEN
                    touched := touched || jsonb_build_object(one::text, event);
                    UPDATE partnerships SET version = version + 1 WHERE id = one;
                END IF;
            END LOOP;
            FOREACH one IN ARRAY partners LOOP
                event := gen_random_uuid();
                UPDATE activities SET facts = '{{}}', request_id = '', salt = gen_random_uuid(), erased_by = event
                WHERE organization_id = one AND (facts::text ~* ANY (sought) OR request_id ~* ANY (sought));
                IF FOUND THEN
                    others := others || jsonb_build_object(one::text, event);
                END IF;
            END LOOP;
            PERFORM set_config('partnercrm.erasing', '', true);
            RETURN jsonb_build_object('counted', counted, 'partnerships', touched, 'others', others);
        END $$
        """
    )
    walls.definer(walls.roles().steps, "step_erase_person(text, uuid)")


def _seen() -> str:
    return "(giver_id = ctx_org() OR (receiver_id = ctx_org() AND revealed_at IS NOT NULL))"


def _update(table: str, whose: str, columns: tuple[str, ...], change: str, found: str) -> str:
    changes = ", ".join(change.format(column) for column in columns)
    anywhere = " OR ".join(found.format(column) for column in columns)
    return f"            UPDATE {table} SET {changes} WHERE {whose.replace('SEEN', _seen())} AND ({anywhere});"


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("DROP FUNCTION step_erase_person(text, uuid)")
    op.execute("DROP FUNCTION erasure_patterns(text, text[])")
    op.execute("DROP FUNCTION erased_text(text, text[])")
    steps = walls.roles().steps
    for table in _walled():
        op.execute(f"DROP POLICY for_erasure ON {table}")
    op.execute(f"REVOKE SELECT (email), DELETE ON reset_requests FROM {steps}")
    for table in ("passwords", "password_resets", "notices", "mail_actions"):
        op.execute(f"REVOKE SELECT (user_id) ON {table} FROM {steps}")
    for table in DELETED:
        op.execute(f"REVOKE SELECT (organization_id) ON {table} FROM {steps}")
        op.execute(f"REVOKE DELETE ON {table} FROM {steps}")
    for table, columns in sorted(_columns().items()):
        listed = ", ".join(columns)
        op.execute(f"REVOKE SELECT ({listed}), UPDATE ({listed}) ON {table} FROM {steps}")
    for table in APPENDED:
        op.execute(f"DROP TRIGGER append_only ON {table}")
        walls.append_only(table)
    for table in CONSENTED:
        op.execute(f"DROP TRIGGER mutual ON {table}")
        op.execute(f"CREATE TRIGGER mutual BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION consent_is_mutual()")
    op.execute("DROP FUNCTION erasing()")
