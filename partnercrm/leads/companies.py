"""Telling whether two leads mean the same company's need; a plain key until account matching stands."""

import re
import unicodedata


def company_key(name: str, domain: str | None, need: str) -> str:
    """Return a key equal for the same company and need: the domain where there is one, else the folded name."""
    company = (domain or "").lower().removeprefix("www.") or _folded(name)
    return f"{company}|{_folded(need)}"


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^\w+#]+", " ", bare).strip() or plain.strip()
