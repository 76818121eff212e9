"""No file of the product names a folder of somebody's machine (tests may invent one)."""

import re
from pathlib import Path

from partnercrm.settings import ROOT

TEXTS = frozenset(
    {".cfg", ".css", ".html", ".ini", ".js", ".json", ".mako", ".md", ".py", ".sh", ".svg", ".toml", ".txt", ".yml"}
)
FOLDERS = (
    ".ci",
    "benchmarks",
    "config",
    "docs",
    "migrations",
    "partnercrm",
)
_MACHINE = re.compile(r"(?<![\w.])/(home|root|Users|work|mnt|private)/\w")


def places_of_a_machine(text: str) -> list[int]:
    """Return the lines that name one."""
    return [number for number, line in enumerate(text.splitlines(), 1) if _MACHINE.search(line)]


def texts() -> list[Path]:
    below = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    return [path for path in [*ROOT.glob("*"), *below] if path.is_file() and path.suffix in TEXTS]


def test_no_file_names_a_folder_of_a_machine() -> None:
    assert [f"{path}:{line}" for path in texts() for line in places_of_a_machine(path.read_text())] == []


def test_a_folder_of_a_machine_is_found() -> None:
    assert places_of_a_machine("fine\ncd /" + "home/ada/partnercrm\nhttps://example.com/home/page") == [2]
