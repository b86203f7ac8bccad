"""Buttons for what people choose for themselves."""

from dataclasses import dataclass

from bot.core.people import Language
from handlers.buttons.wire import Button


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
