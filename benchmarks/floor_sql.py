"""The floor's statements: what partnercrm's ORM sends for the same requests, written by hand and not one more."""

from collections.abc import Sequence
from typing import Final

from partnercrm.deals.schemas.selling import DealView
from partnercrm.leads.schemas import OfferView

KNOWN_OF_CONTACT: Final = (
    *("contact_basis", "contact_channels", "contact_source", "contact_source_note", "contact_information"),
    "contact_informed_on",
)
LEAD_SHOWN: Final = (
    *("company_name", "company_domain", "country", "industry", "size_band", "need", "contact_name", "contact_role"),
    *("contact_email", *KNOWN_OF_CONTACT, "expected_close_on", "notes", "owner_id", "id", "connector", "external_id"),
    *("status", "offer_id", "created_at"),
)
OFFER_SHOWN: Final = tuple(
    name for name in OfferView().fields if name not in {"direction", "giver_member", "receiver_member", "details"}
)
DEAL_SHOWN: Final = tuple(name for name in DealView().fields if name not in {"direction", "value", "next_stages"})
DETAILS_SHOWN: Final = (
    *("company_name", "company_domain", "contact_name", "contact_email", *KNOWN_OF_CONTACT, "message"),
)

WHO: Final = "SELECT organization_id, user_id, token_id FROM auth_by_token(%s)"
CONTEXT: Final = (
    "SELECT set_config('partnercrm.organization', %(organization_id)s, true),"
    " set_config('partnercrm.user', %(user_id)s, true)"
)

_STATE: Final = """
    SELECT l.*, coalesce(o.status, 'draft') AS status, o.id AS offer_id
    FROM leads l
    LEFT JOIN offered_leads k ON k.organization_id = l.organization_id AND k.lead_id = l.id AND k.is_current
    LEFT JOIN offers o ON o.id = k.offer_id AND o.giver_id = l.organization_id
        AND EXISTS (SELECT FROM partnerships p WHERE p.id = o.partnership_id AND p.status <> 'ended')
"""
LEADS: Final = f"{_STATE} WHERE l.id = ANY(%s)"
LEAD_TO_OFFER: Final = f"{_STATE} WHERE l.organization_id = %(organization_id)s AND l.id = %(lead_id)s FOR UPDATE OF l"
ADD_SYNCED: Final = """
    INSERT INTO activities (id, organization_id, verb, subject, subject_id, user_id, token_id, request_id, facts,
        happened_at)
    SELECT activity_id, organization_id, 'lead.synced', 'leads', lead_id, user_id, token_id, '', '{}', %(at)s
    FROM jsonb_to_recordset(%(rows)s)
        AS r(activity_id uuid, organization_id uuid, lead_id uuid, user_id uuid, token_id uuid)
"""

HELD_PARTNERSHIP: Final = """
    SELECT p.proposer_id, p.addressee_id, t.response_hours, t.offer_days
    FROM partnerships p JOIN partnership_terms t ON t.partnership_id = p.id
    WHERE p.id = %(partnership_id)s ORDER BY t.version DESC LIMIT 1 FOR SHARE OF p
"""
MEMBER: Final = """
    SELECT id FROM partnership_members
    WHERE organization_id = %(organization_id)s AND partnership_id = %(partnership_id)s AND user_id = %(user_id)s
      AND left_at IS NULL
"""
LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
SAME_LEAD: Final = """
    SELECT d.offer_id FROM offer_details d JOIN offers o ON o.id = d.offer_id
    WHERE d.partnership_id = %(partnership_id)s
      AND (d.company_key = %(company_key)s OR d.name_key = %(name_key)s)
      AND o.status IN ('offered', 'accepted', 'qualified', 'converted')
    LIMIT 1
"""
ADD_OFFER: Final = """
    INSERT INTO offers (id, partnership_id, giver_id, receiver_id, giver_member_id, status, country, industry,
        size_band, need, contact_role, value_band, value_currency, offered_at, respond_by, expires_at)
    VALUES (%(offer_id)s, %(partnership_id)s, %(giver_id)s, %(receiver_id)s, %(member_id)s, 'offered', %(country)s,
        %(industry)s, %(size_band)s, %(need)s, %(contact_role)s, %(value_band)s, %(currency)s, %(at)s, %(respond_by)s,
        %(expires_at)s)
"""
_CONTACT_GIVEN: Final = ", ".join(f"%({name})s" for name in KNOWN_OF_CONTACT)
ADD_DETAILS: Final = f"""
    INSERT INTO offer_details (offer_id, partnership_id, giver_id, receiver_id, company_name, company_domain,
        company_key, name_key, contact_name, contact_email, {", ".join(KNOWN_OF_CONTACT)}, value_minor, currency,
        message, tier)
    VALUES (%(offer_id)s, %(partnership_id)s, %(giver_id)s, %(receiver_id)s, %(company_name)s, %(company_domain)s,
        %(company_key)s, %(name_key)s, %(contact_name)s, %(contact_email)s, {_CONTACT_GIVEN}, %(value_minor)s,
        %(currency)s, %(message)s, %(tier)s)
"""
CURRENT_LINK: Final = """
    SELECT offer_id FROM offered_leads WHERE organization_id = %(organization_id)s AND lead_id = %(id)s AND is_current
"""
ADD_LINK: Final = """
    INSERT INTO offered_leads (offer_id, organization_id, lead_id, is_current)
    VALUES (%(offer_id)s, %(organization_id)s, %(id)s, true)
"""
ADD_STEP: Final = """
    INSERT INTO lead_steps (id, partnership_id, giver_id, receiver_id, offer_id, step, happened_at)
    VALUES (%(step_id)s, %(partnership_id)s, %(giver_id)s, %(receiver_id)s, %(offer_id)s, 'offered', %(at)s)
"""
ADD_ACTIVITY: Final = """
    INSERT INTO activities (id, organization_id, verb, subject, subject_id, user_id, token_id, request_id, facts,
        happened_at)
    VALUES (%(activity_id)s, %(organization_id)s, 'lead.offered', 'offers', %(offer_id)s, %(user_id)s, %(token_id)s, '',
        '{}', %(at)s)
"""
ADD_SHARED_ACTIVITY: Final = """
    INSERT INTO shared_activities (id, partnership_id, first_organization_id, second_organization_id,
        acting_organization_id, verb, subject, subject_id, facts, happened_at)
    VALUES (%(activity_id)s, %(partnership_id)s, %(first)s, %(second)s, %(giver_id)s, 'lead.offered', 'offers',
        %(offer_id)s, '{}', %(at)s)
"""
HOLD_REPORTS: Final = "SELECT pg_advisory_xact_lock_shared(hashtextextended(%(partnership_id)s::text, 0))"
OFFERING: Final = (
    *(ADD_OFFER, ADD_DETAILS, CURRENT_LINK, ADD_LINK),
    *(HOLD_REPORTS, ADD_STEP, ADD_ACTIVITY, ADD_SHARED_ACTIVITY),
)
DEFER: Final = """
    SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[
        CAST(ROW('default', 'leads.expire_offer', 0, NULL, NULL, %(expiry)s, %(expires_at)s)
            AS procrastinate_job_to_defer_v1),
        CAST(ROW('default', 'leads.ask_for_answer', 0, NULL, NULL, %(question)s, %(asked_at)s)
            AS procrastinate_job_to_defer_v1),
        CAST(ROW('default', 'notices.tell', 0, NULL, NULL, %(notice)s, NULL) AS procrastinate_job_to_defer_v1)
    ]))
"""

