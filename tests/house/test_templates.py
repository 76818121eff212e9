"""Templates hold no script, no style, no foreign asset and no text that cannot be translated."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

import pytest

from partnercrm.settings import ROOT

READ_ALOUD = frozenset({"alt", "aria-description", "aria-label", "label", "placeholder", "title"})
LOADING = frozenset({"action", "data", "formaction", "href", "src", "srcset"})
NAMES = frozenset({"partnercrm"})
_TRANSLATED = re.compile(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", re.DOTALL)
_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
_ATTRIBUTES = re.compile(r'[\w-]+="[^"]*"|\b(checked|disabled|multiple|required|selected)\b')
_CODE = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)


class Scanner(HTMLParser):
    """Reads a template as HTML once its expressions are blanked out; collects what must not be there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "style" or "style" in given:
            self._note("an inline style")
        if tag == "script" and "src" not in given:
            self._note("an inline script")
        for name, value in given.items():
            if name.startswith("on"):
                self._note(f"a script in {name}")
            if name in LOADING and re.match(r"\s*(https?:|//|data:|javascript:)", value):
                self._note(f"{name} leads away: {value}")
            if name in READ_ALOUD and re.search(r"[^\W\d_]", value):
                self._note(f"{name} is not translated: {value}")

    def handle_data(self, data: str) -> None:
        text = _ATTRIBUTES.sub("", data)  # a macro may write attributes for the tag around it
        if words := set(re.findall(r"[^\W\d_]{2,}", text)) - NAMES:
            self._note(f"text is not translated: {' '.join(sorted(words))}")

    def _note(self, what: str) -> None:
        self.found.append(f"{self.getpos()[0]}: {what}")


def scanned(template: str) -> list[str]:
    """Return what must not stand in the template, each with its line."""
    plain = template
    for pattern in (_TRANSLATED, _COMMENT, _CODE):
        plain = pattern.sub(lambda match: "\n" * match[0].count("\n"), plain)
    scanner = Scanner()
    scanner.feed(plain)
    scanner.close()
    return scanner.found


def test_templates_are_clean() -> None:
    paths: Iterable = sorted((ROOT / "partnercrm").rglob("templates/**/*.html"))

    assert [f"{path.relative_to(ROOT)}:{found}" for path in paths for found in scanned(path.read_text())] == []


@pytest.mark.parametrize(
    "fault",
    [
        "<script>start()</script>",
        "<p style='color: red'></p>",
        "<style>p { color: red }</style>",
        "<button onclick='go()'></button>",
        "<script src='https://cdn.example/x.js'></script>",
        "<a href='//elsewhere.example'></a>",
        "<p>\n  Not translated\n</p>",
        "<p>{{ name }} is here</p>",
        "<img alt='A picture'>",
    ],
)
def test_a_planted_fault_is_found(fault: str) -> None:
    assert scanned(fault)


def test_what_is_translated_passes() -> None:
    assert scanned("<p title=\"{{ _('Title') }}\">{% trans %}A text{% endtrans %} {# remark #}, {{ _('x') }}</p>") == []
