"""Every id in the database is a canary too: who may read it follows from the row, asked as the superuser."""

from collections.abc import Callable, Iterable
from typing import Any, Final
from uuid import UUID

import psycopg

from tests.matrix.people import MEMBERS, PARTNERS, PEOPLE, THIRDS, administrators, colleagues
from tests.matrix.world import World, own_readers

Readers = Callable[..., Iterable[str]]
_STRANGERS: Final = ("ines", "hugo")


def _both(one: str, other: str) -> list[str]:
    return [*colleagues(one), *colleagues(other)]


def _partners(organization: str) -> list[str]:
    return [
        *THIRDS.get(organization, ()),
        *(who for name in {organization} | PARTNERS[organization] for who in colleagues(name)),
    ]


def _shared(giver: str, receiver: str, status: str) -> list[str]:
    """Return who reads an offer: the members while the partnership lives, and the audit trails of both sides."""
    sides = {giver, receiver}
    members = [who for who in (*MEMBERS, *_STRANGERS) if PEOPLE[who].organization in sides]
    trails = [*administrators(giver), *administrators(receiver)]
    return trails if status == "ended" else [*members, *trails]


def _case(first: str, second: str, status: str, moderated: str | None) -> list[str]:
    """Return who reads a case: those who read what is shared, and who was asked to moderate it."""
    asked = ["mona", *administrators(moderated)] if moderated else []
    return [*_shared(first, second, status), *asked]


def _moderation(organization: str, user: str) -> list[str]:
    return [user, *administrators(organization)]


def _token(organization: str, owner: str) -> list[str]:
    return [owner, *administrators(organization)]


def _lead(organization: str, owner: str) -> list[str]:
    return [*own_readers(owner), *administrators(organization)]


def _taught(organization: str, status: str) -> list[str]:
    return administrators(organization) if status == "ended" else list(colleagues(organization))


def _excepted(organization: str, user: str, keeper: str) -> list[str]:
    return [user, keeper, *administrators(organization)]


