"""Which language a text is in, by its letters first and a few small words second."""

import re
from collections.abc import Mapping

from bot.core.relevance import fold

FEWEST_WORDS = 3

_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[a-zà-ɏ]")
_UKRAINIAN_LETTERS = re.compile("[іїєґ]")
_RUSSIAN_LETTERS = re.compile("[ыэёъ]")
_CLEARLY = 3
_LETTERS_OF_LATIN: Mapping[str, re.Pattern[str]] = {
    "de": re.compile("[äöüß]"),
    "pl": re.compile("[ąćęłńśźż]"),
    "it": re.compile("[àèìòù]"),
}


def _each(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_SMALL_WORDS: Mapping[str, frozenset[str]] = {
    "de": _each(
        "der die das und ist im den dem des mit von für auf ein eine einen nicht sich zu zum zur "
        "auch als aus bei nach wird werden wurde haben hat sind am vom oder wie noch über"
    ),
    "en": _each(
        "the and of to in is are was were for with that this on at by from as be has have had "
        "will an or not its which their been it after about"
    ),
    "pl": _each(
        "i w na z do się że nie jest to od dla oraz po za przez przy jak który która które są był "
        "była będzie ze o"
    ),
    "it": _each(
        "il di che e la è per una un in del della dei delle nel nella con sono alla al gli le "
        "da si non anche più"
    ),
    "uk": _each(
        "та що для від це який яка яке які або із у й як до не було був була також вже після "
        "через під є зі щоб"
    ),
    "ru": _each(
        "и что для это или как от из с во к ко не был была было также уже после который которая "
        "которые чтобы со при"
    ),
}


def words(text: str) -> list[str]:
    """Lower-case words, without addresses, @names and #tags."""
    return _WORD.findall(fold(_ADDRESS.sub(" ", text)).replace("ß", "ss"))


def detect(title: str, text: str) -> str | None:
    """ISO 639-1 code, or None when unsure; "ru" is told from "uk" and never guessed as it."""
    found = words(f"{title}\n{text}")
    if len(found) < FEWEST_WORDS:
        return None
    joined = " ".join(found)
    cyrillic, latin = len(_CYRILLIC.findall(joined)), len(_LATIN.findall(joined))
    if cyrillic > latin:
        return _of_cyrillic(joined, found)
    return _of_latin(f"{title}\n{text}".lower(), found) if latin > cyrillic else None


def _of_cyrillic(joined: str, found: list[str]) -> str | None:
    ukrainian = len(_UKRAINIAN_LETTERS.findall(joined))
    russian = len(_RUSSIAN_LETTERS.findall(joined))
    if ukrainian > _CLEARLY * russian:
        return "uk"
    if russian > _CLEARLY * ukrainian:
        return "ru"
    return _clear_winner({code: _small(code, found) for code in ("uk", "ru")})


def _of_latin(text: str, found: list[str]) -> str | None:
    votes = {code: _small(code, found) for code in ("de", "en", "pl", "it")}
    for code, letters in _LETTERS_OF_LATIN.items():
        votes[code] += min(len(letters.findall(text)), len(found) // 2)
    return _clear_winner(votes)


def _small(code: str, found: list[str]) -> int:
    return sum(1 for word in found if word in _SMALL_WORDS[code])


def _clear_winner(votes: Mapping[str, int]) -> str | None:
    """Half as many votes again as the second, and two more."""
    first, second, *_ = sorted(votes, key=lambda code: -votes[code])
    clear = votes[first] >= votes[second] + 2 and 2 * votes[first] >= 3 * votes[second]
    return first if clear else None