_CONTACT_SHOWN: Final = ", ".join(f"d.{name} AS d_{name}" for name in KNOWN_OF_CONTACT)
_WHOLE_OFFER: Final = f"""
    SELECT o.*, g.name AS giver_name, r.name AS receiver_name,
        g.user_id AS giver_user_id, r.user_id AS receiver_user_id, d.revealed_at, d.company_name AS d_company_name,
        d.company_domain AS d_company_domain, d.contact_name AS d_contact_name, d.contact_email AS d_contact_email,
        {_CONTACT_SHOWN}, d.message AS d_message, d.value_minor AS d_value_minor, d.currency AS d_currency
    FROM offers o
    LEFT JOIN offer_details d ON d.partnership_id = o.partnership_id AND d.giver_id = o.giver_id
        AND d.receiver_id = o.receiver_id AND d.offer_id = o.id
    JOIN partnership_members g ON g.id = o.giver_member_id
    LEFT JOIN partnership_members r ON r.id = o.receiver_member_id
"""
OFFER: Final = f"{_WHOLE_OFFER} WHERE o.id = %(offer_id)s"
RECEIVED_OFFERS: Final = f"""
    {_WHOLE_OFFER}
    WHERE o.receiver_id = %(organization_id)s AND o.status = %(status)s
      AND EXISTS (SELECT FROM partnerships p WHERE p.id = o.partnership_id AND p.status <> 'ended')
    ORDER BY o.respond_by, o.id LIMIT %(limit)s
"""

LIVING: Final = """
    SELECT p.id FROM partnerships p JOIN partnership_members m ON m.partnership_id = p.id
    WHERE m.organization_id = %(organization_id)s AND m.user_id = %(user_id)s AND m.left_at IS NULL
      AND p.status <> 'ended'
"""
RECEIVED_DEALS: Final = """
    SELECT d.*, a.name AS account_name
    FROM unnest(%(living)s::uuid[]) AS living CROSS JOIN LATERAL (
        SELECT * FROM deals
        WHERE partnership_id = living AND stage = %(stage)s AND origin_id <> %(organization_id)s
        ORDER BY close_on, id LIMIT %(limit)s
    ) AS d JOIN joint_accounts a ON a.id = d.joint_account_id
    ORDER BY d.close_on, d.id LIMIT %(limit)s
"""

ROLL_UP: Final = "SELECT * FROM exchange_facts WHERE partnership_id = %s"
BY_MONTH: Final = """
    SELECT to_char(date_trunc('month', timezone('UTC', happened_at)), 'YYYY-MM'), giver_id, step, currency, count(*),
        count(value_minor), sum(value_minor)
    FROM lead_steps WHERE partnership_id = %s GROUP BY 1, 2, 3, 4
"""


def upsert_leads(columns: Sequence[str]) -> str:
    """Return the statement that enters or updates any number of leads, sent as one JSON array with these columns."""
    sent = (*columns, "value_minor", "currency")
    written = ", ".join((*sent, "id", "organization_id", "owner_id", "version", "created_at"))
    keys = ("connector", "external_id")
    changes = ", ".join(f"{name} = excluded.{name}" for name in sent if name not in keys)
    return f"""
        INSERT INTO leads ({written}) SELECT {written} FROM jsonb_populate_recordset(NULL::leads, %s)
        ON CONFLICT (organization_id, connector, external_id) DO UPDATE SET {changes}, version = leads.version + 1
        RETURNING id, connector, external_id
    """
