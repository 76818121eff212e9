"""A quiz and how well it was answered: whole per cent, rounded down, so that nobody passes by rounding."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """One question, its answers in the order they are shown, and the place of the right one, from 0."""

    question: str
    answers: tuple[str, ...]
    right: int

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Question":
        """Return a question as it is decided about, from how it is kept or sent."""
        return cls(stored["question"], tuple(stored["answers"]), stored["right"])

    def written(self) -> dict[str, Any]:
        """Return the question as it is kept."""
        return asdict(self) | {"answers": list(self.answers)}


def score(questions: Sequence[Question], answers: Sequence[int]) -> int:
    """Return how many per cent of the questions were answered rightly. ValueError unless each was answered."""
    right = sum(one.right == answer for one, answer in zip(questions, answers, strict=True))
    return 100 * right // len(questions)
