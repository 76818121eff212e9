"""Parts of addresses that callers choose themselves: bounded, trimmed, of characters that can be stored."""

from typing import Any, Final

from werkzeug.routing import BaseConverter, Map

_CONTROL: Final = "\x00-\x1f\x7f-\x9f"
_WRITTEN: Final = r"^[^/\s\x00-\x1f\x7f-\x9f]([^/\x00-\x1f\x7f-\x9f]*[^/\s\x00-\x1f\x7f-\x9f])?$"


class Key(BaseConverter):
    """`<key(most=60):name>`: 1 to `most` characters with no space around them; anything else is not found."""

    def __init__(self, url_map: Map, most: int) -> None:
        super().__init__(url_map)
        self.most = most
        self.regex = f"(?!\\s)[^/{_CONTROL}]{{1,{most}}}(?<!\\s)"


def described(key: Key) -> dict[str, Any]:
    """Return what the API's document says of the part."""
    return {"type": "string", "minLength": 1, "maxLength": key.most, "pattern": _WRITTEN}
