"""The pace: how fast messages may leave. Arithmetic only; times are given in, seconds, monotonic.

Telegram allows about 30 messages a second overall, 1 a second to one person (short bursts pass)
and 20 a minute to a group: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
It answers 429 to what exceeds that: sometimes for one chat, sometimes for all that we send.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass

FREE_RATE = 30
CATCH_UP = 0.010  # bulk that is late by no more than this makes up for it
SOON = 0.002  # a slot for a reply counts as free this long before it is
RESERVED = 5.0  # after a reply a slot is kept free for the next one
CHATS_REMEMBERED = 10_000

MARGIN = 0.003
WIDEST_MARGIN = 0.050
TRIPS = 64
USUAL_SPREAD = 0.002  # until trips have been measured
RECKONED_EVERY = 8
CAUTION = 0.002  # more margin after a 429, which may be its chat's own
MUCH_CAUTION = 0.010  # after one for all
EASED = 0.000_5  # and so much less of it each second

DOUBTED = 0.035  # bulk pauses after a first 429, about one slot
DOUBT_LASTS = 2.0  # about as long as requests that left together need to come back


class Margin:
    """How much longer than a second our window must be, since requests travel unevenly.

    Where one that left a second after another is faster by 20 ms, Telegram sees both within 0.98 s.
    """

    def __init__(self) -> None:
        self._trips: deque[float] = deque(maxlen=TRIPS)
        self._measured = 0
        self._spread = USUAL_SPREAD
        self._caution = 0.0
        self._cautious_since = 0.0

    def at(self, now: float) -> float:
        return min(MARGIN + self._spread + self._caution_at(now), WIDEST_MARGIN)

    def note_trip(self, seconds: float) -> None:
        self._trips.append(seconds)
        self._measured += 1
        if self._measured % RECKONED_EVERY == 0:
            trips = sorted(self._trips)
            last = len(trips) - 1
            self._spread = trips[round(0.95 * last)] - trips[round(0.05 * last)]

    def note_429(self, now: float, *, for_all: bool = False) -> None:
        more = MUCH_CAUTION if for_all else CAUTION
        self._caution = min(self._caution_at(now) + more, WIDEST_MARGIN)
        self._cautious_since = now

    def _caution_at(self, now: float) -> float:
        return max(0.0, self._caution - EASED * (now - self._cautious_since))


class Pace:
    """A sliding window over what has left, and even steps for bulk within it."""

    def __init__(self, bulk_rate: int) -> None:
        self.margin = Margin()
        self._most = max(FREE_RATE, bulk_rate)  # in a window
        self._step = 1 / bulk_rate
        self._left: deque[float] = deque(maxlen=self._most)
        self._bulk_at = 0.0  # when the next of them is due
        self._replied_at = -RESERVED

    def reply_wait(self, now: float) -> float:
        if len(self._left) < self._most:
            return 0.0
        return self._left[0] + self._window(now) - now

    def bulk_wait(self, now: float) -> float:
        wait = max(self._bulk_at - now, self.reply_wait(now))
        past = len(self._left) - self._for_bulk(now)
        if past >= 0:
            wait = max(wait, self._left[past] + self._window(now) - SOON - now)
        return wait

    def count_reply(self, now: float) -> None:
        self._left.append(now)
        self._replied_at = now

    def count_bulk(self, now: float) -> None:
        step = max(self._step, self._window(now) / self._for_bulk(now))
        self._bulk_at = step + (now if now - self._bulk_at > CATCH_UP else self._bulk_at)
        self._left.append(now)

    def resume_bulk(self, at: float) -> None:
        """After a pause: a step later than replies, which go first."""
        self._bulk_at = max(self._bulk_at, at + self._step)

    def _for_bulk(self, now: float) -> int:
        return self._most - (now - self._replied_at < RESERVED)

    def _window(self, now: float) -> float:
        return 1.0 + self.margin.at(now)


class Chats:
    """Each chat's own pace, and how long a 429 holds it. Keys are what chat_id may be."""

    def __init__(self) -> None:
        self._paced: OrderedDict[object, float] = OrderedDict()  # GCRA: when all is used up
        self._held: OrderedDict[object, float] = OrderedDict()

    def wait(self, chat: object, now: float) -> float:
        interval, burst = _limits(chat)
        free = self._paced.get(chat, 0.0) - interval * (burst - 1)
        if self._held:
            free = max(free, self._held.get(chat, 0.0))
        return free - now

    def held_until(self, chat: object) -> float:
        return self._held.get(chat, 0.0)

    def count(self, chat: object, now: float) -> None:
        interval, _ = _limits(chat)
        _remember(self._paced, chat, max(self._paced.get(chat, 0.0), now) + interval)
        if self._held.get(chat, now) < now:
            del self._held[chat]

    def hold(self, chat: object, until: float) -> None:
        _remember(self._held, chat, max(until, self.held_until(chat)))


def _remember(chats: OrderedDict[object, float], chat: object, at: float) -> None:
    chats[chat] = at
    chats.move_to_end(chat)
    if len(chats) > CHATS_REMEMBERED:
        chats.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Doubt:
    """After a first 429: does it mean its chat alone, or all of us."""

    number: int  # of the refused request, in the order they left
    chat: object
    until: float  # what the 429 said
    since: float


class Refusals:
    """What 429s mean.

    free -> doubt        a first 429: bulk pauses for about a slot
    doubt -> free        a request to another chat, made later, is accepted
    doubt -> held        another chat's 429: it means all of us, until the latest time told
    held -> held         a later 429 may only lengthen it
    held -> free         by time, and by nothing else
    """

    def __init__(self) -> None:
        self.held_until = 0.0
        self.bulk_paused_until = 0.0
        self.held_seconds = 0.0
        self._doubt: _Doubt | None = None

    def refused(self, number: int, chat: object, *, until: float, now: float, again: bool) -> None:
        """`again`: the chat is held already, so that this 429 is no news."""
        doubt = self._doubt
        if now < self.held_until:
            self._hold(until, now)
        elif again:
            return
        elif doubt is None or now - doubt.since > DOUBT_LASTS:
            self._doubt = _Doubt(number, chat, until, now)
            self.bulk_paused_until = now + DOUBTED
        elif doubt.chat != chat:
            self._doubt = None
            self._hold(max(doubt.until, until), now)

    def accepted(self, number: int, chat: object) -> bool:
        """Whether this has settled a doubt. What left before the refused one proves nothing."""
        doubt = self._doubt
        if doubt is None or number < doubt.number or chat == doubt.chat:
            return False
        self._doubt = None
        self.bulk_paused_until = 0.0
        return True

    def _hold(self, until: float, now: float) -> None:
        if until > self.held_until:
            self.held_seconds += until - max(self.held_until, now)
            self.held_until = until


def is_private(chat: object) -> bool:
    return isinstance(chat, int) and chat > 0


def _limits(chat: object) -> tuple[float, int]:
    """Seconds a message (a little more than Telegram's), and how many may go at once.

    To a group 5 at once and then 15 in the rest of the minute.
    """
    return (1.05, 5) if is_private(chat) else (4.05, 5)
