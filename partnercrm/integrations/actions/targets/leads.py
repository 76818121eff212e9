"""Leads as what files bring in."""

from typing import Final

from partnercrm.integrations.actions.targets.target import Target

_TEXTS: Final = (
    *("company_name", "company_domain", "country", "industry", "size_band", "need", "contact_name", "contact_role"),
    *("contact_email", "contact_basis", "contact_source", "contact_source_note", "contact_information"),
)
_KEPT_BY_OTHERS: Final = """
    UPDATE {rows} AS r
    SET faults = jsonb_build_array(jsonb_build_object('field', 'external_id', 'column', CAST(:key_column AS int),
        'message', 'A colleague keeps the lead under this key.'))
    FROM {things} l
    WHERE {right} AND l.organization_id = r.organization_id AND l.connector = :connector
      AND l.external_id = r.external_id AND NOT :oversees AND l.owner_id <> :user_id
"""
_GIVEN_TO_OTHERS: Final = """
    UPDATE {rows} AS r
    SET faults = jsonb_build_array(jsonb_build_object('field', 'owner_email', 'column', CAST(:owner_column AS int),
        'message', 'Leads of your own alone can be entered by you now.'))
    WHERE {right} AND NOT :oversees AND r.owner_id <> :user_id
"""
LEADS: Final = Target(
    rows="lead_import_rows",
    changes="lead_import_changes",
    things="leads",
    thing_id="lead_id",
    columns=(*_TEXTS, "contact_channels", "contact_informed_on", "value_minor", "currency", "expected_close_on"),
    defaulted={"notes": "''"},
    types={
        "contact_channels": "text[]",
        "contact_informed_on": "date",
        "expected_close_on": "date",
        "value_minor": "bigint",
    },
    becomes={
        # What an empty cell leaves as it is; somebody who is not informed any more was so on no day.
        "contact_informed_on": "CASE WHEN coalesce(r.contact_information, 'informed') = 'informed'"
        " THEN coalesce(r.contact_informed_on, l.contact_informed_on) END"
    },
    refusals=(_KEPT_BY_OTHERS, _GIVEN_TO_OTHERS),
    left="""
        NOT EXISTS (SELECT FROM offered_leads g JOIN offers o ON o.id = g.offer_id
            WHERE g.organization_id = l.organization_id AND g.lead_id = l.id AND o.offered_at >= :applied_at)
    """,
    unused="""
        NOT EXISTS (SELECT FROM offered_leads o WHERE o.organization_id = l.organization_id AND o.lead_id = l.id)
        AND NOT EXISTS (SELECT FROM round_picks p
            WHERE p.organization_id = l.organization_id AND p.lead_id = l.id AND p.offer_id IS NOT NULL)
    """,
)
