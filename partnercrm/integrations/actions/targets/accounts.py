"""Accounts as what files bring in.

A key of an account that was merged into another changes nothing: what is kept is the survivor's own.
"""

from typing import Final

from partnercrm.integrations.actions.targets.target import Beside, Target

_SAID: Final = "SELECT l.organization_id, l.id, {said} AS said FROM {{known}} WHERE {{right}} AND r.{field} IS NOT NULL"
_FORMER: Final = (
    "SELECT r.organization_id, r.account_id AS id,"
    " ARRAY(SELECT jsonb_array_elements_text(r.former -> '{field}')) AS said"
    " FROM {{changes}} r WHERE {{mine}} AND r.put_back"
)


def _list(field: str, held: str, said: str, clear: str, fill: str) -> Beside:
    """Return a list that hangs on accounts, in the order of its texts; statements over (organization, id, list)."""
    sources = (template.format(field=field, said=said) for template in (_SAID, _FORMER))
    entering, back = ((clear.format(source=source), fill.format(source=source)) for source in sources)
    return Beside(f"r.{field} IS NOT NULL AND {said} IS DISTINCT FROM {held}", {field: held}, entering, back)


def _domains(kind: str) -> Beside:
    held = (
        "ARRAY(SELECT d.domain FROM account_domains d WHERE d.organization_id = l.organization_id"  # noqa: S608 - of the code's own words, as all below
        f" AND d.account_id = l.id AND d.kind = '{kind}' ORDER BY d.domain COLLATE \"C\")"
    )
    clear = (
        "DELETE FROM account_domains d USING ({source}) s WHERE d.organization_id = s.organization_id"  # noqa: S608
        f" AND d.account_id = s.id AND d.kind = '{kind}' AND d.domain <> ALL (s.said)"
    )
    fill = (
        "INSERT INTO account_domains (id, organization_id, account_id, domain, kind)"  # noqa: S608
        f" SELECT gen_random_uuid(), s.organization_id, s.id, one.domain, '{kind}'"
        " FROM ({source}) s CROSS JOIN LATERAL unnest(s.said) AS one (domain)"
        " ON CONFLICT (organization_id, account_id, domain, kind) DO NOTHING"
    )
    return _list(f"{kind}_domains", held, f"r.{kind}_domains", clear, fill)


# A number is written `scheme:country:number`; one that a row says takes the place of its scheme's in its country.
_HELD: Final = """ARRAY(
    SELECT told FROM (
        SELECT concat_ws(':', n.scheme, coalesce(n.country, ''), n.number) AS told FROM account_numbers n
        WHERE n.organization_id = l.organization_id AND n.account_id = l.id) AS t
    ORDER BY told COLLATE "C")"""
