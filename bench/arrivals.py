"""What the sink's log says: rates, gaps, what is missing and what came twice. Pure."""

import statistics
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bench.sink.process import Call


def share(calls: Sequence[Call], rate: float) -> float:
    """Of the rate: 3 000 messages at 30 a second take 100 s; who took 101 s reached 0.99."""
    if not calls:
        return 0.0
    taken = calls[-1].at - calls[0].at + 1 / rate
    return len(calls) / rate / taken


def astray(calls: Iterable[Call], chats: range, *, twice: int = 0) -> int:
    """Messages too few or too many: one for each chat is right, two for the first `twice`."""
    counts = Counter(call.chat for call in calls)
    wanted = Counter(chats) + Counter(chats[:twice])
    return (wanted - counts).total() + (counts - wanted).total()


def largest_gap(times: Sequence[float]) -> float:
    return max((later - earlier for earlier, later in pairwise(times)), default=0.0)


def most_in_a_second(times: Iterable[float]) -> int:
    """In the fullest second, wherever it begins."""
    window: deque[float] = deque()
    most = 0
    for time in times:
        window.append(time)
        while time - window[0] >= 1.0:
            window.popleft()
        most = max(most, len(window))
    return most


def at_first(times: Iterable[float]) -> int:
    """In the second that begins with the first."""
    every = list(times)
    return sum(time < every[0] + 1.0 for time in every)


def percentile(values: Sequence[float], rank: float) -> float:
    """`rank` of 0.1 to 99.9; needs two values."""
    return statistics.quantiles(values, n=1000, method="inclusive")[round(10 * rank) - 1]
