"""Bytes from the internet to text: UTF-8 if it can be, else what reads like a language."""

import codecs
import re
from itertools import pairwise

_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_DECLARED_WITHIN = 4096
_GUESSES = ("cp1251", "koi8-u", "cp1252")
_TRUST_IN_DECLARED = 5
_COMMON = frozenset("оаеиінтсрвлкдмпуя" + "enisratdhul")
_BROKEN_SHARE = 0.005
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(raw: bytes, content_type: str | None = None) -> str:
    """Never fails: declarations lie too often to be believed before the bytes are looked at."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    as_utf8 = raw.decode("utf-8", errors="replace")
    beyond_ascii = sum(1 for byte in raw if byte > 0x7F)  # noqa: PLR2004
    if as_utf8.count("\ufffd") <= beyond_ascii * _BROKEN_SHARE:
        return as_utf8
    return _most_plausible(raw, _declared(raw, content_type))


def _most_plausible(raw: bytes, declared: tuple[str, ...]) -> str:
    sample = bytes(byte for byte in raw if byte > 0x7F or byte == 0x20 or chr(byte).isalpha())  # noqa: PLR2004
    chances: dict[str, int] = {}
    for encoding in (*declared, *_GUESSES):
        trust = _TRUST_IN_DECLARED if encoding in declared else 0
        chances.setdefault(encoding, trust + _plausibility(sample[:20_000], encoding))
    best = max(chances, key=lambda encoding: chances[encoding])
    return raw.decode(best, errors="replace")


def _plausibility(sample: bytes, encoding: str) -> int:
    """Wrong guesses mix scripts within a word, turn case round or give signs for letters."""
    text = sample.decode(encoding, errors="replace")
    score = sum(_worth(letter) for letter in text if not letter.isascii())
    return score - sum(_clash(one, two) for one, two in pairwise(text))


def _worth(letter: str) -> int:
    if letter in _COMMON or letter in "äöüß":
        return 2
    return 1 if letter.islower() else -1


def _clash(one: str, two: str) -> int:
    if not (one.isalpha() and two.isalpha()):
        return 0
    if one.islower() and two.isupper():
        return 3
    if _is_cyrillic(one) != _is_cyrillic(two):
        return 4
    return 0 if one.isascii() or two.isascii() or _is_cyrillic(one) else 3


def _is_cyrillic(letter: str) -> bool:
    return "\u0400" <= letter <= "\u052f"


def _declared(raw: bytes, content_type: str | None) -> tuple[str, ...]:
    names = [*_DECLARED.findall((content_type or "").encode())]
    names += _DECLARED.findall(raw[:_DECLARED_WITHIN])
    known = (_single_byte(name.decode("ascii", "ignore")) for name in names)
    return tuple(name for name in known if name)


def _single_byte(name: str) -> str | None:
    """A codec's own name; UTF-8 has been tried and failed by now."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return None if found.startswith("utf") else found
