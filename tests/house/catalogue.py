"""The catalogue of a migrated database, audited: each check returns what keeps it from being safe."""

import re
from collections.abc import Callable

from tests.house.definers import DEFINERS
from tests.house.powers import APPEND_ONLY, OURS, Connection, names, powers, rows, time_outs

UNWALLED = {
    "alembic_version": "the number of the last migration",
    "reset_requests": "an address until the worker has looked whose it is; nobody can read it but that look-up",
    "rate_counters": "counts under hashes, nothing of any tenant",
    **dict.fromkeys(("exchange_rates", "rate_versions"), "published rates; the web server only reads"),
}
OWNED = {
    "organizations": "id",
    **dict.fromkeys(
        (
            *("account_contacts", "account_domains", "account_numbers", "accounts", "activities", "api_tokens"),
            *("audit_chains", "audit_links", "calendars", "deputies", "figure_months", "idempotency_keys"),
            *("account_import_changes", "account_import_rows", "populations", "population_versions"),
            *("account_keys", "account_merges", "account_pairs", "account_yeses", "account_losses", "candidates"),
            *("lead_sightings", "time_baselines", "time_spent"),
            *("import_mappings", "lead_import_changes", "lead_import_pieces", "lead_import_rows", "lead_imports"),
            *("invitations", "leads", "reminders", "moderations", "mail_actions", "notice_channels"),
            *("notice_preferences", "lead_assignments", "notices", "offer_amounts", "offer_requests", "offered_leads"),
            *("password_resets", "passwords", "proposals", "received_proposals", "sessions", "team_figures"),
            *("teams", "term_drafts", "retention", "round_picks", "routing_plans", "routing_turns"),
            *("sealed_documents", "users", "works_agreements"),
            *("enablement_exceptions", "enablement_item_versions", "enablement_items", "enablement_programmes"),
            *("enablement_results", "enablement_tellings", "coverage_groups", "proposition_checks"),
            *("pulse_givers", "pulse_rounds"),
            *("cluster_members", "disclosed_accounts", "mapping_listings", "mapping_sides", "mapping_takes"),
            *("joint_account_sides", "withheld_fields"),
            *("compensation_assignments", "compensation_plans", "compensation_versions"),
            *("deal_books", "registration_drafts", "registration_reminders", "registration_sides", "sales_baselines"),
            *("split_divisions", "split_participants"),
            *("accrual_states", "accruals", "entries", "journals", "ledger_periods", "pay_out_lines", "pay_outs"),
            *("earning_questions", "imported_earnings", "lead_bonuses"),
        ),
        "organization_id",
    ),
}
_OF_RECORDS = ("shared_activities", "shared_audit_chains", "shared_audit_links")
_OF_JOINT_ACCOUNTS = (
    *("deal_entries", "deal_events", "deal_files", "deal_people", "deal_revenues", "deal_versions", "deals"),
    *("joint_account_domains", "joint_account_numbers", "joint_account_people"),
    *("flow_reports", "joint_accounts", "joint_plan_items"),
)
_OF_MAPPINGS = ("joint_clusters", "mapping_cells", "mapping_epochs", "mapping_freezes", "openings")
_OF_BOTH = (
    *("case_moderators", "case_owners", "drift_readings", "partnership_terms", "split_agreements", "split_proposals"),
    *(*_OF_RECORDS, *_OF_MAPPINGS, *_OF_JOINT_ACCOUNTS),
)
_OF_ONE_SIDE = ("criterion_marks", "goal_readings", "partnership_members", "partnership_sides", "phase_moves")
_OF_DEALS = ("registrations", "registration_evidence")
_BY_ONE_SIDE = (
    *(*_OF_ONE_SIDE, *_OF_DEALS, "coverage_months", "exchange_rounds", "mapping_lifts", "mappings", "round_seals"),
    *("term_changes", "value_propositions"),
)
_OF_OFFERS = (
    *("lead_contests", "lead_steps", "offer_questions", "offers", "window_totals"),
    *("told_values", "value_consents"),
)
SHARED = {
    **dict.fromkeys(_OF_BOTH, ("first_organization_id", "second_organization_id")),
    **dict.fromkeys(_BY_ONE_SIDE, ("organization_id", "other_id")),
    **dict.fromkeys(_OF_OFFERS, ("giver_id", "receiver_id")),
    "overlap_disclosures": ("discloser_id", "receiver_id"),
    "partnerships": ("proposer_id", "addressee_id"),
}
_NOBODYS = (
    *("candidate_pairs", "exchange_facts", "exchange_settlements", "mapping_secrets", "mapping_tallies"),
    *("offer_marks", "partnership_salts"),
)
_ME = "( SELECT ctx_org() AS ctx_org)"
_CASE_FILE = f"(({_ME} = first_organization_id) OR ({_ME} = second_organization_id) OR ({_ME} = submitted_to_id))"
WALLS = {
    **{table: f"({column} = {_ME})" for table, column in OWNED.items()},
    **{table: f"(({_ME} = {one}) OR ({_ME} = {other}))" for table, (one, other) in SHARED.items()},
    "cases": _CASE_FILE,
    **dict.fromkeys(_NOBODYS, "false"),
    "disclosures": f"((discloser_id = {_ME}) OR ((receiver_id = {_ME}) AND (disclosed_at IS NOT NULL)))",
    "case_entries": _CASE_FILE,
    "offer_details": f"((giver_id = {_ME}) OR ((receiver_id = {_ME}) AND (revealed_at IS NOT NULL)))",
}
SEARCH_PATHS = frozenset({"public, pg_temp", "pg_catalog"})
TENANT = frozenset(
    {
        *("addressee_id", "discloser_id", "first_organization_id", "giver_id", "organization_id", "other_id"),
        *("owner_organization_id", "partnership_id", "proposer_id", "receiver_id", "second_organization_id"),
    }
)
WHOLE_TENANTS = frozenset({"organizations", "partnerships"})


