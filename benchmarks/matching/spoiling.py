"""What people and systems do to the name of a company when they write it down."""

from random import Random
from typing import Final

_SHORT: Final = {
    "international": "Intl",
    "technologies": "Tech",
    "holdings": "Hldgs",
    "group": "Grp",
    "services": "Svcs",
    "systems": "Sys",
    "manufacturing": "Mfg",
    "industries": "Ind.",
    "engineering": "Eng.",
    "laboratories": "Labs",
    "pharmaceuticals": "Pharma",
    "communications": "Comm.",
    "management": "Mgmt",
    "corporation": "Corp",
    "chemicals": "Chem.",
    "electronics": "Electr.",
    "company": "Co.",
}
_COMES_AND_GOES: Final = ("group", "holdings", "holding", "international", "global", "the", "company")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def respelled(core: str, form: str, chance: Random) -> str:
    """Return a name of these words and this legal form as somebody may have written it."""
    words = core.split()
    if chance.random() < 0.25:
        words = [_SHORT.get(word.lower(), word) for word in words]
    if len(words) > 1 and chance.random() < 0.15:
        kept = [word for word in words if word.lower() not in _COMES_AND_GOES]
        words = kept or words
    elif chance.random() < 0.04:
        words.append(chance.choice(("Group", "Holding")))
    if chance.random() < 0.10:
        place = chance.randrange(len(words))
        words[place] = misspelled(words[place], chance)
    if len(words) > 1 and chance.random() < 0.04:
        words[:2] = ["".join(words[:2])]
    if len(words) > 2 and chance.random() < 0.05:
        del words[chance.randrange(1, len(words))]
    name = f"{' '.join(words)} {_form(form, chance)}".strip()
    return _cased(name, chance)


def misspelled(word: str, chance: Random) -> str:
    """Return a word of four letters or more with one slip: a letter lost, doubled, replaced, or two exchanged."""
    if len(word) < 4:
        return word
    place = chance.randrange(1, len(word) - 1)
    slip = chance.randrange(4)
    if slip == 0:
        return word[:place] + word[place + 1 :]
    if slip == 1:
        return word[:place] + word[place] + word[place:]
    if slip == 2:
        return word[:place] + chance.choice(_LETTERS) + word[place + 1 :]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _form(form: str, chance: Random) -> str:
    fate = chance.random()
    if fate < 0.30:
        return ""
    if fate < 0.55:
        return form.replace(".", "")
    if fate < 0.65:
        return form.upper()
    return form


def _cased(name: str, chance: Random) -> str:
    fate = chance.random()
    if fate < 0.15:
        return name.upper()
    if fate < 0.20:
        return name.lower()
    return name.replace(" ", ", ", 1) if fate < 0.22 and name.count(" ") == 1 else name