_NUMBERS: Final = _list(
    "numbers",
    _HELD,
    f"""ARRAY(
        SELECT one FROM unnest(r.numbers || ARRAY(
            SELECT held FROM unnest({_HELD}) AS h (held) WHERE NOT EXISTS (
                SELECT FROM unnest(r.numbers) AS n (said)
                WHERE split_part(n.said, ':', 1) = split_part(h.held, ':', 1)
                  AND split_part(n.said, ':', 2) = split_part(h.held, ':', 2)))) AS o (one)
        ORDER BY one COLLATE "C")""",  # noqa: S608
    "DELETE FROM account_numbers d USING ({source}) s WHERE d.organization_id = s.organization_id"
    " AND d.account_id = s.id AND concat_ws(':', d.scheme, coalesce(d.country, ''), d.number) <> ALL (s.said)",
    "INSERT INTO account_numbers (id, organization_id, account_id, scheme, country, number)"
    " SELECT gen_random_uuid(), s.organization_id, s.id, split_part(one.said, ':', 1),"
    " nullif(split_part(one.said, ':', 2), ''), split_part(one.said, ':', 3)"
    " FROM ({source}) s CROSS JOIN LATERAL unnest(s.said) AS one (said)"
    " ON CONFLICT (organization_id, account_id, scheme, country, number) DO NOTHING",
)
# Compared so that no index over keys serves: of a list that came a moment ago the planner takes that for the id's.
_PARENT_KEY: Final = (
    "(SELECT p.external_id FROM {things} p WHERE p.organization_id = l.organization_id AND p.id = l.parent_id"
    " AND p.connector || '' = :connector)"
)
_PARENT: Final = Beside(
    f"r.parent_external_id IS NOT NULL AND r.parent_external_id IS DISTINCT FROM {_PARENT_KEY}",
    {"parent_id": "l.parent_id"},
    (
        """
        UPDATE {things} AS l SET parent_id = coalesce(p.merged_into_id, p.id)
        FROM {rows} r JOIN {things} p ON p.organization_id = r.organization_id AND p.connector = :connector
            AND p.external_id = r.parent_external_id
        WHERE {right} AND l.organization_id = r.organization_id AND l.connector = :connector
          AND l.external_id = r.external_id AND l.merged_into_id IS NULL
          AND l.parent_id IS DISTINCT FROM coalesce(p.merged_into_id, p.id) AND l.id <> coalesce(p.merged_into_id, p.id)
        """,
    ),
    (
        """
        UPDATE {things} AS l SET parent_id = p.id
        FROM {changes} r LEFT JOIN {things} p
            ON p.organization_id = r.organization_id AND p.id = CAST(r.former ->> 'parent_id' AS uuid)
        WHERE {mine} AND r.put_back AND l.organization_id = r.organization_id AND l.id = r.account_id
          AND l.parent_id IS DISTINCT FROM p.id
        """,
    ),
)
_UNKNOWN: Final = "No account has this key, neither here nor in the file."
_TOO_HIGH: Final = "This company would be above itself, or more than 20 steps below another."
_FAULT: Final = """
    SET faults = jsonb_build_array(jsonb_build_object('field', 'parent_external_id',
        'column', CAST(:parent_column AS int), 'message', '{message}'))
"""
_ORPHANED: Final = f"""
    UPDATE {{rows}} AS r {_FAULT.format(message=_UNKNOWN)}
    WHERE {{right}} AND r.parent_external_id IS NOT NULL
      AND NOT EXISTS (
          SELECT FROM {{things}} p WHERE p.organization_id = r.organization_id AND p.connector = :connector
            AND p.external_id = r.parent_external_id)
      AND NOT EXISTS (
          SELECT FROM {{rows}} o WHERE o.organization_id = r.organization_id AND o.import_id = r.import_id
            AND o.external_id = r.parent_external_id AND o.faults IS NULL)
"""  # noqa: S608
# Of keys alone: whom a row names, else whose child its account is already.
_CIRCLED: Final = f"""
    WITH RECURSIVE named AS (
        SELECT r.external_id AS child, r.parent_external_id AS parent
        FROM {{rows}} r WHERE {{right}} AND r.parent_external_id IS NOT NULL
        UNION ALL
        SELECT l.external_id, p.external_id FROM {{things}} l JOIN {{things}} p
            ON p.organization_id = l.organization_id AND p.id = l.parent_id AND p.connector = :connector
        WHERE l.organization_id = :organization_id AND l.connector = :connector AND NOT EXISTS (
            SELECT FROM {{rows}} r WHERE {{right}} AND r.parent_external_id IS NOT NULL
              AND r.external_id = l.external_id)
    ), above AS (
        SELECT r.external_id AS child, r.parent_external_id AS parent, 1 AS steps
        FROM {{rows}} r WHERE {{right}} AND r.parent_external_id IS NOT NULL
        UNION ALL
        SELECT above.child, named.parent, above.steps + 1
        FROM above JOIN named ON named.child = above.parent
        WHERE above.parent <> above.child AND above.steps < 20
    )
    UPDATE {{rows}} AS r {_FAULT.format(message=_TOO_HIGH)}
    WHERE {{right}} AND r.external_id IN (SELECT child FROM above WHERE parent = child OR steps >= 20)
"""  # noqa: S608
ACCOUNTS: Final = Target(
    rows="account_import_rows",
    changes="account_import_changes",
    things="accounts",
    thing_id="account_id",
    columns=("name", "street", "postal_code", "city", "region", "country", "industry", "size_band"),
    defaulted={"relationship": "'prospect'"},
    types={"web_domains": "text[]", "mail_domains": "text[]", "numbers": "text[]"},
    becomes={},
    refusals=(_ORPHANED, _CIRCLED),
    left="true",
    unused="""
        NOT EXISTS (
            SELECT FROM account_contacts c WHERE c.organization_id = l.organization_id AND c.account_id = l.id)
    """,
    owner="r.owner_id",
    stands="l.merged_into_id IS NULL",
    stamped=("created_at", "updated_at"),
    touched=("updated_at",),
    beside=(_domains("web"), _domains("mail"), _NUMBERS, _PARENT),
)
