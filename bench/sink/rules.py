"""How the sink treats one token, as told over its control address in JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Hold:
    """A scripted 429, to the first chat that comes after the moment, or to everyone."""

    at: float  # seconds after the first message
    seconds: float
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Tapping:
    """Buttons pressed by `chats` in turn, `least` to `most` seconds apart, until `until`."""

    chats: tuple[int, ...]
    data: str
    least: float
    most: float
    start: float  # seconds after the first getUpdates
    seconds: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """Updates of `chats` people in turn, from the first getUpdates on."""

    first_chat: int
    chats: int
    updates: int
    rate: float = 0.0  # a second; 0: all of them wait already
    data: tuple[str, ...] = ()  # buttons that they tap in turn; none: they write the number


@dataclass(frozen=True, slots=True)
class Rules:
    latency: float = 0.0  # seconds, there and back together
    jitter: float = 0.0  # seconds at most, on the way there: before a message is counted
    window: int = 0  # messages in any 1.000 s; 0: no such limit
    bucket: int = 0  # as many at once, and as many a second
    chat_interval: float = 0.0  # seconds between two messages to one chat
    ban: float = 0.0  # seconds during which a 429 is followed by nothing but 429s
    holds: tuple[Hold, ...] = field(default=())
    tapping: Tapping | None = None
    crowd: Crowd | None = None

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        plain = dict(told)
        holds = tuple(Hold(**hold) for hold in plain.pop("holds", ()))
        tapping = plain.pop("tapping", None)
        if tapping is not None:
            tapping = Tapping(**tapping | {"chats": tuple(tapping["chats"])})
        crowd = plain.pop("crowd", None)
        if crowd is not None:
            crowd = Crowd(**crowd | {"data": tuple(crowd["data"])})
        return cls(**plain, holds=holds, tapping=tapping, crowd=crowd)
