"""Entities: those Telegram finds by itself, their order, what trimming leaves of them."""

import re
from collections.abc import Iterator

from sandbox.characters import utf16_length
from sandbox.wire import Json

_TLDS = (
    "de|ua|укр|com|org|net|eu|info|io|at|ch|fr|pl|uk|me|app|dev|gov|edu|biz|news|city|ruhr|berlin"
)
_FINDERS = (
    ("bot_command", "/", re.compile(r"(?<![\w/<>])/\w{1,64}(?:@\w{3,32})?(?![\w/<>@])", re.ASCII)),
    ("hashtag", "#", re.compile(r"(?<![\w])#(?=\w*[^\W\d_])\w{1,256}(?![\w#])")),
    ("email", "@", re.compile(r"(?<![\w.+-])[A-Za-z0-9._+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}(?![\w@])")),
    ("mention", "@", re.compile(r"(?<![\w])@[A-Za-z0-9_]{2,32}(?![\w])")),
    ("url", "://", re.compile(r"(?<![\w])(?:https?|ftp|tonsite)://[^\s<>\"«»]+", re.IGNORECASE)),
    (
        "url",
        ".",
        re.compile(
            rf"(?<![\w@.:/-])(?:[\w-]+\.)+(?:{_TLDS})(?![\w@-])(?:[:/?#][^\s<>\"«»]*)?",
            re.IGNORECASE,
        ),
    ),
)
_CLOSED = {"code", "pre", "text_link", "text_mention", "custom_emoji"}
_ORDER = {"blockquote": 0, "expandable_blockquote": 0, "pre": 11, "code": 20, "text_link": 49,
          "text_mention": 49, "bold": 90, "italic": 91, "underline": 92, "strikethrough": 93,
          "spoiler": 94, "custom_emoji": 99}  # fmt: skip


def found_in(text: str, entities: list[Json]) -> list[Json]:
    """`entities` and those which Telegram finds by itself, in Telegram's order."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _CLOSED]
    result = list(entities)
    for kind, start, end in _matches(text):
        offset, length = _units(text, start, end)
        if all(offset + length <= begin or offset >= stop for begin, stop in taken):
            result.append({"type": kind, "offset": offset, "length": length})
            taken.append((offset, offset + length))
    return in_order(result)


def in_order(entities: list[Json]) -> list[Json]:
    """Outer before inner; of the same extent by Telegram's rank of kinds."""
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], _ORDER.get(e["type"], 50)))


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without the blanks around it; a blank in an entity at the front stays."""
    text = text.rstrip()
    total = utf16_length(text)
    first = min((e["offset"] for e in entities), default=len(text))
    cut = len(text) - len(text.lstrip(" \n"))
    cut = min(cut, first)
    kept = []
    for entity in entities:
        length = min(entity["length"], total - entity["offset"])
        if length > 0:
            kept.append({**entity, "offset": entity["offset"] - cut, "length": length})
    return text[cut:], kept


def _matches(text: str) -> Iterator[tuple[str, int, int]]:
    for kind, hint, pattern in _FINDERS:
        if hint not in text:
            continue
        for found in pattern.finditer(text):
            end = found.end()
            if kind == "url":
                end = found.start() + len(found.group().rstrip(".,:;!?'\")]}…"))
            yield kind, found.start(), end


def _units(text: str, start: int, end: int) -> tuple[int, int]:
    return utf16_length(text[:start]), utf16_length(text[start:end])
