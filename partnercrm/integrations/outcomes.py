"""A row of a learning system's file, read as a result. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from partnercrm.enablement.items import Outcome
from partnercrm.integrations.reading import DateForm, iso_day
from partnercrm.kernel.errors import Told

_WORDS: Final = {
    Outcome.PASSED: "passed pass yes true 1 y x complete completed successful ja bestanden abgeschlossen",
    Outcome.FAILED: "failed fail no false 0 n unsuccessful nein durchgefallen",
    Outcome.OPENED: "opened started incomplete inprogress begonnen",
    Outcome.REVOKED: "revoked withdrawn entzogen",
}
_OUTCOMES: Final = {word: outcome for outcome, words in _WORDS.items() for word in words.split()}
_MOST: Final = {"external_id": 200, "email": 254, "item": 200}
_SCORE: Final = re.compile(r"(100|[0-9]{1,2})(?:[.,]0+)?\s*%?")


def result(told: Mapping[str, str], form: DateForm) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return what a row says, and (field, sentence) for each cell that cannot be read; days are days in UTC.

    `told` has the cells by field, trimmed, "" where there is none; a day begins what happened and ends what holds.
    """
    read: dict[str, Any] = {name: told.get(name, "") for name in _MOST}
    wrong = [(name, problem) for name, most in _MOST.items() if (problem := _wrong_text(read[name], most))]
    readers = (
        ("outcome", lambda text: _OUTCOMES.get(re.sub(r"[\W_]", "", text.casefold())), True, "Say passed or failed."),
        ("score", _score, False, "Write whole per cent, from 0 to 100."),
        ("happened_at", lambda text: _moment(text, form, 0), True, "This is no day or moment."),
        ("valid_until", lambda text: _moment(text, form, 1), False, "This is no day or moment."),
    )
    for name, reader, is_needed, problem in readers:
        text = told.get(name, "")
        read[name] = reader(text) if text else None
        if read[name] is None and (text or is_needed):
            wrong.append((name, problem if text else "This is needed."))
    return read, wrong


def _wrong_text(text: str, most: int) -> str | None:
    if not text:
        return "This is needed."
    if len(text) > most:
        return Told("At most %(most)d characters.", most=most)
    return None if text.isprintable() else "This holds a sign that cannot be read."


def _score(text: str) -> int | None:
    found = _SCORE.fullmatch(text)
    return int(found[1]) if found else None


def _moment(text: str, form: DateForm, days_on: int) -> datetime | None:
    """Return a moment that is written with its hour, in UTC if it names no zone, else the day's first or last one."""
    if len(text) > 10:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    day = iso_day(text, form)
    try:
        return datetime.combine(datetime.fromisoformat(day) + timedelta(days=days_on), time(), UTC) if day else None
    except OverflowError:
        return None
