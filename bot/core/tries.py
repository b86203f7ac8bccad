"""Tries: what follows when an update could not be handled, by whose fault that was."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from bot.core.inbox import STARTS, TRIES, WAITS, InboxState

DOUBTS = 2  # a reply that may have arrived is repeated once, not until somebody answers
PATIENCE = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds


class Fault(StrEnum):
    OURS = "ours"  # the handler failed: it counts
    DOUBT = "doubt"  # a reply left and Telegram never said what became of it
    MOMENT = "moment"  # 429, no connection, the store is busy: certainly nobody's message
    CHAT = "chat"  # nobody is there to answer: blocked, or the group is gone


@dataclass(frozen=True, slots=True)
class Again:
    wait: float  # seconds


@dataclass(frozen=True, slots=True)
class Over:
    state: InboxState
    apologise: bool = False


class Tries:
    """Of one update. `begun` also counts those during which the process died, and more of them
    are allowed: of all that were at work then at most one was to blame.
    """

    def __init__(self, begun: int = 0) -> None:
        self.begun = begun
        self._failed_here = 0
        self._doubts = 0
        self._moments = 0

    @property
    def used_up(self) -> bool:
        return self.begun >= STARTS

    def after(self, fault: Fault, told_to_wait: float | None = None) -> Again | Over:
        """`told_to_wait`: seconds, where Telegram named them."""
        match fault:
            case Fault.OURS:
                return self._failed()
            case Fault.DOUBT:
                self._doubts += 1
                return Over(InboxState.DEAD) if self._doubts == DOUBTS else Again(WAITS[0])
            case Fault.MOMENT:
                usual = PATIENCE[min(self._moments, len(PATIENCE) - 1)]
                self._moments += 1
                return Again(usual if told_to_wait is None else told_to_wait)
            case Fault.CHAT:
                return Over(InboxState.DONE)
            case _:
                assert_never(fault)

    def _failed(self) -> Again | Over:
        self.begun += 1
        self._failed_here += 1
        if self._failed_here == TRIES:
            return Over(InboxState.DEAD, apologise=True)
        return Again(WAITS[self._failed_here - 1])
