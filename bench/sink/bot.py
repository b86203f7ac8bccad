"""One token's Telegram: answers its calls, holds it to its limits, notes every message."""

import asyncio
import json
import math
import random
import re
import time

from bench.sink.limits import Limits
from bench.sink.mailbox import Mailbox
from bench.sink.people import Queue, Tappers
from bench.sink.rules import Rules
from bench.sink.wire import Reply, framed

ME = b'{"id":424242,"is_bot":true,"first_name":"Sink","username":"sink_bot"}'
SEND, EDIT = b"sendmessage", b"editmessagetext"
IN_FORMS = tuple(re.compile(rb"(?:^|&)%b=(-?\d+)" % name) for name in (b"chat_id", b"message_id"))
IN_JSON = tuple(re.compile(rb'"%b"\s*:\s*"?(-?\d+)' % n) for n in (b"chat_id", b"message_id"))
SAID = re.compile(rb'(?:^|&|")text(?:=|"\s*:\s*")(\d+)')
NO_CHAT = framed(
    b'{"ok":false,"error_code":400,"description":"Bad Request: chat_id is empty"}', 400
)
TRUE = framed(b'{"ok":true,"result":true}')
MESSAGE = (
    b'{"ok":true,"result":{"message_id":%d,"from":'
    + ME
    + b',"chat":{"id":%d,"first_name":"Olena","last_name":"K.","type":"private"},"date":%d,'
    b'"text":"Sommerfest im Westfalenpark\\n\\nDie Familien treffen sich um 15 Uhr am Eingang.",'
    b'"entities":[{"offset":0,"length":27,"type":"bold"}]}}'
)

ROUNDING = 1e-6  # five seconds less the time it took to subtract are five seconds

# Counted at (monotonic), chat, method, seconds to wait or 0, the number it says or 0.
Entry = tuple[float, int, str, int, int]


class Bot:
    def __init__(self, rules: Rules) -> None:
        self._loop = asyncio.get_running_loop()
        self._way = rules.latency / 2
        self._jitter = rules.jitter
        self._limits = Limits(rules)
        self._mailbox = Mailbox()
        self._rules = rules
        self._polls = 0
        self._messages = 0
        self._log: list[Entry] = []

    def log(self) -> bytes:
        return json.dumps({"messages": self._log, "taps": self._mailbox.made}).encode()

    def counted(self) -> bytes:
        """How many messages were accepted, and how many polls came; cheap enough to be asked
        all the time.
        """
        return b"%d %d" % (self._messages, self._polls)

    def take(self, method: bytes, body: bytes, reply: Reply) -> None:
        """The way there is waited for first, then the call counts, then the way back.

        It counts for the moment it was to arrive: a timer that fires late delays nobody's clock.
        """
        name = method.lower()
        way = self._way + random.random() * self._jitter if self._jitter else self._way  # noqa: S311
        at = self._loop.time() + way
        if way:
            self._loop.call_at(at, self._arrived, at, name, body, reply)
        else:
            self._arrived(at, name, body, reply)

    def _arrived(self, at: float, name: bytes, body: bytes, reply: Reply) -> None:
        if name in {SEND, EDIT}:
            self._back(reply, self._message(at, name, body))
        elif name == b"getupdates":
            self._begin()
            self._mailbox.asked(body, lambda updates: self._back(reply, framed(_found(updates))))
        elif name == b"getme":
            self._back(reply, framed(b'{"ok":true,"result":' + ME + b"}"))
        else:
            self._log.append((at, 0, name.decode(), 0, 0))
            self._back(reply, TRUE)

    def _begin(self) -> None:
        """From the first poll on there is somebody to write to."""
        self._polls += 1
        if self._polls > 1:
            return
        if self._rules.tapping:
            Tappers(self._rules.tapping, self._mailbox)
        if self._rules.crowd:
            Queue(self._rules.crowd, self._mailbox)

    def _message(self, at: float, name: bytes, body: bytes) -> bytes:
        to, which = IN_JSON if body.startswith(b"{") else IN_FORMS
        found = to.search(body)
        if found is None:
            return NO_CHAT
        chat = int(found[1])
        wait = self._limits.wait(chat, at)
        seconds = max(1, math.ceil(wait - ROUNDING)) if wait else 0
        said = SAID.search(body) if self._rules.crowd else None
        self._log.append((at, chat, name.decode(), seconds, int(said[1]) if said else 0))
        if wait:
            return _too_many(seconds)
        self._messages += 1
        edited = which.search(body) if name == EDIT else None
        number = int(edited[1]) if edited else self._messages
        return framed(MESSAGE % (number, chat, int(time.time())))

    def _back(self, reply: Reply, response: bytes) -> None:
        if self._way:
            self._loop.call_later(self._way, reply, response)
        else:
            reply(response)


def _too_many(seconds: int) -> bytes:
    return framed(
        b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d",'
        b'"parameters":{"retry_after":%d}}' % (seconds, seconds),
        429,
        b"Retry-After: %d\r\n" % seconds,
    )


def _found(updates: bytes) -> bytes:
    return b'{"ok":true,"result":' + updates + b"}"
