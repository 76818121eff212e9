"""The kinds of data accounts keep for a time: people at companies, and what was said without an answer."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.identity.actions.sweeping import Sweep
from partnercrm.identity.retention import Kind

KINDS: Final = (
    Kind(
        "account_contacts",
        _("Contacts at accounts"),
        _("Role, name, address and what is known of people at your accounts, whom nobody has touched since."),
        days=1095,
        least=30,
        most=3650,
        remover=Sweep.deleting(
            "account_contacts",
            "r.created_at < :before AND NOT EXISTS (SELECT FROM activities a"
            " WHERE a.organization_id = r.organization_id AND a.subject_id = r.id AND a.recorded_at >= :before)",
        ),
    ),
    Kind(
        "account_yeses",
        _("Yeses nobody answered"),
        _("That somebody would talk about an account with a partner, after it ended without an answer."),
        days=1,
        least=1,
        most=90,
        remover=Sweep.deleting(
            "account_yeses",
            "r.expires_at < :before AND NOT EXISTS (SELECT FROM openings o"
            " WHERE r.id IN (o.first_yes_id, o.second_yes_id))",
        ),
        counted=False,
    ),
    Kind(
        "account_losses",
        _("Accounts lost alone"),
        _("That somebody lost an account without a partner, which that person alone reads."),
        days=1095,
        least=730,
        most=3650,
        remover=Sweep.deleting("account_losses", "r.recorded_at < :before"),
        counted=False,
    ),
    Kind(
        "time_spent",
        _("Time told of partnerships"),
        _("What somebody said a partnership took them in a month, which that person alone reads."),
        days=1095,
        least=450,
        most=3650,
        remover=Sweep.deleting("time_spent", "r.told_at < :before"),
        counted=False,
    ),
    Kind(
        "made_up_companies",
        _("Made-up companies"),
        _("Tripwires of account mapping that were made for a partnership which ended."),
        days=30,
        least=1,
        most=365,
        remover=Sweep.deleting(
            "accounts",
            "r.seeded_for IS NOT NULL AND r.created_at < :before AND NOT EXISTS ("
            "SELECT FROM partnerships p WHERE p.id = r.seeded_for AND p.ended_at IS NULL)",
        ),
    ),
)
