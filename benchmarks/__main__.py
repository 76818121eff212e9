"""`python -m benchmarks [--runs N] [--share S] [case …]`: measure against the floor and print the figures."""

import argparse

from benchmarks.cases import CASES, DEAL_CASES, REPORT_CASES
from benchmarks.figures import machine, measured

EVERY = (*CASES, *DEAL_CASES, *REPORT_CASES)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", choices=[[], *(case.name for case in EVERY)], help="all when left out")
    parser.add_argument(
        "--runs", type=int, default=3, help="how often each pair of slices is taken; 0: only compare answers"
    )
    parser.add_argument("--share", type=float, default=1.0, help="the part of the full size, to try things quickly")
    given = parser.parse_args()
    print(machine())
    for figure in measured(
        [case for case in EVERY if case.name in (given.cases or [case.name])], given.runs, given.share
    ):
        print(figure.title, figure.text(), sep=": ", flush=True)


if __name__ == "__main__":
    main()
