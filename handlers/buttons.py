"""Every button as a typed value, and its wire form of at most 64 bytes.

The wire form is "prefix" or "prefix:field:field". A form once sent is never reused for another
meaning: messages keep their buttons for years. Whoever taps is untrusted; rights are checked
where the button takes effect.
"""

import string
from dataclasses import dataclass, fields
from typing import ClassVar, Self

from bot.core.people import Language

DIGITS = string.digits + string.ascii_lowercase
LIMIT_BYTES = 64
HIGHEST = 2**63 - 1  # what a database column holds


class Button:
    """Subclasses are frozen dataclasses; their fields are str without ":" or int."""

    prefix: ClassVar[str]

    def wire(self) -> str:
        values = [getattr(self, f.name) for f in fields(self)]  # type: ignore[arg-type]  # subclasses are dataclasses
        parts = [_base36(value) if isinstance(value, int) else str(value) for value in values]
        if any(":" in part for part in parts):
            raise ValueError(f"button {self.prefix} has a field with a colon")
        form = ":".join([self.prefix, *parts])
        if len(form.encode()) > LIMIT_BYTES:
            raise ValueError(f"button {self.prefix} is longer than {LIMIT_BYTES} bytes")
        return form

    @classmethod
    def pattern(cls) -> str:
        """A regular expression for the router."""
        return rf"^{cls.prefix}(:|$)"

    @classmethod
    def read(cls, data: str) -> Self | None:
        """None for a form that never was, or no longer is, ours; forged ones come here, too."""
        prefix, *parts = data.split(":")
        wanted = fields(cls)  # type: ignore[arg-type]  # subclasses are dataclasses
        if prefix != cls.prefix or len(parts) != len(wanted):
            return None
        try:
            values = [
                _number(p) if f.type is int else p for f, p in zip(wanted, parts, strict=True)
            ]
        except ValueError:
            return None
        return cls(*values)


@dataclass(frozen=True, slots=True)
class ChooseLanguage(Button):
    prefix = "lang"
    language: str

    @property
    def chosen(self) -> Language | None:
        return Language(self.language) if self.language in set(Language) else None


@dataclass(frozen=True, slots=True)
class FollowTopic(Button):
    """`wanted` is 1 to follow, 0 to follow no longer, whatever was tapped before."""

    prefix = "follow"
    topic: str
    wanted: int


@dataclass(frozen=True, slots=True)
class ToggleTopic(Button):
    """Not sent any more; it meant the opposite of what its message showed."""

    prefix = "topic"
    topic: str


@dataclass(frozen=True, slots=True)
class AllTopics(Button):
    prefix = "topics_all"


@dataclass(frozen=True, slots=True)
class NoTopics(Button):
    prefix = "topics_none"


@dataclass(frozen=True, slots=True)
class TopicsDone(Button):
    prefix = "topics_done"


@dataclass(frozen=True, slots=True)
class ShowTopics(Button):
    prefix = "topics"


@dataclass(frozen=True, slots=True)
class NewsPage(Button):
    prefix = "news"
    skip: int


@dataclass(frozen=True, slots=True)
class PauseFor(Button):
    """`span` is "week" or "open"."""

    prefix = "pause"
    span: str


@dataclass(frozen=True, slots=True)
class Resume(Button):
    prefix = "resume"


@dataclass(frozen=True, slots=True)
class Stop(Button):
    prefix = "stop"


@dataclass(frozen=True, slots=True)
class ShowMenu(Button):
    prefix = "menu"


@dataclass(frozen=True, slots=True)
class ShowHelp(Button):
    prefix = "help"


@dataclass(frozen=True, slots=True)
class ShowPrivacy(Button):
    prefix = "privacy"


@dataclass(frozen=True, slots=True)
class MyData(Button):
    prefix = "mydata"


@dataclass(frozen=True, slots=True)
class ForgetMe(Button):
    """`at` is when it was asked, in seconds since 1970: an old question is asked again."""

    prefix = "forget"
    at: int


@dataclass(frozen=True, slots=True)
class Review(Button):
    prefix = "review"
    place: int


@dataclass(frozen=True, slots=True)
class ReleaseNews(Button):
    """`tell` is 1 to notify followers, 0 to publish silently."""

    prefix = "release"
    news_id: int
    tell: int


@dataclass(frozen=True, slots=True)
class RejectNews(Button):
    prefix = "reject"
    news_id: int


@dataclass(frozen=True, slots=True)
class NewsProgress(Button):
    prefix = "progress"
    news_id: int


@dataclass(frozen=True, slots=True)
class ResendDoubtful(Button):
    prefix = "again"
    news_id: int


@dataclass(frozen=True, slots=True)
class AskWithdrawNews(Button):
    prefix = "withdraw"
    news_id: int


@dataclass(frozen=True, slots=True)
class WithdrawNews(Button):
    prefix = "withdraw_yes"
    news_id: int


class GiveFeedback(Button):
    prefix = "feedback"


@dataclass(frozen=True, slots=True)
class ChooseAnswer(Button):
    """Places are counted from 0 within the form; `draft` says in whose conversation."""

    prefix = "answer"
    draft: int
    place: int
    value: int


@dataclass(frozen=True, slots=True)
class SkipQuestion(Button):
    prefix = "skip"
    draft: int
    place: int


@dataclass(frozen=True, slots=True)
class QuestionBefore(Button):
    prefix = "before"
    draft: int
    place: int


@dataclass(frozen=True, slots=True)
class ChangeAnswer(Button):
    prefix = "change"
    draft: int
    place: int


@dataclass(frozen=True, slots=True)
class GoOn(Button):
    prefix = "go_on"
    draft: int


@dataclass(frozen=True, slots=True)
class BeginAnew(Button):
    """Begins `form` in place of `draft`."""

    prefix = "anew"
    draft: int
    form: str


@dataclass(frozen=True, slots=True)
class CancelForm(Button):
    prefix = "cancel"
    draft: int


@dataclass(frozen=True, slots=True)
class SendForm(Button):
    """`shown` is the update_id of the answers that stand above the button."""

    prefix = "send"
    draft: int
    shown: int


def _number(written: str) -> int:
    """Raises ValueError for all but the one way in which _base36 writes it."""
    number = int(written, 36)
    if abs(number) > HIGHEST or _base36(number) != written:
        raise ValueError("not a number of ours")
    return number


def _base36(number: int) -> str:
    if number < 0:
        return "-" + _base36(-number)
    head, last = divmod(number, 36)
    return (_base36(head) if head else "") + DIGITS[last]