RULES: Final[dict[str, Readers]] = {
    "SELECT id, id FROM organizations": _partners,
    "SELECT id, organization_id FROM users": colleagues,
    "SELECT id, organization_id FROM teams": colleagues,
    "SELECT id, organization_id FROM invitations": administrators,
    "SELECT id, organization_id, user_id FROM api_tokens": _token,
    "SELECT id, organization_id, user_id FROM sessions": _token,
    "SELECT id, organization_id FROM proposals": colleagues,
    "SELECT id, organization_id FROM received_proposals WHERE organization_id IS NOT NULL": colleagues,
    "SELECT id, proposer_id, addressee_id FROM partnerships": _both,
    "SELECT id, organization_id, other_id FROM partnership_members": _both,
    "SELECT id, organization_id, other_id FROM term_changes": _both,
    "SELECT id, organization_id FROM term_drafts": colleagues,
    "SELECT id, organization_id, other_id FROM phase_moves": _both,
    "SELECT id, organization_id, other_id FROM criterion_marks": _both,
    "SELECT id, organization_id, other_id FROM goal_readings": _both,
    "SELECT id, organization_id FROM accounts": colleagues,
    "SELECT id, organization_id FROM account_contacts": colleagues,
    "SELECT id, organization_id FROM populations": colleagues,
    "SELECT id, organization_id FROM account_pairs": colleagues,
    "SELECT id, organization_id FROM account_merges": colleagues,
    "SELECT i.id, i.organization_id, p.status FROM enablement_items i"
    " JOIN partnerships p ON p.id = partnership_id": _taught,
    "SELECT v.id, organization_id, other_id FROM value_propositions v WHERE status = 'agreed'": _both,
    "SELECT v.id, organization_id, other_id, p.status FROM value_propositions v"
    " JOIN partnerships p ON p.id = partnership_id WHERE v.status <> 'agreed'": _shared,
    "SELECT id, organization_id FROM pulse_rounds": colleagues,
    "SELECT id, organization_id, user_id, given_by FROM enablement_exceptions": _excepted,
    "SELECT id, organization_id, user_id FROM enablement_results": _token,
    "SELECT id FROM account_domains": lambda: (),
    "SELECT id FROM account_numbers": lambda: (),
    "SELECT id, organization_id, owner_id FROM leads": _lead,
    "SELECT id, organization_id, user_id FROM lead_imports": _lead,
    "SELECT o.id, giver_id, receiver_id, p.status FROM offers o JOIN partnerships p ON p.id = partnership_id": _shared,
    "SELECT s.id, giver_id, receiver_id, 'ended' FROM lead_steps s": _shared,
    "SELECT id, giver_id, receiver_id, 'living' FROM offer_questions": _shared,
    "SELECT m.id, organization_id, other_id, p.status FROM mappings m"
    " JOIN partnerships p ON p.id = partnership_id": _shared,
    "SELECT e.id, first_organization_id, second_organization_id, 'living' FROM mapping_epochs e": _shared,
    "SELECT f.id, first_organization_id, second_organization_id, 'living' FROM mapping_freezes f": _shared,
    "SELECT j.id, first_organization_id, second_organization_id, 'living' FROM joint_clusters j": _shared,
    "SELECT o.id, discloser_id, receiver_id, 'living' FROM overlap_disclosures o": _shared,
    "SELECT k.id, first_organization_id, second_organization_id, 'living' FROM candidate_pairs k": _shared,
    "SELECT id, organization_id, user_id FROM account_losses": lambda organization, user: [
        *administrators(organization),
        user,
    ],
    "SELECT id FROM mapping_takes": lambda: (),
    "SELECT id FROM time_spent": lambda: (),
    "SELECT id, organization_id, user_id FROM account_yeses": lambda organization, user: [
        *administrators(organization),
        user,
    ],
    "SELECT o.id, y.user_id, z.user_id FROM openings o JOIN account_yeses y ON y.id = first_yes_id"
    " JOIN account_yeses z ON z.id = second_yes_id": lambda one, other: [
        *(one, other),
        *administrators(PEOPLE[one].organization),
        *administrators(PEOPLE[other].organization),
    ],
    "SELECT r.id, organization_id, other_id, p.status FROM registrations r"
    " JOIN partnerships p ON p.id = partnership_id": _shared,
    "SELECT id FROM registration_evidence": lambda: (),
    "SELECT id FROM deal_events": lambda: (),
    "SELECT id FROM deal_people": lambda: (),
    "SELECT e.id, first_organization_id, second_organization_id, p.status FROM deal_entries e"
    " JOIN partnerships p ON p.id = partnership_id": _shared,
    "SELECT d.id, first_organization_id, second_organization_id, p.status FROM deals d"
    " JOIN partnerships p ON p.id = partnership_id": _shared,
    "SELECT r.id, organization_id, other_id, p.status FROM exchange_rounds r"
    " JOIN partnerships p ON p.id = partnership_id": _shared,
    "SELECT s.id, organization_id, other_id, 'living' FROM round_seals s": _shared,
    "SELECT k.id, k.organization_id, owner_id FROM round_picks k JOIN leads l ON l.id = lead_id": _lead,
    "SELECT offer_id FROM round_picks WHERE offer_id IS NOT NULL": lambda: (),
    "SELECT c.id, first_organization_id, second_organization_id, p.status, m.organization_id FROM cases c"
    " JOIN partnerships p ON p.id = partnership_id LEFT JOIN moderations m ON m.case_id = c.id": _case,
    "SELECT e.id, first_organization_id, second_organization_id, p.status, submitted_to_id FROM case_entries e"
    " JOIN partnerships p ON p.id = partnership_id": _case,
    "SELECT id, organization_id, user_id FROM moderations": _moderation,
    "SELECT d.id, discloser_id, receiver_id, p.status FROM disclosures d"
    " JOIN partnerships p ON p.id = partnership_id": _shared,
    "SELECT id, organization_id FROM activities": administrators,
    "SELECT id, organization_id, user_id FROM notices": lambda organization, user: [user],
    "SELECT a.id, first_organization_id, second_organization_id, p.status"
    " FROM shared_activities a JOIN partnerships p ON p.id = partnership_id": _shared,
}


def watch(world: World, url: str) -> int:
    """Plant every id; return how many there are."""
    named = {organization_id: name for name, organization_id in world.organizations.items()}
    named |= {UUID(world.person_id(who)): who for who in PEOPLE if who != "dora"}
    named[UUID(world.one("user", "disabled").id)] = "dora"

    def word(value: Any) -> Any:
        return named.get(value, value)

    with psycopg.connect(url) as connection:
        for query, readers in RULES.items():
            what = query.partition(" FROM ")[2].split()[0]
            for identifier, *facts in connection.execute(query).fetchall():
                world.canaries.plant(identifier.hex, f"an id among {what}", readers(*map(word, facts)))
    return len(world.canaries.planted)
