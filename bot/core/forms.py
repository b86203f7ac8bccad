"""Forms as data: their steps, what each takes, and which question is open next.

What a form says is in handlers/views; what comes of its answers is decided by its own story.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from bot.core.text import clean, utf16_length

SUMMARY = "summary"  # the step after the last
SKIPPED = ""  # the answer to an optional step
LONGEST = 4_096  # UTF-16 units that a message of Telegram can have


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `values`."""

    id: str
    values: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A text of at most `limit` UTF-16 units."""

    id: str
    limit: int
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Done on a screen of its own, which keeps and ends it."""

    id: str
    optional: bool = False


Step = Choice | Words | Task


@dataclass(frozen=True, slots=True)
class Form:
    """Buttons name steps and values by their place: a form in use grows only at its end."""

    id: str
    steps: tuple[Step, ...]

    def place(self, step_id: str) -> int:
        """Counted from 0; the summary stands after the last question."""
        ids = [step.id for step in self.steps]
        return ids.index(step_id) if step_id in ids else len(ids)

    def at(self, place: int) -> Step | None:
        return self.steps[place] if 0 <= place < len(self.steps) else None


class Unfit(StrEnum):
    NOT_A_CHOICE = "not a choice"  # buttons are there to be tapped
    EMPTY = "empty"  # nothing that can be read
    PASSED = "passed"  # another question stands now
    CHANGED = "changed"  # the answers are not those that were shown


@dataclass(frozen=True, slots=True)
class TooLong:
    """Both in UTF-16 units."""

    length: int
    limit: int


Objection = Unfit | TooLong


def next_open(form: Form, answers: Mapping[str, str]) -> str:
    """So a changed answer leads back to the summary past everything that is answered."""
    return next((step.id for step in form.steps if step.id not in answers), SUMMARY)


def read_words(step: Step | None, text: str) -> str | Objection:
    """What a text answers; only a step that asks for words takes one."""
    match step:
        case Words(limit=limit):
            words = clean(text, limit=LONGEST)
            if not words:
                return Unfit.EMPTY
            length = utf16_length(words)
            return TooLong(length, limit) if length > limit else words
        case Choice() | Task() | None:
            return Unfit.NOT_A_CHOICE
        case _:
            assert_never(step)
