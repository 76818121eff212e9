"""What each step had to show, line by line: the tests that show it in the gate, and the parts that show it in full."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Line:
    """One promise: its step and number, its words, tests as `file` or `file::test`, and names of parts of `prove`."""

    number: str
    promise: str
    tests: tuple[str, ...]
    parts: tuple[str, ...] = ()


LINES: Final = (
    Line(
        "1.1",
        "Fresh clone: both commands work, as root and as an ordinary user, on a machine without PostgreSQL",
        (
            "tests/test_run.py::test_from_nothing_it_makes_the_environment_and_the_second_start_is_immediate",
            "tests/faults/test_postgres.py",
            "tests/demo/test_demo.py",
        ),
        ("journey", "faults"),
    ),
    Line(
        "1.2",
        "README's curl journey on the sample and on a real export; figures recomputed by an independent script",
        ("tests/test_readme.py",),
        ("journey",),
    ),
    Line(
        "1.3",
        "Stranger matrix from the route table: every operation by everybody in every state, 0 leaks, all cells",
        ("tests/matrix/test_operations.py", "tests/matrix/test_pages.py", "tests/matrix/test_two_walls.py"),
        ("matrix",),
    ),
    Line(
        "1.4",
        "kill -9 of the server during an import and offering of 5,000 leads that retries: 0 lost, 0 doubled",
        ("tests/faults/test_kill.py",),
        ("kill",),
    ),
    Line(
        "1.5",
        "Schemathesis: 0 failures; contracts, mypy, house tests and catalogue each seen failing on a planted fault",
        ("tests/house/test_schemathesis.py", "tests/house/test_tools.py", "tests/house/test_catalogue.py"),
        ("schemathesis", "house", "guards"),
    ),
    Line(
        "1.6",
        "First figures of the benchmarks as ratios to a floor in the same run",
        ("tests/test_benchmarks.py",),
        ("benchmarks",),
    ),
    Line(
        "2.1",
        "Clocks: 10,000 random cases against a slow reference; jobs once each under kills and a clock moved 1 h",
        ("tests/calendars/test_business_time.py", "tests/faults/test_clocks.py"),
        ("clocks",),
    ),
    Line(
        "2.2",
        "Nobody obtains a figure of fewer than 8 persons or of another person by any list, filter, export, difference",
        ("tests/leads/test_works_agreement.py", "tests/leads/test_figures.py"),
        ("figures",),
    ),
    Line(
        "2.3",
        "Erase a person: 0 hits in a full dump, logs and outbox; restored into an empty cluster chains and totals hold",
        ("tests/faults/test_erased.py", "tests/identity/test_erasure.py", "tests/house/test_erasure_map.py"),
        ("erasure",),
    ),
    Line(
        "2.4",
        "Disabling, revoking, ending: 1,000 races, 0 reads, mails or exports after the commit",
        ("tests/faults/test_endings.py", "tests/faults/test_ending_mails.py"),
        ("races",),
    ),
    Line(
        "2.5",
        "100 kills and 20 immediate database stops over 20,000 offered leads, 10 % of answers dropped: 0 lost, doubled "
        "or acknowledged but absent; outages answer 503 with Retry-After, one log line each",
        ("tests/faults/test_kill.py",),
        ("kill",),
    ),
    Line(
        "2.6",
        "An empty installation leads an administrator through organization, users, partner, import and first offer",
        ("tests/browser/test_first_run.py",),
        ("journey",),
    ),
    Line(
        "3.1",
        "A report of one organization among 5,000,000 steps of 200 at most 3 times a bare read of a roll-up table in "
        "one run; by month over 1,000,000 at most 1.3 times bare SQL; growth shown",
        ("tests/test_benchmarks.py", "tests/leads/test_facts.py"),
        ("reports", "facts"),
    ),
    Line(
        "3.2",
        "A stateful model of legal and illegal actions by both sides, clock moving, then with 8 threads: identical "
        "sums, nothing counted twice",
        ("tests/leads/test_exchange_model.py",),
        ("model",),
    ),
    Line(
        "3.3",
        "Sealed rounds and hidden leads: paired histories that differ only in what is not disclosed are "
        "indistinguishable to the other side",
        (
            *("tests/matrix/test_paired.py", "tests/faults/test_rounds.py"),
            *("tests/leads/test_rounds.py", "tests/leads/test_probing.py"),
        ),
        ("sealed",),
    ),
    Line(
        "3.4",
        'README\'s answer to "where are the leads?" with verdict, whose turn, fact sheet',
        ("tests/test_readme.py",),
        ("journey",),
    ),
    Line(
        "4.1",
        "Matching at one fixed setting beside splink, recordlinkage and string_grouper: mean F1 at least splink's and "
        "0.02, precision at least 0.99 where two are taken for one, calibration error at most 0.03",
        ("tests/accounts/test_quality.py", "tests/accounts/test_matching.py"),
        ("matching", "symmetry"),
    ),
    Line(
        "4.2",
        "At least 3 times splink's speed at 100,000 a side in no more memory; progress and cancel",
        ("tests/accounts/test_engine.py",),
        ("matching", "symmetry"),
    ),
    Line(
        "4.3",
        "Probing (500 guesses, 200 known members, 30 simulated days): at most 2 memberships inferred, every attempt "
        "visible to the victim",
        ("tests/accounts/test_probing.py", "tests/accounts/test_comparing.py"),
        ("probing",),
    ),
    Line(
        "4.4",
        "Both sides' counts, matrices and exports equal in 1,000 random histories; hidden records are "
        "indistinguishable from absent ones",
        ("tests/accounts/test_histories.py", "tests/accounts/test_mapping.py", "tests/accounts/test_epochs.py"),
        ("mapping",),
    ),
    Line(
        "5.1",
        "The same account registered by both sides at once, arrival order shuffled, 1,000 races: one winner, always "
        "the one the evidence names",
        ("tests/faults/test_registrations.py", "tests/deals/test_conflicts.py", "tests/deals/test_displacing.py"),
        ("deals",),
    ),
    Line(
        "5.2",
        "Every transition of every lifecycle, legal and illegal, by every role, from a table the tests read",
        (
            *("tests/deals/test_stages.py", "tests/deals/test_registering.py", "tests/cases/test_lifecycle.py"),
            *("tests/enablement/test_lifecycles.py", "tests/matrix/test_operations.py"),
        ),
        ("deals", "matrix"),
    ),
    Line(
        "5.3",
        "Nothing the partner can see changes with one's own book, division, plans and what one wins alone",
        ("tests/matrix/test_paired.py", "tests/deals/test_books.py"),
        ("matrix", "deals"),
    ),
    Line(
        "5.4",
        "List of 50 deals filtered and sorted among 200,000: bounded queries, at least 1/2 of the floor's rate",
        ("tests/deals/test_listing.py", "tests/house/test_lists.py"),
        ("deals", "house"),
    ),
    Line(
        "5.5",
        "The demo tells the story: a late involvement, a conflict with appeal, an expired certificate, a won deal with "
        "attribution, and what it earned",
        ("tests/demo/test_demo.py",),
        ("journey",),
    ),
    Line(
        "6.1",
        "1,000,000 random splits: sum exact, each within one minor unit of ideal, in any order, refund mirrors sale",
        ("tests/incentives/test_splits.py",),
        ("splits",),
    ),
    Line(
        "6.2",
        "Stateful model (win, agree, divide, part refund, re-win, close, pay) beside exact fractions: trial balance "
        "zero at every step, statement = ledger = pay-out, all undone leaves nothing",
        ("tests/incentives/test_ledger_model.py", "tests/incentives/test_posting.py"),
        ("ledger",),
    ),
    Line(
        "6.3",
        "The database refuses unbalanced, late, edited, deleted, truncated postings, as application and as superuser",
        ("tests/incentives/test_books.py", "tests/house/test_catalogue.py"),
        ("ledger", "house"),
    ),
    Line(
        "6.4",
        "1,000 accept/change races of how a deal is shared: one effect each; other inner divisions cannot be told",
        ("tests/incentives/test_agreeing.py", "tests/incentives/test_dividing.py", "tests/matrix/test_paired.py"),
        ("sharing", "matrix"),
    ),
    Line(
        "6.5",
        "100,000 won deals x 4 participants accrued in one job, resumed after kill -9 without a double, at most 4 "
        "times the time to COPY the same entries in one run",
        ("tests/faults/test_accruing.py",),
        ("accruing",),
    ),
)
