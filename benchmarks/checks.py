"""The parts of the tests that have a full size, under the names by which they are proved one at a time."""

from dataclasses import dataclass
from typing import Final

FULL: Final = "PARTNERCRM_PROVE=1"
SEEDS: Final = "PARTNERCRM_SCHEMATHESIS_SEEDS=1,2,3"
_KILL: Final = "tests/faults/test_kill.py"
_IMPORT: Final = "tests/faults/test_importing.py"
_MANY: Final = "tests/integrations/test_many_accounts.py"
_SCHEMATHESIS: Final = "tests/house/test_schemathesis.py"
_CLOCKS: Final = ("tests/calendars/test_business_time.py", "tests/faults/test_clocks.py")
_PRIVATE: Final = ("tests/leads/test_works_agreement.py", "tests/leads/test_figures.py")
_VERDICT: Final = "tests/leads/test_verdict.py"
_FACTS: Final = "tests/leads/test_facts.py"
_ROUNDS: Final = "tests/faults/test_rounds.py"
_SEALED: Final = ("tests/matrix/test_paired.py", _ROUNDS, "tests/leads/test_rounds.py", "tests/leads/test_probing.py")
_PROBING: Final = ("tests/accounts/test_probing.py", "tests/accounts/test_comparing.py")
_MAPPING: Final = tuple(f"tests/accounts/test_{name}.py" for name in ("histories", "mapping", "epochs"))
_MODEL: Final = "tests/leads/test_exchange_model.py"
_RACES: Final = ("tests/faults/test_endings.py", "tests/faults/test_ending_mails.py", "tests/faults/test_races.py")
_ERASURE: Final = ("tests/faults/test_erased.py", "tests/identity/test_erasure.py", "tests/house/test_erasure_map.py")
_DEALS: Final = (
    "tests/faults/test_registrations.py",
    "tests/deals",
    "tests/browser/test_dealing.py",
    "tests/cases/test_lifecycle.py",
    "tests/enablement/test_lifecycles.py",
)
_SPLITS: Final = "tests/incentives/test_splits.py"
_SHARED: Final = tuple(f"tests/incentives/test_{one}.py" for one in ("agreeing", "sharing", "dividing"))
_LEDGER: Final = tuple(f"tests/incentives/test_{one}.py" for one in ("ledger_model", "posting", "books", "earning"))
_ACCRUING: Final = "tests/faults/test_accruing.py"
_ELSEWHERE: Final = (_ACCRUING, _KILL, _IMPORT, _DEALS[0], _ROUNDS, *_CLOCKS[1:], *_RACES, *_ERASURE[:1])


@dataclass(frozen=True, slots=True)
class Check:
    """A part of the tests: its short name, what it shows, and what pytest is given at full size."""

    name: str
    what: str
    paths: tuple[str, ...]
    options: tuple[str, ...] = ()
    settings: tuple[str, ...] = (FULL,)

    @property
    def command(self) -> str:
        """The command by which this part alone is proved."""
        return f"python3 run.py prove {self.name}"


_ALIKE: Final = tuple(f"tests/accounts/test_{part}.py" for part in ("matching", "engine", "quality"))

CHECKS: Final = (
    Check("clocks", "working time against a slow reference; jobs once each under kills and moved clocks", _CLOCKS),
    Check("figures", "nobody obtains another person's figure, or one of fewer than eight", _PRIVATE),
    Check("symmetry", "two companies are one from either side alike, whoever else is in the lists", _ALIKE),
    Check("verdict", "an even exchange is falsely named uneven in at most 5 of a hundred windows", (_VERDICT,)),
    Check("model", "whatever both sides do and whenever, every sum is that of the steps", (_MODEL,)),
    Check("facts", "what reports are kept of by month is what a recount of the steps says", (_FACTS,)),
    Check("sealed", "sealed rounds and totals tell nothing of what is not disclosed", _SEALED),
    Check("probing", "thirty days of guessing what a partner has yield two members at most", _PROBING),
    Check("mapping", "both sides read the same of a mapping in 1,000 random histories", _MAPPING),
    Check("erasure", "of an erased person nothing is in dump, logs, queue and mails; what is restored holds", _ERASURE),
    Check("races", "nobody reads, exports or is mailed after the end of a right is committed", _RACES),
    Check(
        "deals",
        "the claim that the evidence names holds in 1,000 races of both sides; every move by every role",
        _DEALS,
    ),
    Check("splits", "1,000,000 random splits: sums exact, within one unit, in any order, refunds mirrored", (_SPLITS,)),
    Check("sharing", "splits of deals agreed and changed by both sides at once, 1,000 races, one effect each", _SHARED),
    Check("ledger", "the books say what exact fractions say, in 500 histories of up to 50 steps", _LEDGER),
    Check("accruing", "the worker killed while it accrues 100,000 won deals of 4 people each", (_ACCRUING,)),
    Check("kill", "web server and database killed, answers lost, amid an import and offering that retries", (_KILL,)),
    Check("import", "the worker killed amid an import", (_IMPORT,)),
    Check(
        "accounts", "200,000 accounts read in twice and looked through for doubles: work and memory bounded", (_MANY,)
    ),
    Check(
        "faults",
        "the embedded server and its supervisor under faults",
        ("tests/faults",),
        tuple(f"--ignore={path}" for path in _ELSEWHERE),
    ),
    Check("matrix", "every operation and page by everybody in every state: no leak", ("tests/matrix",)),
    Check("schemathesis", "Schemathesis, all checks, three seeds", (_SCHEMATHESIS,), settings=(FULL, SEEDS)),
    Check(
        "house",
        "the rules of the house, each seen failing on a planted fault",
        ("tests/house",),
        (f"--ignore={_SCHEMATHESIS}",),
    ),
    Check("guards", "each guard taken out on purpose turns its test red", ("tests/house/test_guards.py",)),
    Check(
        "journey",
        "the README's journey on sample and real export; an empty installation led to its first offer",
        ("tests/test_readme.py", "tests/browser/test_first_run.py", "tests/test_run.py"),
    ),
)
