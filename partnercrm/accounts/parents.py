"""Which account may stand above another in one group: proposed by name and domain, decided by its owner; pure.

A daughter's name is its mother's with more words (`Northwind`, `Northwind Logistik Hamburg`), and a group says that it
is one (`Northwind Holding`). Names alone would also put `Delta Dental` below `Delta`: a place, branch or number that
tells daughters apart is wanted beside them, a domain of one label, a mother of two words, or a group's own word.
"""

from collections.abc import Collection, Iterable
from itertools import combinations
from typing import Final

from partnercrm.accounts import normalising
from partnercrm.accounts.normalising import Kind, kind, label, telling

MOST: Final = 3
_GROUP: Final = ("group", "holding")
_LONGEST: Final = 6
_PARTING: Final = frozenset({Kind.PLACE, Kind.CITY, Kind.BRANCH, Kind.NUMBER})


def keys_above(name: str) -> frozenset[str]:
    """Return the name keys that an account above the one of this name can have, no word in it twice; at most 96."""
    words = _core(normalising.name(name).words)[:_LONGEST]
    if not words:
        return frozenset()
    first, *rest = words
    found = set()
    for size in range(len(rest) + 1):
        for more in combinations(rest, size):
            found |= {" ".join(sorted({first, *more, *extra})) for extra in ((), *((one,) for one in _GROUP))}
    return frozenset(found) - {" ".join(sorted(set(normalising.name(name).words)))}


def is_above(mother: str, name: str, their_domains: Iterable[str] = (), domains: Iterable[str] = ()) -> bool:
    """Tell whether an account called `mother`, found at `their_domains`, seems to stand above the other."""
    above, below = normalising.name(mother).words, normalising.name(name).words
    core, own = _core(above), _core(below)
    if not core or not own or core[0] != own[0]:
        return False
    is_one_house = bool(_labels(their_domains) & _labels(domains))
    if not (is_one_house or len(core) > 1 or kind(core[0]) is Kind.OWN):
        return False
    names_group = _names_group(above) and not _names_group(below)
    if set(core) == set(own):
        return names_group
    if not set(core) < set(own):
        return False
    parted = any(kind(word) in _PARTING for word in set(own) - set(core))
    return parted or names_group or is_one_house or len(core) > 1


def _core(words: Collection[str]) -> list[str]:
    """Return the words of a name that are not hollow, in their order, each once."""
    return [word for word in dict.fromkeys(words) if kind(word) is not Kind.HOLLOW]


def _names_group(words: Collection[str]) -> bool:
    return any(word in _GROUP for word in words)


def _labels(domains: Iterable[str]) -> set[str]:
    return {label(one) for one in telling(domains)}
