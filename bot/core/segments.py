"""Cuts a text into the pieces that a translation engine gets, and puts it together again."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import quote_plus

MAX_CHARS = 2000
MAX_URL_BYTES = (
    12_000  # engines asked by GET refuse longer addresses; Cyrillic is six bytes a letter
)

# "z. B.", "Dr." and "12." end no sentence.
_SENTENCE_END = re.compile(r"(?<!\b\w)(?<!\b\w\w)(?<![.!?…])[.!?…]+[\"'»“”’)\]]*\s")
_BLANK = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Segment:
    """A line, or some sentences of an overlong one, and the white space around it."""

    before: str
    text: str
    after: str

    @property
    def translatable(self) -> bool:
        """False for emoji, dashes, numbers and empty lines: the same in every language."""
        return any(character.isalpha() for character in self.text)


def split(
    text: str, *, max_chars: int = MAX_CHARS, max_url_bytes: int = MAX_URL_BYTES
) -> tuple[Segment, ...]:
    """Never longer than both limits, never two lines in one; joined they are the text again.

    A limit lower than one character's own length cannot be kept: 1 character, 12 bytes.
    """
    return tuple(
        piece
        for line in text.splitlines(keepends=True)
        for piece in _pieces(line, max_chars, max_url_bytes)
    )


def join(segments: Iterable[Segment]) -> str:
    return "".join(segment.before + segment.text + segment.after for segment in segments)


def url_bytes(text: str) -> int:
    """How long the text is as the value of a query."""
    return len(quote_plus(text, errors="surrogatepass"))


def _pieces(line: str, max_chars: int, max_url_bytes: int) -> Iterator[Segment]:
    body = line.lstrip()
    before, body, after = line[: len(line) - len(body)], body.rstrip(), line[len(line.rstrip()) :]
    while rest := _cut(body, max_chars, max_url_bytes):
        head = body[: len(body) - len(rest)]
        text = head.rstrip()
        yield Segment(before, text, head[len(text) :])
        before, body = "", rest
    yield Segment(before, body, after if line.strip() else "")


def _cut(body: str, max_chars: int, max_url_bytes: int) -> str:
    """What does not fit any more, from its first word on; nothing when all of it fits."""
    if len(body) <= max_chars and url_bytes(body) <= max_url_bytes:
        return ""
    room = _room(body, max_chars, max_url_bytes)
    for boundary in (_SENTENCE_END, _BLANK):
        ends = [found.end() for found in boundary.finditer(body, 0, room + 1)]
        if ends:
            return body[ends[-1] :].lstrip()
    return body[room:].lstrip()


def _room(body: str, max_chars: int, max_url_bytes: int) -> int:
    """How many leading characters keep both limits; at least one."""
    costs = accumulate(url_bytes(character) for character in body[:max_chars])
    return max(1, sum(cost <= max_url_bytes for cost in costs))
