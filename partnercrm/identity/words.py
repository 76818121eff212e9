"""What roles and scopes are called on pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from partnercrm.identity.agreements import PersonFigures
from partnercrm.identity.models import InvitationStatus
from partnercrm.identity.queries.seen import Audience
from partnercrm.identity.scopes import Role
from partnercrm.web.page import Words

WORDS: Final[Words] = {
    Role: {
        Role.SELLER: _("Seller"),
        Role.PARTNER_MANAGER: _("Partner manager"),
        Role.EXECUTIVE: _("Executive"),
        Role.ADMIN: _("Administrator"),
        Role.INTEGRATION: _("Integration"),
    },
    PersonFigures: {
        PersonFigures.OFF: _("Only that person"),
        PersonFigures.MANAGERS: _("Also managers of all leads"),
    },
    Audience: {
        Audience.ONESELF: _("You"),
        Audience.DEPUTY: _("Who stands in for you"),
        Audience.FELLOWS: _("Colleagues in your partnerships"),
        Audience.COLLEAGUES: _("All colleagues"),
        Audience.MANAGERS: _("Who oversees all leads"),
        Audience.ADMINISTRATORS: _("Administrators"),
        Audience.PROGRAMS: _("Your company's programs"),
        Audience.PARTNERS: _("Partners' members"),
        Audience.PARTNERS_OTHERS: _("All people of partners"),
        Audience.SIDES: _("Companies whose case you moderate"),
        Audience.MODERATOR: _("A case's moderator"),
        Audience.OTHERS: _("Everybody"),
    },
    InvitationStatus: {
        InvitationStatus.OPEN: _("Open"),
        InvitationStatus.EXPIRED: _("Expired"),
        InvitationStatus.ACCEPTED: _("Accepted"),
        InvitationStatus.WITHDRAWN: _("Withdrawn"),
    },
}
ROLES: Final = {
    Role.SELLER: _("Enters, offers and answers leads of their own"),
    Role.PARTNER_MANAGER: _("The same for everybody's leads; proposes partnerships and names their members"),
    Role.EXECUTIVE: _("Reads everything of the exchange"),
    Role.ADMIN: _("People, teams, tokens and the audit trail; proposes partnerships"),
    Role.INTEGRATION: _("A program, such as your CRM, that keeps leads up to date"),
}
KEPT: Final = {
    "accounts": _("Accounts"),
    "invitations": _("Invitations"),
    "sign_ins": _("Sign-ins"),
    "tokens": _("API tokens"),
    "works_agreements": _("Versions of the works agreement"),
    "activities": _("Entries of the record"),
    "shared_activities": _("Entries of shared records"),
    "notices": _("Notices"),
    "mail_links": _("Links in mails"),
    "notice_preferences": _("Wishes about notices"),
    "notice_channels": _("Ways of being told"),
    "working_hours": _("Working hours"),
    "absences": _("Absences and deputies"),
    "memberships": _("Memberships"),
    "proposals": _("Proposals sent"),
    "received_proposals": _("Proposals received"),
    "terms": _("Versions of terms"),
    "term_drafts": _("Drafts of terms"),
    "term_changes": _("Proposed terms"),
    "phase_moves": _("Proposed phases"),
    "criterion_marks": _("Marks of exit criteria"),
    "goal_readings": _("Readings of goals"),
    "case_entries": _("Entries of cases"),
    "cases_owned": _("Cases they own"),
    "moderators_named": _("Moderators named"),
    "moderations": _("Requests to moderate"),
    "contacts": _("Leads with them as contact"),
    "leads_kept": _("Leads they keep"),
    "copied_contacts": _("Details of offers that name them"),
    "offers": _("Offers they worked on, or that name them"),
    "offer_requests": _("Requests to offer a lead"),
    "leads_to_answer": _("Leads they are asked first about"),
    "routing_turns": _("Turns they had in being asked first"),
    "questions": _("Questions about offers"),
    "rounds": _("Exchange rounds"),
    "picks": _("Leads picked for exchange rounds"),
    "sealed": _("What lies under seal"),
    "revealed": _("What exchange rounds revealed"),
    "imports": _("Imports"),
    "imported_rows": _("Rows of files sent in"),
    "import_changes": _("Former values of leads"),
    "import_mappings": _("How they read files"),
}
MAILS: Final = {
    "invitation": _("You are invited to partnercrm"),
    "reset": _("Choose another password for partnercrm"),
}
SCOPES: Final = {
    "leads:read": (_("Read leads"), _("Your leads and the offers of your partnerships")),
    "leads:write": (_("Change leads"), _("Enter, import, offer and answer")),
    "leads:all": (_("All leads of the company"), _("Also those of colleagues")),
    "partnerships:read": (_("Read partnerships"), _("Sides, terms and members")),
    "partnerships:write": (_("Change partnerships"), _("Propose, answer, name members, end")),
    "cases:read": (_("Read cases"), _("What two sides settle, and what you moderate")),
    "cases:write": (_("Change cases"), _("Open, argue, decide, moderate")),
    "reports:read": (_("Read reports"), _("Reciprocity")),
    "identity:read": (_("Read people"), _("Names and roles of your company")),
    "identity:write": (_("Change people"), _("Add and edit people and teams")),
    "notices:read": (_("Read notices"), _("What you were told, and how you wish to be told")),
    "notices:write": (_("Change notices"), _("Mark as read, choose channels and quiet hours")),
    "tokens:write": (_("Manage tokens"), _("Make and revoke API tokens, end sign-ins")),
    "calendars:write": (_("Keep hours and deputies"), _("Your own business hours and who stands in for you")),
    "activity:read": (_("Read the audit trail"), _("Who of your company did what")),
}
