"""Filling the record within the database: organizations in pairs, and offers with their steps spread over two years."""

from collections.abc import Mapping
from typing import Any, Final

import psycopg

STEPS_OF_AN_OFFER: Final = 3.17
"""How many steps an offer made here has, on average."""

_PAIRS: Final = """
    CREATE TABLE IF NOT EXISTS pairs (place bigint, partnership_id uuid, one uuid, other uuid, member_id uuid);
    INSERT INTO pairs SELECT 0, p.id, p.proposer_id, p.addressee_id, m.id
        FROM partnerships p JOIN partnership_members m ON m.partnership_id = p.id AND m.organization_id = p.proposer_id
        WHERE p.id = %(like)s AND NOT EXISTS (SELECT FROM pairs) LIMIT 1;
    INSERT INTO pairs SELECT place, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid()
        FROM generate_series((SELECT count(*) FROM pairs), %(many)s - 1) AS place;
    INSERT INTO organizations (id, name, created_at, mail_domains) SELECT id, 'Company ' || id, now(), '{}'
        FROM (SELECT one AS id FROM pairs WHERE place > 0 UNION ALL SELECT other FROM pairs WHERE place > 0) AS both_
        ON CONFLICT DO NOTHING;
    INSERT INTO partnerships (id, proposer_id, addressee_id, status, started_at)
        SELECT partnership_id, one, other, 'proof_of_concept', now() - interval '2 years' FROM pairs WHERE place > 0
        ON CONFLICT DO NOTHING;
    INSERT INTO partnership_sides (partnership_id, organization_id, other_id, name)
        SELECT partnership_id, one, other, 'One' FROM pairs WHERE place > 0
        UNION ALL SELECT partnership_id, other, one, 'Other' FROM pairs WHERE place > 0
        ON CONFLICT DO NOTHING
"""
# What becomes of an offer follows from its number; ids follow time, as those of the application do.
_OFFERS: Final = """
    CREATE TEMPORARY TABLE made ON COMMIT DROP AS
        SELECT lpad(to_hex(n), 32, '0')::uuid AS id, n, p.partnership_id, p.member_id,
               CASE WHEN drawn %% 11 < 6 THEN p.one ELSE p.other END AS giver_id,
               CASE WHEN drawn %% 11 < 6 THEN p.other ELSE p.one END AS receiver_id,
               drawn %% 100 AS fate, drawn %% 1009 AS hours, drawn %% 2503 AS company, drawn,
               now() - interval '730 days' * (%(last)s - n) / %(many)s AS at
        FROM (SELECT n, abs(hashint8extended(n, 7)) AS drawn
              FROM generate_series(%(last)s - %(many)s + 1, %(last)s) AS n) AS numbers
        JOIN pairs p ON p.place BETWEEN %(first_place)s AND %(last_place)s
            AND p.place = %(first_place)s + n %% (%(last_place)s - %(first_place)s + 1);
    INSERT INTO offers (id, partnership_id, giver_id, receiver_id, giver_member_id, status, country, industry, need,
                        offered_at, respond_by, expires_at)
        SELECT id, partnership_id, giver_id, receiver_id, member_id, 'offered',
               (ARRAY['DE', 'AT', 'CH', 'FR', NULL])[1 + drawn %% 5],
               (ARRAY['Rail', 'Logistics', 'Retail', NULL])[1 + drawn %% 4],
               'Fleet', at, at + interval '48 hours', at + interval '90 days'
        FROM made;
    INSERT INTO offer_marks (offer_id, partnership_id, giver_id, receiver_id, company_mark, need_mark)
        SELECT id, partnership_id, giver_id, receiver_id, sha256(int8send(company)), sha256(int8send(drawn %% 20011))
        FROM made
"""
_STEPS: Final = """
    INSERT INTO lead_steps (id, partnership_id, giver_id, receiver_id, offer_id, step, reason, value_minor, currency,
                            value_band, happened_at, recorded_at)
        SELECT lpad(to_hex(n * 16 + place), 32, '0')::uuid, partnership_id, giver_id, receiver_id, id, step,
               CASE step WHEN 'declined' THEN (ARRAY['no_fit', 'no_capacity', 'other'])[1 + drawn %% 3]
                         WHEN 'disqualified' THEN (ARRAY['no_need', 'no_budget', 'other'])[1 + drawn %% 3]
                         WHEN 'returned' THEN 'no_capacity' WHEN 'lost' THEN 'price' END,
               CASE WHEN step IN ('accepted', 'won') THEN drawn %% 10000000 END,
               CASE WHEN step IN ('accepted', 'won') THEN 'EUR' END,
               CASE WHEN step IN ('accepted', 'won') THEN '10k_50k' END,
               at + interval '1 hour' * hours * place / 4, at + interval '1 hour' * hours * place / 4
        FROM made, LATERAL (VALUES
            (0, 'offered', true), (1, 'declined', fate < 12), (1, 'withdrawn', fate BETWEEN 12 AND 15),
            (1, 'expired', fate BETWEEN 16 AND 21), (1, 'accepted', fate >= 30),
            (2, 'disqualified', fate BETWEEN 30 AND 39), (2, 'returned', fate BETWEEN 40 AND 44),
            (2, 'qualified', fate >= 55), (3, 'converted', fate >= 60),
            (4, 'won', fate BETWEEN 70 AND 84), (4, 'lost', fate BETWEEN 85 AND 94)) AS taken (place, step, is_taken)
        WHERE is_taken AND at + interval '1 hour' * hours * place / 4 < now()
        ORDER BY n, place
"""


def pairs(connection: psycopg.Connection[Any], like: object, many: int) -> None:
    """Have so many pairs of organizations in all, the first of them the partnership that is there already."""
    _run(connection, _PAIRS, {"like": like, "many": many})


def recorded(connection: psycopg.Connection[Any], places: range, last: int, many: int) -> None:
    """Put `many` offers, the last of this number, in turns into the pairs at these places, with what became of them."""
    given = {"first_place": places.start, "last_place": places.stop - 1, "last": last, "many": many}
    with connection.transaction():
        _run(connection, _OFFERS, given)
        _run(connection, _STEPS, given)


def _run(connection: psycopg.Connection[Any], statements: str, given: Mapping[str, object]) -> None:
    with psycopg.ClientCursor(connection) as cursor:
        cursor.execute(statements, given)