def missing_walls(connection: Connection, prefix: str) -> list[str]:
    """Every table: row security on and forced, one RESTRICTIVE wall, owned or shared, for all commands."""
    found = []
    tables = rows(
        connection,
        f"""SELECT c.relname, n.nspname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND {OURS}""",
    )
    for table, schema, enabled, forced in tables:
        if schema != "public":
            found.append(f"{schema}.{table} stands outside the known schemas")
        elif table not in UNWALLED:
            found += [f"{table}: row security is not enabled"] * (not enabled)
            found += [f"{table}: row security is not forced"] * (not forced)
            found += [f"{table}: {what}" for what in _wall(connection, prefix, table)]
    return found


def _wall(connection: Connection, prefix: str, table: str) -> list[str]:
    walls = rows(
        connection,
        """SELECT roles::text[], qual, with_check FROM pg_policies
           WHERE schemaname = 'public' AND tablename = %s AND permissive = 'RESTRICTIVE' AND cmd = 'ALL'""",
        table,
    )
    if len(walls) != 1:
        return [f"{len(walls)} walls instead of one"]
    ((people, reads, writes),) = walls
    found = []
    if set(people) != {f"{prefix}_app", f"{prefix}_worker"}:
        found.append(f"its wall is for {people}")
    for condition in (reads, writes or reads):
        plain = " ".join((condition or "").split())
        if plain != WALLS.get(table):
            found.append(f"its wall is {plain}")
    return found


def widening_policies(connection: Connection, prefix: str) -> list[str]:
    """No policy lets in PUBLIC or a role that is not one of ours."""
    known = {f"{prefix}_{kind}" for kind in ("app", "worker", "auth", "steps", "matcher")}
    policies = rows(connection, "SELECT tablename, policyname, roles::text[] FROM pg_policies")
    return [f"{table}: {name} lets in {people}" for table, name, people in policies if not set(people) <= known]


def definers(connection: Connection, prefix: str) -> list[str]:
    """The functions that run as somebody else are the named ones, tightly held; every function fixes its path."""
    found, seen = [], set()
    functions = rows(
        connection,
        f"""SELECT p.oid::regprocedure::text, p.prosecdef, p.proowner::regrole::text, p.proconfig, ARRAY(
                SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
                FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee <> p.proowner)
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {OURS}
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')""",
    )
    for name, is_definer, owner, settings, callers in functions:
        paths = [setting.partition("=")[2] for setting in settings or () if setting.startswith("search_path=")]
        if not set(paths) <= SEARCH_PATHS or not paths:
            found.append(f"{name} does not fix its search_path")
        if is_definer:
            seen.add(name)
            found += _held(name, owner, set(callers), prefix)
    return found + [f"{name} is missing" for name in sorted(set(DEFINERS) - seen)]


