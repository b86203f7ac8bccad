"""What the sink says of a crowd's answers: how fast, how late, in which order. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.sink.process import Log


@dataclass(frozen=True, slots=True)
class Run:
    rate: float  # answers a second
    waits: Sequence[float]  # seconds from update to answer
    astray: int  # lost, doubled or out of order
    not_done: int = 0  # in our inbox


def judged(log: Log, answers: int, *, numbered: bool) -> Run:
    """By the first so many answers. A tap's answer has no number: it only counts."""
    calls = list(log.accepted())[:answers]
    made = [at for at, _ in log.taps]
    waits = [call.at - made[call.said - 1] for call in calls if call.said]
    astray = _astray([(call.chat, call.said) for call in calls], log) if numbered else 0
    return Run(len(calls) / (calls[-1].at - made[0]), waits, astray)


def _astray(answered: Iterable[tuple[int, int]], log: Log) -> int:
    """Answers that are not the next of their chat."""
    due: defaultdict[int, list[int]] = defaultdict(list)
    for number, (_, chat) in enumerate(log.taps, start=1):
        due[chat].append(number)
    upcoming = {chat: iter(numbers) for chat, numbers in due.items()}
    return sum(said != next(upcoming.get(chat, iter(())), 0) for chat, said in answered)
