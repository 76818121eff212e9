"""Labelled lists of real companies, read from the folder that `PARTNERCRM_SHARED_DATA` names; never copied."""

import csv
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Final

import pycountry

from benchmarks.matching.lists import Labelled, numbered
from benchmarks.matching.spoiling import respelled
from partnercrm.accounts.domains import registrable
from partnercrm.accounts.matching import Company
from partnercrm.accounts.normalising import name

FOLDER: Final = "PARTNERCRM_SHARED_DATA"
LISTINGS: Final = "match_wikipedia_yahoo.csv"
APPLICANTS: Final = "patstat_labelled.csv"
COMPANIES: Final = "companies_name_domain.csv"


def missing() -> list[str]:
    """Return the files that are not where FOLDER says."""
    return [file for file in (LISTINGS, APPLICANTS, COMPANIES) if not _path(file).is_file()]


def labelled() -> Iterator[Labelled]:
    """Return every labelled pair of lists there is."""
    if LISTINGS not in missing():
        listed = listings()
        yield listed
        yield names_alone(listed)
    if APPLICANTS not in missing():
        yield applicants()


def listings() -> Labelled:
    """Return companies as an encyclopedia names them, and as exchanges list them."""
    sides: list[dict[str, Company]] = [{}, {}]
    truth = set()
    for row in _rows(LISTINGS):
        pair = []
        for side, prefix in enumerate(("wiki", "fd")):
            called = row[f"{prefix}_name"]
            place = len(sides[side])
            company = Company(
                numbered(side, place),
                called,
                _domains(row[f"{prefix}_domain"]),
                country=_country(row[f"{prefix}_country"]),
            )
            pair.append(sides[side].setdefault(called, company).id)
        truth.add((pair[0], pair[1]))
    return Labelled("listings", list(sides[0].values()), list(sides[1].values()), frozenset(truth))


def names_alone(lists: Labelled) -> Labelled:
    """Return the same lists with nothing but names."""
    left, right = ([Company(one.id, one.name) for one in side] for side in (lists.left, lists.right))
    return replace(lists, name=f"{lists.name}, names alone", left=left, right=right)


def applicants() -> Labelled:
    """Return the spellings of patent applicants, dealt to two sides."""
    groups = sorted({(row["name"], row["label_true"]) for row in _rows(APPLICANTS)})
    Random(7).shuffle(groups)
    sides: list[list[Company]] = [[], []]
    known = [defaultdict[str, list[Company]](list) for _ in range(2)]
    for number, (called, group) in enumerate(groups):
        side = number % 2
        company = Company(numbered(side, number), called)
        sides[side].append(company)
        known[side][group].append(company)
    truth = {
        (ours.id, theirs.id) for group in known[0] for ours, theirs in product(known[0][group], known[1].get(group, ()))
    }
    return Labelled("applicants", sides[0], sides[1], frozenset(truth))


def perturbed(size: int, seed: int) -> Labelled:
    """Return real companies as they are, and as somebody may have written them: 30 % on both sides."""
    chance = Random(seed)
    companies = list(_different())
    chance.shuffle(companies)
    common = round(size * 0.3)
    if len(companies) < 2 * size - common:
        raise ValueError(f"{COMPANIES} has {len(companies)} different companies, {2 * size - common} are needed")
    left = [one._replace(id=numbered(0, place)) for place, one in enumerate(companies[:size])]
    taken = companies[size - common : 2 * size - common]
    right = [_spoiled(one, chance)._replace(id=numbered(1, place)) for place, one in enumerate(taken)]
    truth = frozenset((left[size - common + place].id, right[place].id) for place in range(common))
    return Labelled(f"perturbed, {size:,} a side", left, right, truth)


def _spoiled(company: Company, chance: Random) -> Company:
    return company._replace(
        name=respelled(company.name, "", chance),
        domains=company.domains if chance.random() < 0.6 else frozenset(),
        country=company.country if chance.random() < 0.8 else None,
        city=company.city if chance.random() < 0.5 else None,
    )


def _different() -> Iterator[Company]:
    names, domains = set[str](), set[str]()
    for row in _rows(COMPANIES):
        words = "".join(name(row["name"]).words)
        domain = _domains(row["domain"])
        if words and words not in names and not domain & domains:
            names.add(words)
            domains |= domain
            country = _country(row["country"])
            yield Company(numbered(0, 0), row["name"], domain, country=country, city=row["city"] or None)


def _domains(written: str) -> frozenset[str]:
    found = map(registrable, written.split())
    return frozenset(domain for domain in found if domain)


@cache
def _country(written: str) -> str | None:
    try:
        return str(pycountry.countries.lookup(written).alpha_2)
    except LookupError:
        return None


def _rows(file: str) -> Iterator[dict[str, str]]:
    with _path(file).open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


def _path(file: str) -> Path:
    return Path(os.environ.get(FOLDER, "")) / file
