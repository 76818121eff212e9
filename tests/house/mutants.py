"""Guards, each with the change that takes it out and the test that must then turn red."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Mutant:
    """A guard: what it keeps, the file and the words that stand there once, what stands there instead, the test."""

    guard: str
    path: str
    old: str
    new: str
    test: str


MUTANTS: Final = (
    Mutant(
        "how a deal is shared is agreed by the side that did not propose it",
        "migrations/versions/0102_split_agreements.py",
        "WHERE c.id = which AND c.other_id = ctx_org() AND c.status = 'open'",
        "WHERE c.id = which AND c.status = 'open'",
        "tests/incentives/test_agreeing.py::test_nobody_agrees_alone_past_the_application",
    ),
    Mutant(
        "the parts of a division come to exactly its whole",
        "migrations/versions/0103_split_divisions.py",
        "(coalesce(sum(p.parts), 0) <> d.whole)",
        "false",
        "tests/incentives/test_dividing.py::test_the_database_keeps_a_division_whole_and_unchanged",
    ),
    Mutant(
        "who does not divide reads their own part of a division alone",
        "partnercrm/incentives/queries/divisions.py",
        'if actor.user_id is None or actor.has("incentives:agree"):',
        "if True:",
        "tests/incentives/test_dividing.py::test_a_share_is_divided_exactly_and_read_by_its_own_side_alone",
    ),
    Mutant(
        "a lead's value is told exactly while both sides say yes, not one",
        "migrations/versions/0070_values.py",
        "b.offer_id = NEW.offer_id) = 2",
        "b.offer_id = NEW.offer_id) >= 1",
        "tests/leads/test_values.py::test_a_value_is_told_exactly_while_both_sides_say_yes_for_this_lead",
    ),
    Mutant(
        "of the leads that a total could be about, eight are left of which it is not said",
        "migrations/versions/0056_totals.py",
        "least({positive}, {leads} - 8)",
        "least({positive}, {leads})",
        "tests/leads/test_totals.py::test_a_lead_pursued_within_half_a_year_counts_where_enough_others_hide_it",
    ),
    Mutant(
        "a wall of its own around every tenant table",
        "migrations/walls.py",
        'wall(table, f"{column} = (SELECT ctx_org())")',
        'wall(table, "true")',
        "tests/house/test_catalogue.py::test_the_migrated_database_is_safe",
    ),
    Mutant(
        "a mail is checked again at its sending: its reader still is a member",
        "partnercrm/notices/actions/mailing.py",
        "return notice.partnership_id is None or kinds.is_member(",
        "return True or kinds.is_member(",
        "tests/notices/test_mailing.py::test_who_was_let_go_before_the_sending_gets_nothing",
    ),
    Mutant(
        "a mail's reader is held while it is under way, whether it holds a link or not",
        "partnercrm/notices/queries.py",
        "rows.with_for_update(read=True).execution_options(populate_existing=True)",
        "rows.execution_options(populate_existing=True)",
        "tests/notices/test_mailing.py::test_where_a_mail_holds_no_link_its_reader_is_held_all_the_same",
    ),
    Mutant(
        "the web server queues jobs for its organization and for partners alone",
        "migrations/versions/0045_queue.py",
        "WHEN (current_user = '{walls.roles().app}')",
        "WHEN (false)",
        "tests/kernel/test_queueing.py::test_no_job_is_queued_in_anothers_name",
    ),
    Mutant(
        "who alone manages a partnership keeps the right to",
        "partnercrm/partnerships/actions/leaving.py",
        "for one in managed if _is_last(actor, one)]",
        "for one in managed if not one]",
        "tests/partnerships/test_stepping_down.py::test_who_alone_manages_a_partnership_keeps_the_right_until_another_is_named",
    ),
    Mutant(
        "each part of a file is read by who still may",
        "partnercrm/web/downloads.py",
        "_parts(first, step, authentication.renewal())",
        "_parts(first, step, lambda: actor)",
        "tests/integrations/test_exporting.py::test_whoever_loses_the_right_gets_no_further_part",
    ),
    Mutant(
        "the receipt of a copy is written by the database",
        "migrations/versions/0021_disclosures.py",
        '"AFTER INSERT OR DELETE OR UPDATE OF revealed_at ON offer_details"',
        '"AFTER DELETE ON offer_details"',
        "tests/disclosures/test_receipts.py::test_each_copy_has_its_receipt_and_both_sides_read_the_same",
    ),
    Mutant(
        "a person's notes are erased with them",
        "migrations/erasing.py",
        '("leads", MINE, OWN, ("notes", "need", "company_name"))',
        '("leads", MINE, OWN, ("need", "company_name"))',
        "tests/house/test_erasure_map.py::test_every_column_of_text_is_erased_or_free_of_persons",
    ),
    Mutant(
        "figures of one person are that person's",
        "partnercrm/identity/agreements.py",
        "return is_oneself or (agreed is PersonFigures.MANAGERS and oversees and not is_program)",
        "return is_oneself or oversees",
        "tests/leads/test_works_agreement.py::test_nobody_else_can_tell_who_of_two_people_did_what",
    ),
    Mutant(
        "too few others are told with the smallest group",
        "partnercrm/leads/figures.py",
        "if others and alone:",
        "if False:",
        "tests/leads/test_figures.py::test_every_sum_and_difference_of_what_is_shown_is_of_enough_people_or_of_nobody",
    ),
    Mutant(
        "a key is held while its request is worked on",
        "partnercrm/web/idempotency.py",
        "if not got:",
        "if got is None:",
        "tests/web/test_idempotency.py::test_a_request_still_being_worked_on_is_told_so",
    ),
    Mutant(
        "a repeated answer is closed with what it tells of",
        "partnercrm/web/idempotency.py",
        "recheck(self.actor, stored.subject_id)",
        "pass",
        "tests/web/test_idempotency.py::test_an_answer_is_closed_with_the_partnership_it_tells_of",
    ),
    Mutant(
        "an hour that the clock shows twice counts twice",
        "partnercrm/calendars/business_time.py",
        "return (begins, first, before), (first, ends, after)",
        "return ((begins, ends, before),)",
        "tests/calendars/test_business_time.py::test_ten_thousand_random_cases_agree_with_the_slow_reference",
    ),
    Mutant(
        "a token ends with its person",
        "migrations/versions/0001_identity.py",
        "WHERE t.secret_hash = sought AND t.revoked_at IS NULL AND",
        "WHERE t.secret_hash = sought AND",
        "tests/identity/test_tokens.py::test_a_revoked_token_ends_at_once_and_twice_changes_nothing",
    ),
    Mutant(
        "a cut tail shows against a head kept elsewhere",
        "partnercrm/activity/chains.py",
        "        if place > length:",
        "        if place > length + 1_000_000:",
        "tests/activity/test_chains.py::test_a_tail_cut_off_with_its_head_shows_against_a_head_kept_elsewhere",
    ),
    Mutant(
        "no cell of an export is a formula",
        "partnercrm/integrations/neutralising.py",
        '_FORMULA: Final = ("=", "+", "-", "@", "\\t", "\\r")',
        '_FORMULA: Final = ("=",)',
        "tests/integrations/test_exporting.py::test_no_cell_of_an_export_is_a_formula",
    ),
    Mutant(
        "offers are read by members alone",
        "partnercrm/leads/queries/exchange.py",
        "or_(Offer.giver_id == mine, Offer.receiver_id == mine), is_open_to(actor, Offer.partnership_id)",
        "or_(Offer.giver_id == mine, Offer.receiver_id == mine)",
        "tests/faults/test_endings.py::test_nobody_reads_or_exports_after_the_commit",
    ),
    Mutant(
        "a lead that is over names nobody of the other side",
        "partnercrm/leads/counterparts.py",
        "return status in IN_PROGRESS and works_on_it",
        "return works_on_it",
        "tests/leads/test_counterparts.py::test_once_it_is_over_a_lead_names_nobody_of_the_other_side",
    ),
    Mutant(
        "an offer is locked before it is stepped",
        "partnercrm/leads/queries/exchange.py",
        "locked = rows.with_for_update(of=Offer).execution_options(populate_existing=True)",
        "locked = rows.execution_options(populate_existing=True)",
        "tests/faults/test_races.py::test_one_of_many_answers_to_an_offer_wins",
    ),
    Mutant(
        "an outage says when to come back",
        "partnercrm/web/errors.py",
        'response.headers.setdefault("Retry-After",',
        'response.headers.setdefault("X-Later",',
        "tests/web/test_errors.py::test_an_outage_is_told_with_when_to_come_back_and_logged_in_one_line",
    ),
    Mutant(
        "what was agreed in a partnership that ended is read by who was in it to the last",
        "partnercrm/partnerships/queries/__init__.py",
        "return rows.where(or_(Partnership.status != PartnershipStatus.ENDED, to_the_last))",
        "return rows",
        "tests/partnerships/test_remaining.py::test_of_an_ended_partnership_colleagues_who_were_not_in_it_read_nothing",
    ),
    Mutant(
        "a stored answer knows the partnership whose end empties it",
        "partnercrm/web/idempotency.py",
        'partnership_id=getattr(result, "partnership_id", None),',
        "partnership_id=None,",
        "tests/partnerships/test_remaining.py::test_no_word_that_was_not_agreed_is_left_in_any_row_or_answer",
    ),
    Mutant(
        "erasing takes hold of partnerships before what is shared in them",
        "partnercrm/reactions.py",
        "hold=partnership_queries.hold_all,",
        "hold=lambda actor: None,",
        "tests/faults/test_tangles.py"
        "::test_erasing_takes_hold_of_partnerships_before_anything_an_answer_under_way_may_need",
    ),
    Mutant(
        "what a report is made of is told to the two sides alone",
        "migrations/versions/0058_facts.py",
        "p.status <> 'ended' AND (SELECT ctx_org()) IN (p.proposer_id, p.addressee_id)",
        "p.status <> 'ended'",
        "tests/leads/test_facts.py"
        "::test_facts_are_read_by_the_two_sides_of_a_living_partnership_alone_and_kept_by_the_worker",
    ),
    Mutant(
        "where a need's credit may move, the months of all its leads are recounted",
        "migrations/versions/0084_once.py",
        'same.partnership_id = which AND {ALIKE.format("same")} = {ALIKE.format("m")}',
        "same.offer_id = m.offer_id",
        "tests/leads/test_facts.py::test_a_credit_that_moves_to_an_earlier_month_leaves_the_one_it_was_kept_in",
    ),
    Mutant(
        "a pay-out is approved by another than proposed it, past the application, too",
        "migrations/versions/0106_ledgers.py",
        "CHECK (status <> 'approved' OR decided_by <> proposed_by)",
        "CHECK (true)",
        "tests/incentives/test_books.py::test_nobody_approves_their_own_pay_out_past_the_application",
    ),
    Mutant(
        "a refund takes back what was earned by the plan that paid it",
        "partnercrm/incentives/actions/accruing.py",
        "plans_of(actor, people, {one.accrual.plan_id for one in recorded.values()})",
        "plans_of(actor, people)",
        "tests/incentives/test_earning.py::test_who_left_the_team_of_a_plan_gives_back_by_the_plan_that_paid",
    ),
    Mutant(
        "a journal sums to nothing in every currency",
        "migrations/versions/0106_ledgers.py",
        "GROUP BY e.currency HAVING sum(e.minor) <> 0",
        "GROUP BY e.currency HAVING false",
        "tests/incentives/test_books.py::test_the_database_refuses_what_does_not_add_up",
    ),
    Mutant(
        "nothing is posted to a month that is closed",
        "migrations/versions/0106_ledgers.py",
        "WHERE p.starts_on = a.period_on AND p.closed_at IS NOT NULL",
        "WHERE false",
        "tests/incentives/test_books.py::test_the_database_refuses_what_does_not_add_up",
    ),
    Mutant(
        "what is shared as before is credited as before, whatever rates say by now",
        "partnercrm/incentives/actions/accruing.py",
        "if known is not None and _is_shared_as(one, known):",
        "if False:",
        "tests/incentives/test_earning.py::test_a_rate_that_is_mended_changes_nothing_of_what_was_earned",
    ),
)
