"""Rows that no request of a test can write, as the night, a plan and a round robin leave them."""

from typing import Final

# The night in which windows tell is the worker's alone.
TOLD: Final = """
    INSERT INTO window_totals (partnership_id, giver_id, receiver_id, first_month, last_month)
    SELECT partnership_id, organization_id, other_id, '2020-01', '2020-03' FROM partnership_sides
    WHERE partnership_id = %(partnership)s AND organization_id = %(acme)s
"""
READ: Final = """
    INSERT INTO drift_readings (partnership_id, first_organization_id, second_organization_id, month, share_percent,
                                tolerance_points, measure, signal, first, second, is_outside, backs)
    SELECT partnership_id, organization_id, other_id, '2020-01', 50, 10, 'accepted', 'unclear', 1, 1, false, 0
    FROM partnership_sides WHERE partnership_id = %(partnership)s AND organization_id < other_id
"""
PLANNED: Final = """
    INSERT INTO routing_plans (organization_id, rules, turns, changed_at) VALUES (%(acme)s, '[]', 77, now())
"""
ASSIGNED: Final = """
    INSERT INTO lead_assignments
        (organization_id, offer_id, partnership_id, giver_id, assignee_id, by_hand, assigned_at)
    SELECT o.receiver_id, o.id, o.partnership_id, o.giver_id, u.id, true, '2020-01-01'
    FROM offers o JOIN users u ON u.organization_id = o.receiver_id
    WHERE o.partnership_id = %(partnership)s AND o.receiver_id = %(acme)s AND o.status = 'offered' LIMIT 1
"""
# The night in which a month's report is made is the worker's alone.
FLOWED: Final = """
    INSERT INTO flow_reports (id, partnership_id, first_organization_id, second_organization_id, month, discloser_id,
                              kind, tier, made_at)
    SELECT gen_random_uuid(), partnership_id, organization_id, other_id, '2020-01', organization_id, 'lead',
           'need_to_know', now()
    FROM partnership_sides WHERE partnership_id = %(partnership)s AND organization_id < other_id
"""
