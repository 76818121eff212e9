"""Filling several partnerships with deals within the database: each of its own company, over stages and two years."""

import psycopg

from benchmarks.stage import Stage

PARTNERS = 4
_FILL = """
    SET LOCAL session_replication_role = replica;
    CREATE TEMPORARY TABLE partners ON COMMIT DROP AS
        SELECT place, CASE place WHEN 0 THEN %(partnership)s ELSE gen_random_uuid() END AS partnership_id,
               CASE place WHEN 0 THEN %(one)s ELSE gen_random_uuid() END AS partner_id
        FROM generate_series(0, %(partners)s - 1) AS place;
    INSERT INTO organizations (id, name, created_at, mail_domains)
        SELECT partner_id, 'Partner ' || place, now(), '{}' FROM partners WHERE place > 0;
    INSERT INTO partnerships (id, proposer_id, addressee_id, status, started_at)
        SELECT partnership_id, partner_id, %(other)s, 'proof_of_concept', now() FROM partners WHERE place > 0;
    INSERT INTO partnership_sides (partnership_id, organization_id, other_id, name)
        SELECT partnership_id, partner_id, %(other)s, 'One' FROM partners WHERE place > 0
        UNION ALL SELECT partnership_id, %(other)s, partner_id, 'Other' FROM partners WHERE place > 0;
    INSERT INTO partnership_members SELECT (m).* FROM (
        SELECT jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'partnership_id', p.partnership_id))
        FROM partnership_members m, partners p
        WHERE m.partnership_id = %(partnership)s AND m.organization_id = %(other)s AND p.place > 0
    ) AS joined (m);
    CREATE TEMPORARY TABLE numbered ON COMMIT DROP AS
        SELECT n, abs(hashint8extended(n, 7)) AS drawn, gen_random_uuid() AS deal_id, gen_random_uuid() AS account_id,
               partnership_id AS partnership, partner_id,
               least(partner_id, %(other)s) AS first, greatest(partner_id, %(other)s) AS second
        FROM generate_series(1, %(many)s) AS n JOIN partners ON place = n %% %(partners)s;
    INSERT INTO joint_accounts (id, partnership_id, first_organization_id, second_organization_id, opened_by, name,
                                status, proposed_at, opened_at, updated_at)
        SELECT account_id, partnership, first, second, first, 'Company ' || n, 'open', now(), now(), now()
        FROM numbered;
    INSERT INTO deals (id, partnership_id, first_organization_id, second_organization_id, joint_account_id, opened_at,
                       registration_id, origin_id, involvement, stage, reason, value_band, value_minor, currency,
                       close_on, act, happened_at, version)
        SELECT deal_id, partnership, first, second, account_id, at, gen_random_uuid(),
               CASE WHEN drawn %% 5 < 2 THEN %(other)s ELSE partner_id END, 'co_sell', stage,
               CASE WHEN stage = 'closed_lost' THEN 'price' END, '50k_250k', 7000000 + drawn %% 1000000, 'EUR',
               current_date + (drawn %% 730)::int - 365, 'opened', at, 1
        FROM (SELECT *, now() - interval '1 second' * (drawn %% 63072000) AS at,
                     (ARRAY['prospect', 'qualified', 'technical_validation', 'business_validation', 'committed',
                            'closed_won', 'closed_lost'])[1 + drawn / 730 %% 7] AS stage FROM numbered) AS made
"""


def deals(here: Stage, many: int) -> None:
    """Put so many deals of the receiver's side with several partners, whose members are those it has with one.

    The rows are right by construction: no trigger or foreign key looks at each.
    """
    sides = {"one": here.giver_id, "other": here.receiver_id, "partnership": here.partnership_id}
    with psycopg.connect(here.database, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(_FILL, sides | {"many": many, "partners": PARTNERS})
