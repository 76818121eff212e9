"""The few kinds of refusal; every slice's refusals subclass one of them, `web/errors.py` maps each kind to a status."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, NamedTuple, Self

LONGEST_PATH: Final = 200


class Told(str):
    """A sentence with values in it that remembers both, so that a page can say it in its reader's language.

    `Told("At most %(most)d columns are taken.", most=200)`; programs read it as the English text it is.
    """

    __slots__ = ("sentence", "values")
    sentence: str
    values: Mapping[str, Any]

    def __new__(cls, sentence: str, /, **values: Any) -> Self:
        """Return the English text, with what it is made of."""
        told = super().__new__(cls, sentence % values)
        told.sentence, told.values = sentence, values
        return told

    @classmethod
    def of(cls, text: str) -> "Told":
        """Return a sentence as one that can be a value of another, and is then said in the reader's language too."""
        return text if isinstance(text, Told) else Told(text.replace("%", "%%"))

    def kept(self) -> dict[str, Any]:
        """Return the sentence and its values as JSON keeps them, told values likewise."""
        values = {name: value.kept() if isinstance(value, Told) else value for name, value in self.values.items()}
        return {"sentence": self.sentence, "values": values}

    @classmethod
    def again(cls, kept: Mapping[str, Any]) -> "Told":
        """Return a sentence from how it was kept."""
        values = {
            name: cls.again(value) if isinstance(value, dict) else value for name, value in kept["values"].items()
        }
        return cls(kept["sentence"], **values)


class FieldError(NamedTuple):
    """One wrong field: `field` is a dotted path, `message` a sentence; `line` and `column` for files (from 1)."""

    field: str
    message: str
    line: int | None = None
    column: int | None = None


class Refusal(Exception):
    """Something the house will not do, with the sentence a person reads and the facts a program reads."""

    title: ClassVar[str] = "This was refused."

    def __init__(self, detail: str | None = None, **facts: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.facts = facts

    @property
    def sentence(self) -> str:
        """What a person reads: the detail, else the title."""
        return self.detail or self.title

    @classmethod
    def code(cls) -> str:
        """Return the public code: the class name in snake case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Malformed(Refusal):
    """What was sent cannot be read at all."""

    title = "The request cannot be read."


class NotSignedIn(Refusal):
    """Nobody is recognised behind the request."""

    title = "Sign in, or send a valid API token."


class NotAllowed(Refusal):
    """The actor sees the thing but may not do this."""

    title = "You are not allowed to do this."


class NotFound(Refusal):
    """There is no such thing, or none that the actor may know of."""

    title = "There is nothing here."


class Conflict(Refusal):
    """The thing is not in a state that allows this."""

    title = "This is not possible in the present state."


class Gone(Refusal):
    """It was here once and will not come back."""

    title = "This is no longer here."


class Stale(Refusal):
    """The caller's copy is older than what stands here."""

    title = "This was changed in the meantime. Read it again, then repeat your change."


class MatchRequired(Refusal):
    """An update without the version it was based on."""

    title = "Send the ETag you read as If-Match, so that nobody's change is overwritten unseen."


class TooLarge(Refusal):
    """More was sent than is taken at once."""

    title = "This is larger than what is accepted at once."


class TooMany(Refusal):
    """More requests than the caller's allowance."""

    title = "Too many requests. Try again when the time in Retry-After has passed."


class Unavailable(Refusal):
    """Something the answer needs is out of reach for now."""

    title = "The service is briefly out of reach. Nothing was lost; try again shortly."


class Invalid(Refusal):
    """What was sent can be read but is wrong; names every wrong field at once."""

    title = "Some of what was sent is not right."

    def __init__(self, errors: Sequence[FieldError] = (), detail: str | None = None, **facts: Any) -> None:
        super().__init__(detail, **facts)
        self.errors = tuple(errors)

    @classmethod
    def field(cls, field: str, message: str) -> "Invalid":
        """Return the refusal of one field."""
        return cls([FieldError(field, message)])
