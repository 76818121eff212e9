"""The kinds of data the lead exchange keeps for a time. Which step was taken when stays: both sides count on it."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.accounts.contacts import TRAVELLING
from partnercrm.identity.actions.sweeping import Several, Sweep
from partnercrm.identity.retention import Kind

_DONE: Final = "('won', 'lost', 'disqualified')"
_CLOSED: Final = "('declined', 'withdrawn', 'expired', 'returned')"
_QUIET: Final = "NOT EXISTS (SELECT FROM lead_steps s WHERE s.offer_id = {offer}.id AND s.recorded_at >= :before)"
# A lead's 180 days, and the agreed window in which they end: until then a total may count on what was seen.
_TOLD: Final = (
    "r.left_at + interval '4320 hours' + interval '1 month' * coalesce((SELECT max(t.window_months)"
    " FROM partnership_terms t JOIN partnerships p ON p.id = t.partnership_id AND p.status <> 'ended'"
    " WHERE :organization_id IN (t.first_organization_id, t.second_organization_id)), 0) < :before"
)
_THEIR_COPY: Final = (
    "offer_details d ON d.partnership_id = r.partnership_id AND d.giver_id = r.giver_id"
    " AND d.receiver_id = r.receiver_id AND d.offer_id = r.id"
)
_OWN_CONTACTS: Final = Sweep(
    "FROM leads r JOIN offered_leads k ON k.organization_id = r.organization_id AND k.lead_id = r.id AND k.is_current"
    " JOIN offers o ON o.id = k.offer_id AND o.giver_id = r.organization_id"
    f" WHERE r.organization_id = :organization_id AND o.status IN {_DONE} AND {_QUIET.format(offer='o')}"
    f" AND num_nonnulls({', '.join(f'r.{name}' for name in TRAVELLING)}) > 0",
    f"UPDATE leads r SET {', '.join(f'{name} = NULL' for name in TRAVELLING)}, version = r.version + 1"  # noqa: S608
    " FROM past WHERE r.organization_id = :organization_id AND r.id = past.id",
)
_COPIED_CONTACTS: Final = Sweep(
    f"FROM offers r JOIN {_THEIR_COPY} WHERE r.giver_id = :organization_id AND r.status IN {_DONE}"
    f" AND num_nonnulls(d.contact_name, d.contact_email) > 0 AND {_QUIET.format(offer='r')}",
    "SELECT step_forget_contacts(ARRAY(SELECT id FROM past))",
)
KINDS: Final = (
    Kind(
        "contacts",
        _("Contacts of finished leads"),
        _("Name, address and what is known of the contact, in leads won, lost or disqualified and in their copies."),
        days=730,
        least=30,
        most=3650,
        remover=Several((_OWN_CONTACTS, _COPIED_CONTACTS)),
    ),
    Kind(
        "drafts",
        _("Drafts"),
        _("Leads that were never offered and that nobody has touched since."),
        days=1095,
        least=30,
        most=3650,
        remover=Sweep.deleting(
            "leads",
            "r.created_at < :before"
            " AND NOT EXISTS (SELECT FROM offered_leads k WHERE k.organization_id = r.organization_id"
            " AND k.lead_id = r.id)"
            " AND NOT EXISTS (SELECT FROM round_picks p WHERE p.organization_id = r.organization_id"
            " AND p.lead_id = r.id)"
            " AND NOT EXISTS (SELECT FROM activities a WHERE a.organization_id = r.organization_id"
            " AND a.subject_id = r.id AND a.recorded_at >= :before)"
            " AND NOT EXISTS (SELECT FROM lead_import_changes c WHERE c.organization_id = r.organization_id"
            " AND c.lead_id = r.id)",
        ),
    ),
    Kind(
        "sightings",
        _("Former companies of leads"),
        _(
            "What leads were called before they were renamed or discarded, and since when; kept until no agreed window "
            "can count on it any more, and for this time beyond."
        ),
        days=30,
        least=7,
        most=3650,
        remover=Sweep.deleting("lead_sightings", _TOLD),
        counted=False,
    ),
    Kind(
        "closed_offers",
        _("Details of offers that came to nothing"),
        _("Company, contact, value and message of offers of yours that were declined, withdrawn or not answered."),
        days=180,
        least=7,
        most=3650,
        remover=Sweep(
            f"FROM offers r LEFT JOIN {_THEIR_COPY} WHERE r.giver_id = :organization_id AND r.status IN {_CLOSED}"
            f" AND (d.offer_id IS NOT NULL OR r.company_name IS NOT NULL) AND {_QUIET.format(offer='r')}",
            "SELECT step_forget_offers(ARRAY(SELECT id FROM past))",
        ),
    ),
)
