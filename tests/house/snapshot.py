"""A database's catalogue as sorted lines: two databases with the same lines are built the same."""

from tests.house.powers import Connection

_OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%%'"
_RIGHTS = "(SELECT string_agg(right_::text, ' ' ORDER BY right_::text) FROM unnest({}) AS u(right_))"
_QUERIES = {
    "schema": f"""
        SELECT n.nspname, nspowner::regrole, {_RIGHTS.format("nspacl")} FROM pg_namespace n WHERE {_OURS}""",
    "relation": f"""
        SELECT c.oid::regclass, relkind, relpersistence, relowner::regrole, relrowsecurity, relforcerowsecurity,
               reloptions, {_RIGHTS.format("relacl")}
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE {_OURS}""",
    "column": f"""
        SELECT attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
               attgenerated, pg_get_expr(adbin, adrelid), {_RIGHTS.format("attacl")}
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE {_OURS} AND attnum > 0 AND NOT attisdropped""",
    "constraint": f"""
        SELECT conrelid::regclass, conname, contype, convalidated, pg_get_constraintdef(k.oid)
        FROM pg_constraint k JOIN pg_namespace n ON n.oid = connamespace WHERE {_OURS}""",
    "index": f"""
        SELECT pg_get_indexdef(indexrelid), indisvalid
        FROM pg_index JOIN pg_class c ON c.oid = indrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE {_OURS}""",
    "policy": "SELECT * FROM pg_policies",
    "trigger": """
        SELECT tgrelid::regclass, pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal""",
    "function": f"""
        SELECT pg_get_functiondef(p.oid), proowner::regrole, {_RIGHTS.format("proacl")}
        FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE {_OURS} AND prokind <> 'a'""",
    "enumeration": f"""
        SELECT t.oid::regtype, enumsortorder, enumlabel FROM pg_enum JOIN pg_type t ON t.oid = enumtypid
        JOIN pg_namespace n ON n.oid = typnamespace WHERE {_OURS}""",
    "extension": "SELECT extname FROM pg_extension",
}


def snapshot(connection: Connection) -> set[str]:
    """Return one line per thing; Alembic's own table is left out."""
    return {
        f"{kind} {' '.join(map(str, row))}"
        for kind, query in _QUERIES.items()
        for row in connection.execute(query.replace("%%", "%"))  # type: ignore[arg-type]
        if "alembic_version" not in str(row)
    }