def _held(name: str, owner: str, callers: set[str], prefix: str) -> list[str]:
    if name not in DEFINERS:
        return [f"{name} runs as {owner} and is not on the list"]
    found = []
    if owner not in names(prefix, "auth", "steps", "matcher"):
        found.append(f"{name} belongs to {owner}")
    if callers != {f"{prefix}_{kind}" for kind in DEFINERS[name]}:
        found.append(f"{name} can be called by {sorted(callers)}")
    return found


def leaking_views(connection: Connection, prefix: str) -> list[str]:
    """A view reads with its reader's rights; there is no materialised view and no rule."""
    views = rows(
        connection,
        f"""SELECT c.relname, c.relkind, c.reloptions FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('v', 'm') AND {OURS}""",
    )
    return [
        f"{name} reads with its owner's rights"
        for name, kind, options in views
        if kind == "m" or "security_invoker=true" not in (options or [])
    ]


def guessable_keys(connection: Connection, prefix: str) -> list[str]:
    """A unique key starts with whose it is or with an id the server made, or is a secret's hash: it answers nobody."""
    keys = rows(
        connection,
        f"""SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid, 1, true)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE (i.indisunique OR i.indisexclusion) AND {OURS}""",
    )
    found = []
    for table, index, leading in keys:
        columns = set(re.findall(r"[a-z_]+", leading)) - {"least", "greatest"}
        if table not in UNWALLED and not columns <= TENANT | _made_ids(connection, table) | {"secret_hash"}:
            found.append(f"{index} starts with {leading}")
    return found


def _made_ids(connection: Connection, table: str) -> set[str]:
    columns = rows(
        connection,
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND atttypid = 'uuid'::regtype AND attnum > 0",
        table,
    )
    return {name for (name,) in columns}


def loose_references(connection: Connection, prefix: str) -> list[str]:
    """A foreign key to a tenant table carries the organization or the partnership on both ends."""
    keys = rows(
        connection,
        f"""SELECT k.conrelid::regclass::text, k.conname, k.confrelid::regclass::text,
                ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u(number, place)
                      JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place),
                ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u(number, place)
                      JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place)
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE k.contype = 'f' AND {OURS}""",
    )
    return [
        f"{table}: {name} points at {target} without whose it is"
        for table, name, target, columns, targets in keys
        if target not in WHOLE_TENANTS
        and not any(ours in TENANT and theirs in TENANT for ours, theirs in zip(columns, targets, strict=True))
    ]


def sequences(connection: Connection, prefix: str) -> list[str]:
    """No table of ours counts: a number tells one tenant how much another does."""
    found = rows(
        connection,
        f"""SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'S' AND {OURS}""",
    )
    return [f"{name} counts" for (name,) in found]


def loose_triggers(connection: Connection, prefix: str) -> list[str]:
    """What is append-only refuses UPDATE, DELETE and TRUNCATE; no trigger is switched off."""
    triggers = rows(
        connection,
        """SELECT tgrelid::regclass::text, tgname, tgenabled, tgtype, tgfoid::regproc::text
           FROM pg_trigger WHERE NOT tgisinternal""",
    )
    found = [f"{table}: {name} is switched off" for table, name, enabled, _, _ in triggers if enabled not in "OA"]
    before_update_delete_truncate = 2 | 8 | 16 | 32
    guarded = {
        table
        for table, _, _, kind, function in triggers
        if function == "refuse_change" and kind & 63 == before_update_delete_truncate
    }
    return found + [f"{table} can be changed" for table in sorted(APPEND_ONLY - guarded)]


CHECKS: tuple[Callable[[Connection, str], list[str]], ...] = (
    missing_walls,
    widening_policies,
    powers,
    definers,
    leaking_views,
    guessable_keys,
    loose_references,
    sequences,
    loose_triggers,
    time_outs,
)
