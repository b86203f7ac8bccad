"""Hygiene for text from outside: what people type and what news sites print."""

import re
import unicodedata
from itertools import zip_longest

MAX_MARKS = 2  # more marks on one letter than any language here needs are an attack on layout
_JOINER = "\u200d"  # holds family and flag emoji together
_EMOJI_STYLE = "\ufe0f"
_NEW_EMOJI = range(0x1F000, 0x1FB00)  # some are younger than this Python's tables
_KEPT_CONTROLS = {"\n", "\t"}
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")


def clean(text: str, *, limit: int) -> str:
    """NFC, without control, bidi and zero-width characters, at most `limit` UTF-16 units."""
    seen = "".join(filter(_is_seen, _BREAKS.sub("\n", text)))
    kept = "".join(_few_marks_and_joiners(unicodedata.normalize("NFC", seen)))
    # Again: what stood around a joiner may now belong together.
    return shorten(unicodedata.normalize("NFC", kept).strip(), limit)


def one_line(text: str, *, limit: int) -> str:
    return " ".join(clean(text, limit=limit).split())


def squeeze(text: str) -> str:
    """Runs of blanks become one; line breaks stay."""
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in text.split("\n"))


def utf16_length(text: str) -> int:
    """What Telegram's clients count: https://core.telegram.org/api/entities#entity-length."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)  # noqa: PLR2004


def shorten(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, cut at a blank where there is one, ending in an ellipsis."""
    if utf16_length(text) <= limit:
        return text
    kept, units = [], 1
    for character in text:
        units += utf16_length(character)
        if units > limit:
            break
        kept.append(character)
    head = "".join(kept)
    at_blank = head.rfind(" ")
    return (head[:at_blank] if at_blank > limit // 2 else head).rstrip(f" ,;:–-{_JOINER}") + "…"


def _few_marks_and_joiners(text: str) -> list[str]:
    kept: list[str] = []
    marks = 0
    for character, after in zip_longest(text, text[1:], fillvalue=" "):
        if character == _JOINER:
            if kept and _joins(kept[-1], after):
                kept.append(character)
                marks = 0
            continue
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return kept


def _joins(before: str, after: str) -> bool:
    """Only emoji: between letters a joiner is a way to hide a word."""
    symbol = before == _EMOJI_STYLE or unicodedata.category(before) in {"So", "Sk", "Cn"}
    return symbol and unicodedata.category(after) in {"So", "Sm", "Cn"}


def _is_seen(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cn":
        return ord(character) in _NEW_EMOJI
    return character in _KEPT_CONTROLS | {_JOINER} or category not in {"Cc", "Cf", "Cs", "Co"}
