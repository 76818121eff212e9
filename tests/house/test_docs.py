"""What docs/ say about settings is what the settings are."""

import re
import tomllib
from typing import Any

from partnercrm.settings import ROOT, Settings

ROW = re.compile(r"^\| `(?P<name>[a-z_]+)` \| (?:`(?P<default>[^`]*)`)? *\| (?P<meaning>[^|]+) \|$", re.MULTILINE)
DEFAULTS = tomllib.loads((ROOT / "config" / "default.toml").read_text())


def documented(text: str) -> dict[str, str | None]:
    return {row["name"]: row["default"] for row in ROW.finditer(text)}


def written(value: Any) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_the_operations_table_lists_every_setting_with_its_default() -> None:
    table = documented((ROOT / "docs" / "operations.md").read_text())

    assert table == {name: written(DEFAULTS.get(name)) for name in Settings.model_fields}


def test_every_setting_stands_in_the_default_file() -> None:
    text = (ROOT / "config" / "default.toml").read_text()

    missing = [name for name in Settings.model_fields if not re.search(rf"^(#   )?{name}\b", text, re.MULTILINE)]

    assert missing == []
